"""Advice is given before, in full, to who may answer; a refused one comes back when the risk happens (A2.1)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import advising, binding, orders
from astreinte.records.contracts.advising import AdviceError, Text
from astreinte.records.contracts.models import Advice, AdviceStep
from astreinte.records.contracts.refusing import ContractError
from astreinte.records.journal import sealing, verifying
from astreinte.records.notices.models import Notice
from tests.builders import SETUP, Cast, a_person, acting, paris, some_terms

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
HOUR = timedelta(hours=1)
TEXT = Text(
    title="web1 : aucune sauvegarde n’est comprise",
    needs="Revenir à hier soir.",
    options="La nôtre, la vôtre, aucune.",
    recommendation="La nôtre, chaque nuit.",
    risks="Ce qui est effacé ne revient pas.",
    not_included="La sauvegarde.",
)


def some_advice(cast: Cast, *, mandatory: bool = True, risk: str = "no_backup", at: object = NOON) -> Advice:
    """Advice of Sofia's about the order line of Maison Kermor."""
    return advising.write(
        cast.kermor,
        risk=risk,
        text=TEXT,
        mandatory=mandatory,
        line=cast.line,
        at=at,  # type: ignore[arg-type]  # an instant
        actor=acting(cast.house.sofia, NOON),
    )


def may_consent(cast: Cast) -> Actor:
    """Bob, with a mandate to consent, as he acts."""
    mandates.give(cast.bob, client=cast.kermor, verb="consent", from_at=NOON, at=NOON, actor=SETUP)
    return acting(cast.bob, NOON)


def test_a2_1_an_order_has_unanswered_advice_until_the_client_answers(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    assert advising.unanswered(cast.line, NOON) == [advice]
    advising.answer(advice, answer="refused", sha256=advice.sha256, at=NOON + HOUR, actor=bob)
    assert advising.unanswered(cast.line, NOON) == [advice], "as of then it was not answered"
    assert advising.unanswered(cast.line, NOON + HOUR) == []


def test_a2_1_an_order_cannot_be_authorised_while_a_mandatory_advice_is_unanswered(cast):
    bob = may_consent(cast)
    line = binding.bind(
        client=cast.kermor,
        plan="Premium",
        price_cents=390_00,
        period="monthly",
        terms=some_terms(cast.house),
        requires=("advice",),
        from_at=NOON,
        at=NOON,
        actor=SETUP,
    )
    sofia = acting(cast.house.sofia, NOON)
    advice = advising.write(
        cast.kermor, risk="no_backup", text=TEXT, mandatory=True, line=line, at=NOON, actor=sofia
    )
    with pytest.raises(ContractError, match="cannot become active: advice: advice 1 is not answered"):
        orders.activate(line, at=NOON, actor=sofia)
    advising.answer(advice, answer="refused", sha256=advice.sha256, at=NOON, actor=bob)
    assert orders.activate(line, at=NOON, actor=sofia) == line, "a refusal is an answer, and is remembered"


def test_a2_1_a_refused_advice_comes_back_when_its_risk_happens(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    advising.answer(advice, answer="refused", sha256=advice.sha256, at=NOON, actor=bob)
    found = advising.refused_about([cast.web1], ["no_backup", "single_disk"], NOON)
    assert list(found) == [advice]
    assert not advising.refused_about([cast.web1], ["memory"], NOON).exists(), "another risk"
    assert not advising.refused_about([cast.web1], ["no_backup"], NOON - HOUR).exists(), "before the refusal"
    assert not advising.refused_about([cast.app2], ["no_backup"], NOON).exists(), "another client's server"


def test_an_accepted_advice_does_not_come_back(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    advising.answer(advice, answer="accepted", sha256=advice.sha256, at=NOON, actor=bob)
    assert not advising.refused_about([cast.web1], ["no_backup"], NOON).exists()


def test_advice_goes_whole_to_those_who_may_answer_and_to_nobody_twice(cast):
    advice = some_advice(cast)
    with pytest.raises(AdviceError, match="nobody of Maison Kermor may answer it; give somebody a mandate"):
        advising.deliver(advice, at=NOON, actor=acting(cast.house.sofia, NOON))
    may_consent(cast)
    assert advising.deliver(advice, at=NOON, actor=acting(cast.house.sofia, NOON)) == [cast.bob]
    assert advising.deliver(advice, at=NOON, actor=acting(cast.house.sofia, NOON)) == []
    letter = Notice.objects.get(about=f"advice:{advice.number}")
    assert letter.person == cast.bob
    for part in (*advising.parts_of(advice).values(), advice.sha256, "https://testserver/advice/1/"):
        assert part in letter.body or part in letter.subject


def test_what_was_read_first_is_noted_once(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    advising.mark_read(advice, at=NOON, actor=bob)
    advising.mark_read(advice, at=NOON + HOUR, actor=bob)
    advising.mark_read(advice, at=NOON, actor=acting(cast.house.sofia, NOON))
    assert [(one.person, one.at) for one in AdviceStep.objects.filter(kind="read")] == [(cast.bob, NOON)]


def test_only_a_person_with_a_mandate_answers_and_the_staff_never_for_the_client(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    token = Actor("token", "1", bob.provider_id, bob.client_id, bob.roles, "ci", bob.person_id)
    for who in (acting(cast.alice, NOON), acting(cast.house.ada, NOON), acting(cast.charlie, NOON), token):
        with pytest.raises(NotAllowed, match="holds no mandate to consent to it"):
            advising.answer(advice, answer="accepted", sha256=advice.sha256, at=NOON, actor=who)
    assert advising.answered(advice) is None


def test_advice_is_answered_once_and_as_it_was_shown(cast):
    bob, advice = may_consent(cast), some_advice(cast)
    with pytest.raises(AdviceError, match="another text was shown than this one; read it again"):
        advising.answer(advice, answer="accepted", sha256="0" * 64, at=NOON, actor=bob)
    advising.answer(advice, answer="refused", sha256=advice.sha256, at=NOON, actor=bob)
    with pytest.raises(AdviceError, match="advice 1: is answered already; ask for another advice"):
        advising.answer(advice, answer="accepted", sha256=advice.sha256, at=NOON, actor=bob)


def test_a_bare_heading_is_no_advice(cast):
    with pytest.raises(AdviceError, match=r"advice.risks: '': write what it is about"):
        Text(**{**advising.parts_of(some_advice(cast)), "risks": "  "})
    with pytest.raises(AdviceError, match=r"advice.risk: 'fire': write one of single_disk, no_backup"):
        some_advice(cast, risk="fire")


def test_what_was_advised_is_never_changed_nor_written_for_the_past(cast):
    advice = some_advice(cast)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE contracts_advice SET written_at = written_at, risks = 'none'")
    sealing.seal(NOON)
    assert verifying.verify() == []
    assert advice.written_at == NOON


def test_a_client_of_another_provider_is_not_advised(cast):
    yann = a_person(cast.house, "Yann Kermor", client=cast.kermor, role="signatory")
    for who in (cast.victor, yann, cast.house.hugo):
        at_it = acting(who, NOON)
        if who == cast.house.hugo:
            advising.write(cast.kermor, risk="work", text=TEXT, mandatory=False, at=NOON, actor=at_it)
            continue
        with pytest.raises(NotAllowed):
            advising.write(cast.kermor, risk="work", text=TEXT, mandatory=False, at=NOON, actor=at_it)
