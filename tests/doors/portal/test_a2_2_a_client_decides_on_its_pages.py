"""A client answers advice and consents on its pages, by a link that is one person's (A2.1, A2.2, X.4)."""

import re
from dataclasses import replace

import pytest
from allauth.mfa.totp.internal import auth as totp

from astreinte.records.accounts import inviting, mandates, people
from astreinte.records.accounts.models import Role
from astreinte.records.contracts import advising, consenting
from astreinte.records.contracts.consenting import Scope
from astreinte.records.contracts.models import Advice, Consent, ConsentRequest
from astreinte.records.journal.models import Entry
from astreinte.records.notices.models import Notice
from tests.builders import SETUP, a_person, acting
from tests.doors.browsing import Reading
from tests.records.contracts.test_a2_1_advice_comes_before_the_work import TEXT


@pytest.fixture
def bob_may(cast, hand):
    """Bob holds a mandate to consent to everything of Maison Kermor."""
    return mandates.give(
        cast.bob, client=cast.kermor, verb="consent", from_at=hand.instant, at=hand.instant, actor=SETUP
    )


@pytest.fixture
def at_bobs(cast, bob_may):
    return Reading(cast.bob)


@pytest.fixture
def advice(cast, hand, bob_may):
    row = advising.write(
        cast.kermor,
        risk="no_backup",
        text=TEXT,
        mandatory=True,
        line=cast.line,
        at=hand.instant,
        actor=acting(cast.house.sofia, hand.instant),
    )
    advising.deliver(row, at=hand.instant, actor=SETUP)
    return row


def asked(cast, hand, **how) -> ConsentRequest:
    scope = Scope(title="Remplacer le disque", text="Arrêt de 30 min.", servers=(cast.web1,))
    return consenting.ask(
        cast.kermor, replace(scope, **how), at=hand.instant, actor=acting(cast.house.hugo, hand.instant)
    )


def link_to(request: ConsentRequest, person) -> str:
    letter = Notice.objects.get(about=f"consent:{request.number}", person=person)
    found = re.search(r"https://testserver(/consents/link/\S+/)", letter.body)
    assert found is not None
    return found[1]


def test_an_advice_is_read_whole_and_answered_with_name_and_date(cast, at_bobs, advice):
    page = at_bobs.get("/advice/1/")
    for part in advising.parts_of(advice).values():
        assert part.replace("’", "'") in page.text
    done = at_bobs.send(page.form("/advice/1/"), answer="refused", remark="Nous avons la nôtre.")
    assert "Conseil écarté" in done.text or "Écarté par Bob Tanguy" in done.text
    assert [one.kind for one in advice.steps.order_by("pk")] == ["delivered", "read", "refused"]
    assert "Nous avons la nôtre." in done.text


def test_who_holds_no_mandate_reads_and_does_not_answer(cast, at_alices, advice):
    page = at_alices.get("/advice/1/")
    assert "mandat de donner l'accord répond" in page.text
    assert not [form for form in page.forms if form.action == "/advice/1/"]
    forged = at_alices.post("/advice/1/", answer="accepted", sha256=advice.sha256)
    assert forged.status == 403
    assert advising.answered(advice) is None


def test_a_consent_is_given_by_its_link_to_what_stands_on_the_page(cast, hand, at_bobs):
    request = asked(cast, hand, minutes=30)
    page = at_bobs.get(link_to(request, cast.bob))
    for said in ("Remplacer le disque", "web1.kermor.example", "30 min", request.sha256):
        assert said in page.text
    at_bobs.send(page.forms[-1], link_to(request, cast.bob), answer="given")
    row = Consent.objects.get(request=request)
    assert (row.person, row.how, row.from_address, row.mandate) == (
        cast.bob,
        "link",
        "127.0.0.1",
        cast.bob.mandates.get(),
    )
    again = at_bobs.get(link_to(request, cast.bob))
    assert again.status == 404
    assert "Ce lien a déjà servi" in again.text


def test_a_link_asks_who_comes_by_it_to_sign_in(cast, hand, at_bobs):
    request = asked(cast, hand)
    page = Reading().get(link_to(request, cast.bob))
    assert "Se connecter" in page.text
    assert "Remplacer le disque" not in page.text


@pytest.mark.parametrize("who", ["alice", "charlie", "hugo"])
def test_a_forwarded_link_opens_nothing_and_is_written_down(cast, hand, at_bobs, who):
    request = asked(cast, hand)
    person = cast.house.hugo if who == "hugo" else getattr(cast, who)
    page = Reading(person).get(link_to(request, cast.bob))
    assert page.status == 404
    assert "Remplacer le disque" not in page.text
    assert Entry.objects.filter(kind="contracts.ConsentLinkRefused", body__contains="other_account").exists()
    assert consenting.state(request) == "asked"


def test_x_4_the_link_of_an_ex_contact_opens_nothing_though_nobody_is_signed_in(cast, hand, at_bobs):
    request = asked(cast, hand)
    there = link_to(request, cast.bob)
    people.end_role(Role.objects.get(person=cast.bob), at=hand.advance(minutes=5), actor=SETUP)
    assert "Se connecter à Estran" in at_bobs.get("/decisions/").text, "the session ended too"
    assert Reading().get(there).status == 404
    assert Entry.objects.filter(kind="contracts.ConsentLinkRefused", body__contains="no_mandate").exists()


def test_a_scope_that_changed_between_display_and_click_is_not_consented_to(cast, hand, at_bobs):
    request = asked(cast, hand)
    form = at_bobs.get(link_to(request, cast.bob)).forms[-1]
    scope = replace(consenting.scope_of(request), text="Arrêt de 3 h.")
    consenting.change(request, scope, at=hand.advance(minutes=1), actor=acting(cast.house.hugo, hand.instant))
    page = at_bobs.send(form, link_to(request, cast.bob), answer="given")
    assert page.status == 404
    assert not Consent.objects.exists()


def test_advice_comes_first_on_the_page_too(cast, hand, at_bobs, advice):
    request = asked(cast, hand, line=cast.line, advice=advice)
    page = at_bobs.get(f"/consents/{request.number}/")
    assert "Répondez d'abord au conseil" in page.text
    at_bobs.send(at_bobs.get("/advice/1/").form("/advice/1/"), answer="accepted")
    at_bobs.send(
        at_bobs.get(f"/consents/{request.number}/").forms[-1], f"/consents/{request.number}/", answer="given"
    )
    assert consenting.state(request) == "given"


@pytest.mark.parametrize("risky", [False, True])
def test_mandatory_advice_on_the_line_is_linked_and_a_no_needs_no_advice(
    cast, hand, at_bobs, at_alices, advice, risky
):
    request = asked(cast, hand, line=cast.line, risky=risky)
    address = f"/consents/{request.number}/"
    page = at_bobs.get(address)
    assert f'href="/advice/{advice.number}/"' in page.html
    assert 'value="given"' not in page.html
    assert "Aucun mandat" in at_alices.get(address).text, "who may not answer is told so, advice or not"
    forged = at_bobs.post(address, answer="given", sha256=request.sha256)
    assert "Le conseil vient avant l'accord" in forged.text
    at_bobs.send(page.forms[-1], address, answer="refused")
    assert consenting.state(request) == "refused"
    assert "Répondez d'abord" not in at_bobs.get(address).text, "nothing comes first any more"


def test_risky_work_is_confirmed_with_the_second_factor_of_who_has_one(cast, hand, at_bobs):
    request = asked(cast, hand, risky=True)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.bob, secret)
    address = f"/consents/{request.number}/"
    page = at_bobs.get(address)
    assert "montrez d'abord votre second facteur" in page.text
    forged = at_bobs.post(address, answer="given", sha256=request.sha256)
    assert "Confirmez que c'est vous" in forged.text
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    shown = at_bobs.send(forged.form("/compte/2fa/reauthenticate/"), code=code)
    at_bobs.send(shown.forms[-1], address, answer="given")
    assert Consent.objects.get(request=request).second_factor == "totp"


def test_the_page_of_decisions_says_who_may_do_what(cast, hand, at_bobs, at_alices):
    a_person(cast.house, "Yann Kermor", client=cast.kermor, role="signatory")
    request, page = asked(cast, hand), at_alices.get("/decisions/")
    for said in ("Bob Tanguy", "mandat n° 1", "Yann Kermor", "par le rôle de signataire", request.title):
        assert said in page.text
    assert "Remplacer le disque" not in Reading(cast.charlie).get("/decisions/").text
    assert Advice.objects.count() == 0


def test_x_4_the_invitation_of_somebody_who_left_opens_nothing_and_is_written_down(cast, hand):
    there = f"/invitation/{inviting.invite(cast.bob, at=hand.instant, actor=SETUP)}/"
    assert Reading().get(there).status == 200
    people.end_role(Role.objects.get(person=cast.bob), at=hand.advance(minutes=5), actor=SETUP)
    assert Reading().get(there).status == 404
    assert Entry.objects.filter(kind="accounts.InvitationRefused", body__contains='"why":"left"').exists()
    assert Reading().get("/invitation/nonsense/").status == 404
    assert Entry.objects.filter(kind="accounts.InvitationRefused").count() == 1, (
        "of what we never made, nothing"
    )


def test_the_home_says_what_waits_for_whoever_may_answer(cast, hand, at_bobs, at_alices, advice):
    asked(cast, hand)
    home = at_bobs.get("/")
    assert "Nous vous conseillons, et attendons votre réponse : web1" in home.text
    assert "Nous demandons votre accord : Remplacer le disque" in home.text
    assert "attendons votre réponse" not in at_alices.get("/").text, "she may not answer"
    at_bobs.send(at_bobs.get("/advice/1/").form("/advice/1/"), answer="accepted")
    assert "attendons votre réponse" not in at_bobs.get("/").text
