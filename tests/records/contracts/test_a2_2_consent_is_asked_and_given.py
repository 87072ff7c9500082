"""Consent is explicit, later than its advice, by who holds a mandate, to a scope that stays as it is (A2.2)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from astreinte.records.accounts import mandates, people
from astreinte.records.accounts.actors import NOBODY
from astreinte.records.accounts.mandates import Scope as Over
from astreinte.records.accounts.models import Person, Role
from astreinte.records.contracts import advising, answering, consenting
from astreinte.records.contracts.answering import ConsentRefused, Factor
from astreinte.records.contracts.consenting import ConsentError, Scope
from astreinte.records.contracts.models import Consent, ConsentLink, ConsentRequest
from astreinte.records.journal import sealing, verifying
from astreinte.records.journal.models import Entry
from astreinte.records.notices.models import Notice
from tests.builders import SETUP, Cast, a_person, a_server, acting, paris
from tests.records.contracts.test_a2_1_advice_comes_before_the_work import some_advice

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 12:00")
HOUR = timedelta(hours=1)


def asked(cast: Cast, **how: object) -> ConsentRequest:
    """A request of Hugo's about web1, asked at noon; Bob has a mandate for that server."""
    over = Over(server_ids=frozenset({cast.web1.pk}))
    if not cast.bob.mandates.exists():
        mandates.give(
            cast.bob, client=cast.kermor, verb="consent", scope=over, from_at=NOON, at=NOON, actor=SETUP
        )
    scope = Scope(title="Remplacer le disque", text="Arrêt de 30 min.", servers=(cast.web1,))
    said = replace(scope, **how)  # type: ignore[arg-type]  # fields of a scope
    return consenting.ask(cast.kermor, said, at=NOON, actor=acting(cast.house.hugo, NOON))


def link_of(request: ConsentRequest, person: Person) -> ConsentLink:
    """The link that was sent to a person, found by the text in the letter."""
    letter = Notice.objects.get(about=f"consent:{request.number}", person=person)
    found = re.search(r"https://testserver/consents/link/(\S+)/", letter.body)
    assert found is not None
    link = answering.find_link(found[1])
    assert link is not None
    return link


def given(cast: Cast, request: ConsentRequest, **how: object) -> Consent:
    """Bob's yes by his link, an hour after he was asked."""
    said = {
        "answer": "given",
        "sha256": request.sha256,
        "at": NOON + HOUR,
        "actor": acting(cast.bob, NOON + HOUR),
    } | how
    return answering.answer_link(link_of(request, cast.bob), **said)  # type: ignore[arg-type]  # keywords of a test


def refused(cast: Cast, request: ConsentRequest, **how: object) -> str:
    """Why Bob's answer is refused; the refusal stands in the journal, and nothing else came of it."""
    before = Consent.objects.count()
    with pytest.raises(ConsentRefused) as no:
        given(cast, request, **how)
    written = Entry.objects.order_by("-id").first()
    assert written is not None
    assert written.kind == "contracts.ConsentLinkRefused"
    assert f'"why":"{no.value.why}"' in written.body
    assert Consent.objects.count() == before
    return no.value.why


def test_consent_keeps_who_under_which_mandate_when_and_to_which_scope(cast):
    request = asked(cast)
    row = given(cast, request, from_address="192.0.2.7")
    assert (row.person, row.mandate, row.at) == (cast.bob, cast.bob.mandates.get(), NOON + HOUR)
    assert (row.sha256, row.how, row.from_address) == (request.sha256, "link", "192.0.2.7")
    assert list(consenting.given_for(cast.web1, NOON + HOUR)) == [request]
    assert not consenting.given_for(cast.web1, NOON).exists(), "not before it was given"
    sealing.seal(NOON + HOUR)
    assert verifying.verify() == []


def mandated(cast: Cast, over: Over, **how: object) -> bool:
    """Whether Alice, with a mandate over these things, may consent to what is asked."""
    held = mandates.give(
        cast.alice, client=cast.kermor, verb="consent", scope=over, from_at=NOON, at=NOON, actor=SETUP
    )
    everything = mandates.give(
        cast.bob, client=cast.kermor, verb="consent", from_at=NOON, at=NOON, actor=SETUP
    )
    request = asked(cast, **how)
    found = consenting.mandated_over(request, cast.alice.pk, NOON)
    assert request.links.filter(person=cast.alice).exists() is found, "who is asked is who may answer"
    if found:
        assert answering.mandate_used(request, cast.alice.pk, NOON) == held
    assert answering.mandate_used(request, cast.bob.pk, NOON) == everything
    return found


def test_a2_2_a_mandate_over_a_server_reaches_neither_its_order_line_nor_a_price(cast):
    web1 = Over(server_ids=frozenset({cast.web1.pk}))
    assert not mandated(cast, web1, line=cast.line, price_cents=5000_00)


def test_a2_2_a_mandate_over_a_server_reaches_no_price_though_no_line_is_named(cast):
    assert not mandated(cast, Over(server_ids=frozenset({cast.web1.pk})), price_cents=5000_00)


def test_a2_2_a_mandate_over_an_order_line_reaches_its_servers_and_a_price(cast):
    kermor = Over(line_ids=frozenset({cast.line.pk}))
    assert mandated(cast, kermor, line=cast.line, price_cents=5000_00)


def test_a2_2_a_mandate_over_an_order_line_reaches_a_price_on_its_servers_alone(cast):
    assert mandated(cast, Over(line_ids=frozenset({cast.line.pk})), price_cents=5000_00)


def test_a2_2_a_mandate_over_an_order_line_reaches_no_server_that_the_line_does_not_cover(cast):
    other = a_server(cast.kermor, "coffre.kermor.example")
    over = Over(line_ids=frozenset({cast.line.pk}))
    assert not mandated(cast, over, line=cast.line, servers=(cast.web1, other))


def test_a2_2_a_link_used_twice_is_refused_and_logged(cast):
    request = asked(cast)
    given(cast, request)
    assert refused(cast, request) == "used"


def test_a2_2_a_link_used_by_another_account_is_refused_and_logged(cast):
    yann = a_person(cast.house, "Yann Kermor", client=cast.kermor, role="signatory")
    request = asked(cast)
    assert refused(cast, request, actor=acting(yann, NOON)) == "other_account"
    assert refused(cast, request, actor=acting(cast.house.ada, NOON)) == "other_account"
    assert given(cast, request).person == cast.bob, "it was not used by that"


def test_a2_2_a_scope_edited_after_consent_invalidates_it(cast):
    request = asked(cast)
    given(cast, request)
    later = consenting.change(
        request,
        replace(consenting.scope_of(request), text="Arrêt de 3 h."),
        at=NOON + 2 * HOUR,
        actor=acting(cast.house.hugo, NOON),
    )
    assert consenting.state(request) == "void"
    assert not consenting.given_for(cast.web1, NOON + 2 * HOUR).exists()
    assert later.replaces == request
    assert later.sha256 != request.sha256
    assert consenting.state(later) == "asked", "and it is asked anew"


def test_a_link_is_refused_after_the_scope_changed(cast):
    request = asked(cast)
    scope = replace(consenting.scope_of(request), minutes=180)
    consenting.change(request, scope, at=NOON, actor=acting(cast.house.hugo, NOON))
    assert refused(cast, request) == "void"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": "Remplacer deux disques"}, id="title"),
        pytest.param({"text": "Arrêt de 31 min."}, id="text"),
        pytest.param({"starts_at": NOON + HOUR}, id="beginning"),
        pytest.param({"ends_at": NOON + HOUR}, id="end"),
        pytest.param({"price_cents": 1}, id="price"),
        pytest.param({"minutes": 30}, id="time"),
        pytest.param({"risky": True}, id="risk"),
    ],
)
def test_every_part_of_a_scope_is_in_its_digest(cast, change):
    scope = Scope(title="Remplacer le disque", text="Arrêt de 30 min.", servers=(cast.web1,))
    assert replace(scope, **change).written(cast.kermor) != scope.written(cast.kermor)


def test_x_4_the_old_link_of_an_ex_contact_is_refused_and_logged(cast):
    request = asked(cast)
    link = link_of(request, cast.bob)
    people.end_role(Role.objects.get(person=cast.bob), at=NOON + HOUR, actor=SETUP)
    with pytest.raises(ConsentRefused):
        answering.look(ConsentLink.objects.get(pk=link.pk), at=NOON + HOUR, actor=NOBODY)
    assert Entry.objects.filter(kind="contracts.ConsentLinkRefused", body__contains="no_mandate").exists()


def test_x_4_consent_that_was_given_stays_when_the_mandate_ends(cast):
    request = asked(cast)
    given(cast, request)
    mandates.end(cast.bob.mandates.get(), until_at=NOON + 2 * HOUR, at=NOON + HOUR, actor=SETUP)
    assert list(consenting.given_for(cast.web1, NOON + 3 * HOUR)) == [request]
    assert refused(cast, asked_again(cast, request), at=NOON + 2 * HOUR) == "no_mandate"


def asked_again(cast: Cast, request: ConsentRequest) -> ConsentRequest:
    scope = replace(consenting.scope_of(request), title="Encore")
    return consenting.ask(cast.kermor, scope, at=NOON, actor=acting(cast.house.hugo, NOON))


def test_an_old_link_is_too_old(cast):
    assert refused(cast, asked(cast), at=NOON + timedelta(hours=72)) == "expired"


def test_a_text_that_was_shown_otherwise_is_not_consented_to(cast):
    assert refused(cast, asked(cast), sha256="0" * 64) == "changed"


def test_a_mandate_of_one_server_consents_to_no_other(cast):
    web2 = a_server(cast.kermor, "web2.kermor.example")
    with pytest.raises(
        ConsentError, match="nobody of Maison Kermor holds a mandate to consent to all of this"
    ):
        asked(cast, servers=(cast.web1, web2))


def test_a2_2_consent_comes_after_its_advice(cast):
    mandates.give(cast.bob, client=cast.kermor, verb="consent", from_at=NOON, at=NOON, actor=SETUP)
    advice = some_advice(cast, mandatory=False, risk="work")
    with pytest.raises(ConsentError, match="1 was not delivered yet, and consent comes after advice"):
        asked(cast, advice=advice)
    advising.deliver(advice, at=NOON, actor=SETUP)
    request = asked(cast, advice=advice)
    assert refused(cast, request) == "advice"
    advising.answer(
        advice, answer="accepted", sha256=advice.sha256, at=NOON + HOUR, actor=acting(cast.bob, NOON)
    )
    assert given(cast, request).answer == "given"


def test_a2_1_work_under_an_order_waits_for_the_mandatory_advice(cast):
    mandates.give(cast.bob, client=cast.kermor, verb="consent", from_at=NOON, at=NOON, actor=SETUP)
    advice = some_advice(cast)
    request = asked(cast, line=cast.line)
    assert refused(cast, request) == "advice"
    assert given(cast, request, answer="refused").answer == "refused", "a no needs no advice"
    assert advising.answered(advice) is None


def test_risky_work_wants_the_second_factor_that_is_wanted(cast):
    request = asked(cast, risky=True)
    assert refused(cast, request, factor=Factor(wanted=True)) == "factor"
    assert given(cast, request, factor=Factor(shown="totp", wanted=True)).second_factor == "totp"


def test_a_yes_on_the_telephone_is_read_back_in_writing(cast):
    asked(cast)
    scope = Scope(title="Ouvrir le port 8443", text="Vers 192.0.2.7.", servers=(cast.web1,))
    request = consenting.ask(cast.kermor, scope, by_phone=True, at=NOON, actor=acting(cast.house.hugo, NOON))
    letter = Notice.objects.get(about=f"consent:{request.number}")
    assert letter.subject.startswith("À confirmer par écrit")
    assert "Un accord se donne par écrit" in letter.body
    assert not consenting.given_for(cast.web1, NOON).exists(), "a telephone call is no consent"


def test_a_link_that_we_never_made_is_none(cast):
    asked(cast)
    assert answering.find_link("nonsense") is None
    assert answering.find_link("a:b") is None


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param({"title": " "}, "consent.title: '': write what is to be done", id="no title"),
        pytest.param({"servers": ()}, "consent.scope: is about nothing", id="no scope"),
        pytest.param({"ends_at": NOON}, "is past or before it begins", id="window in the past"),
    ],
)
def test_a_request_that_cannot_be_is_refused(cast, how, message):
    with pytest.raises(ConsentError, match=message):
        asked(cast, **how)
    assert not ConsentRequest.objects.exists()
