"""No line becomes active without what it needs: the texts accepted, the advice answered, the access given (A1.1)."""

from datetime import timedelta
from typing import Any

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import advising, binding, orders, resolving
from astreinte.records.contracts.models import ConditionEntry, OrderLine
from astreinte.records.contracts.refusing import ContractError
from astreinte.records.journal import verifying
from tests.builders import SETUP, Cast, a_server, acting, paris, some_terms, the_cast
from tests.records.contracts.signed import accepted, signs
from tests.records.contracts.texts import SALE, SPECIAL, both_texts

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
LATER = NOON + timedelta(days=2)


def ordered(cast: Cast, *requires: str, **how: Any) -> OrderLine:
    """A second line of Maison Kermor, with a server of its own, that waits for some conditions."""
    said: dict[str, Any] = {"from_at": NOON, "at": NOON} | how
    line = binding.bind(
        client=cast.kermor,
        plan="Premium",
        price_cents=390_00,
        period="monthly",
        terms=some_terms(cast.house),
        requires=requires,
        actor=acting(cast.house.sofia, NOON),
        **said,
    )
    server = a_server(cast.kermor, "db1.kermor.example")
    binding.cover(line=line, server=server, from_at=line.from_at, at=NOON, actor=SETUP)
    return line


def held(line: OrderLine, at=NOON):
    return resolving.in_force(line.coverages.get().server, at)


def kinds(line, at=NOON):
    return [(one.kind, one.met) for one in orders.conditions(line, at)]


def test_a1_1_activating_a_plan_without_acceptance_fails_naming_the_missing_document():
    cast = the_cast()
    both_texts(cast.house)
    with pytest.raises(ContractError, match=f"Maison Kermor has not accepted “{SPECIAL}”, “{SALE}”; let who"):
        ordered(cast)
    line = ordered(cast, "acceptance")
    with pytest.raises(ContractError) as refused:
        orders.activate(line, at=NOON, actor=SETUP)
    assert str(refused.value) == (
        f"order line {line.number}: cannot become active: acceptance: not accepted by the client:"
        f" “{SPECIAL}”, “{SALE}”"
    )
    assert held(line) is None
    accepted(cast.house, cast.kermor, signs(cast.kermor, cast.alice), NOON)
    orders.activate(line, at=LATER, actor=acting(cast.house.sofia, LATER))
    assert [held(line, at) is not None for at in (LATER - timedelta(seconds=1), LATER)] == [False, True]
    (_documents, acceptance) = orders.conditions(line, LATER)
    assert (
        acceptance.evidence
        == f"{SPECIAL} v1, Alice Caradec, 2026-11-23; {SALE} v1, Alice Caradec, 2026-11-23"
    )
    assert verifying.verify() == []


def test_a_provider_that_has_published_nothing_binds_on_terms_alone():
    cast = the_cast()
    line = ordered(cast)
    assert held(line).line == line
    assert orders.conditions(line, NOON) == []
    assert not orders.is_waiting(line)
    with pytest.raises(ContractError, match="does not wait for anything"):
        orders.activate(line, at=NOON, actor=SETUP)


def test_a_line_that_is_active_before_its_beginning_begins_then():
    cast = the_cast()
    line = ordered(cast, "access", from_at=LATER)
    orders.mark_met(line, "access", "sonde SSH du 23 novembre", at=NOON, actor=SETUP)
    orders.activate(line, at=NOON, actor=SETUP)
    assert not orders.is_waiting(line)
    assert [held(line, at) is not None for at in (NOON, LATER)] == [False, True]


def test_each_room_marks_its_condition_and_the_last_word_counts():
    cast = the_cast()
    line = ordered(cast, "access", "coverage")
    assert kinds(line) == [("access", False), ("coverage", False)]
    orders.mark_met(line, "coverage", "douze sondes", at=NOON, actor=SETUP)
    orders.mark_met(line, "coverage", "douze sondes", at=NOON, actor=SETUP)
    assert ConditionEntry.objects.filter(kind="coverage", state="met").count() == 1
    orders.mark_met(line, "access", "connexion SSH", at=NOON, actor=SETUP)
    assert orders.missing(line, NOON) == []
    orders.lapse(line, "access", "le port 22 est fermé", at=LATER, actor=SETUP)
    assert [one.says for one in orders.missing(line, LATER)] == ["le port 22 est fermé"]
    assert orders.missing(line, NOON) == []
    with pytest.raises(ContractError, match="cannot become active: access: le port 22 est fermé"):
        orders.activate(line, at=LATER, actor=SETUP)


def test_a_mandatory_advice_is_answered_before_the_line_begins():
    cast = the_cast()
    line = ordered(cast, "advice")
    text = advising.Text("Un seul disque", "Besoin", "Deux disques", "Deux disques", "Perte", "La sauvegarde")
    signs(cast.kermor, cast.alice)
    advice = advising.write(
        cast.kermor, risk="single_disk", text=text, mandatory=True, line=line, at=NOON, actor=SETUP
    )
    (one,) = orders.missing(line, NOON)
    assert (one.says, one.lacking) == (f"advice {advice.number} is not answered", (str(advice.number),))


def test_a_waiver_is_a_manager_s_written_reason_that_stays():
    cast = the_cast()
    line = ordered(cast, "coverage", "access")
    sofia = acting(cast.house.sofia, NOON)
    with pytest.raises(NotAllowed):
        orders.waive(
            line,
            "coverage",
            reason="pas d’onduleur à surveiller",
            at=NOON,
            actor=acting(cast.house.hugo, NOON),
        )
    with pytest.raises(ContractError, match="write why the line may begin without it"):
        orders.waive(line, "coverage", reason=" parce que ", at=NOON, actor=sofia)
    orders.waive(line, "coverage", reason="pas d’onduleur à surveiller", at=NOON, actor=sofia)
    (_access, coverage) = orders.conditions(line, NOON)
    assert (coverage.met, coverage.waived) == (True, True)
    assert coverage.evidence == f"pas d’onduleur à surveiller ({sofia}, 2026-11-23)"
    with pytest.raises(ContractError, match="coverage: is not missing on order line"):
        orders.waive(line, "coverage", reason="encore une fois, pour voir", at=NOON, actor=sofia)
    with pytest.raises(ContractError, match="acceptance: the texts say it themselves"):
        orders.waive(line, "acceptance", reason="le client signera demain", at=NOON, actor=sofia)


@pytest.mark.parametrize("kind", ["acceptance", "documents"])
def test_nobody_says_that_a_text_is_accepted_but_who_accepts_it(kind):
    cast = the_cast()
    line = ordered(cast, kind)
    with pytest.raises(ContractError, match="the texts say it themselves"):
        orders.mark_met(line, kind, "signé sur papier", at=NOON, actor=SETUP)
    assert kinds(line)[0] == (kind, False)


def test_what_is_asked_for_is_known_and_asked_before_the_line_is_active():
    cast = the_cast()
    with pytest.raises(ContractError, match="condition: 'insurance': write one of documents, acceptance"):
        ordered(cast, "insurance")
    assert OrderLine.objects.filter(client=cast.kermor).count() == 1
    with pytest.raises(ContractError, match="is active; what it needs before it begins"):
        orders.require(cast.line, "access", at=NOON, actor=SETUP)
    with pytest.raises(ContractError, match="say what shows that it is met"):
        orders.mark_met(cast.line, "access", " ", at=NOON, actor=SETUP)
