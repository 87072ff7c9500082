"""What holds for every page: A4.17 and X.16 without JavaScript and for everybody's eyes, X.10 in plain French."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client as Browser

from astreinte.records.accounts import inviting
from astreinte.records.agenda import announcing
from astreinte.records.monitoring import silencing
from astreinte.records.tickets import conversation
from astreinte.records.worklog import intervening
from tests.builders import BEGINNING, SETUP, a_declaration, a_person, acting, paris, time_passes
from tests.doors.browsing import BACKEND, Reading, plain
from tests.doors.decided import decided
from tests.doors.test_stranger_walk import accepted_by_alice, routes
from tests.records.monitoring.watching import CRITICAL, a_check, recorded
from tools import messages

LIMIT = 50_000
SAID_AS_IS = {"British English"}  # a language is named in itself
STYLE_LIMIT = 30_000
NOT_FOR_EYES = {
    "portal:brand_style",
    *(f"portal:{name}" for name in ("text_raw", "text_page", "text_pdf", "certificate", "accepted")),
    *(f"desk:document_{form}" for form in ("raw", "page", "pdf")),
    "desk:mandate_paper",
}  # files, and texts alone on their page: words.documents has tests of its own


@pytest.fixture
def pages(cast, hand):
    """Every page of portal and desk with something on it: a missed promise, a running one, words of both kinds."""
    alice = acting(cast.alice, BEGINNING)
    receipt = a_declaration(cast.web1, paris("2026-11-23T08:00"), by=alice, text="Plus rien\nne répond.")
    hand.move_to(paris("2026-11-23T15:10"))
    time_passes()
    hugo = acting(cast.house.hugo, BEGINNING)
    intervening.start(receipt.ticket, at=hand.instant, actor=hugo)
    conversation.note(receipt.ticket, "Même faute qu'en mai.", at=hand.instant, actor=hugo)
    a_declaration(cast.web1, hand.instant, by=alice, priority="urgent")
    newcomer = a_person(cast.house, "Dina Caradec", client=cast.kermor)
    silence, window = a_silence_that_held_something_back(cast, hand)
    accepted = accepted_by_alice(cast, hand.instant)
    decisions = decided(cast, hand.instant)
    ids = {
        ("tickets", "number"): receipt.ticket.number,
        ("receipts", "public_id"): receipt.public_id,
        ("servers", "public_id"): cast.web1.public_id,
        ("clients", "number"): cast.kermor.number,
        ("agenda", "number"): window.number,
        ("silences", "number"): silence.number,
        ("contracts", "number"): cast.line.number,
        ("terms", "pk"): cast.line.bindings.get().terms_id,
        ("texts", "public_id"): accepted.version.public_id,
        ("acts", "act"): accepted.act,
        ("mandates", "number"): decisions.mandate.number,
        ("advice", "number"): decisions.advice.number,
        ("consents", "number"): decisions.consent.number,
        ("link", "secret"): decisions.link,
        ("invitation", "secret"): inviting.invite(newcomer, at=hand.instant, actor=SETUP),
    }
    visitors = {
        "portal:": cast.alice,
        "desk:": cast.house.ada,
        "account_log": None,
        "account_reset_password": None,
    }
    found = {}
    for route in routes():
        who = next((key for key in visitors if route.name.startswith(key)), None)
        if who is None or route.name in NOT_FOR_EYES or "key" in route.pattern:
            continue
        address = "/" + re.sub(r"([a-z]+)/<\w+:(\w+)>", lambda m: f"{m[1]}/{ids[m[1], m[2]]}", route.pattern)
        browser = Browser()
        if visitors[who] is not None:
            browser.force_login(visitors[who], backend=BACKEND)
        response = browser.get(address)
        if response.status_code == 200:
            found[route.name] = response
    assert len(found) > 25
    return found


def a_silence_that_held_something_back(cast, hand):
    hugo, at = acting(cast.house.hugo, BEGINNING), hand.instant
    check = a_check(cast.web1, at=at)
    silence = silencing.silence(
        cast.web1, check=check, reason="Migration", until_at=at + timedelta(hours=1), at=at, actor=hugo
    )
    recorded(check, [CRITICAL] * 3, start=hand.advance(seconds=1))
    time_passes()
    window = announcing.announce(
        covers={cast.web1: ["shop"]},
        title="Disque",
        from_at=hand.instant + timedelta(hours=1),
        until_at=hand.instant + timedelta(hours=2),
        at=hand.instant,
        actor=hugo,
    )
    return silence, window


class Outline(HTMLParser):
    """What a screen reader relies on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.labelled_by_wrapping: set[int] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if "label" in self.open:
            self.labelled_by_wrapping.add(len(self.tags))
        self.tags.append((tag, given))
        if tag == "label":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "label":
            self.open.pop()

    def all(self, *names):
        return [given for tag, given in self.tags if tag in names]


def test_no_page_needs_javascript_or_holds_a_style(pages):
    for name, response in pages.items():
        html = response.content.decode()
        assert " style=" not in html, name
        assert re.findall(r"<script(?![^>]*\bsrc=)", html) == [], name
        assert not re.search(r"\son[a-z]+=", html), name
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert len(response.content) < LIMIT, name


def test_the_style_stays_small():
    assert Path(str(finders.find("astreinte/astreinte.css"))).stat().st_size < STYLE_LIMIT


def test_x_16_each_page_can_be_read_by_ear_and_by_keyboard(pages):
    for name, response in pages.items():
        outline = Outline(response.content.decode())
        assert outline.all("html")[0]["lang"] == "fr", name
        assert len(outline.all("main")) == 1, name
        assert (
            len(outline.all("h1")) + sum("say" in one.get("class", "") for one in outline.all("h2")) >= 1
        ), name
        assert len(outline.all("h1")) == 1, name
        ids = [given["id"] for _, given in outline.tags if "id" in given]
        assert len(ids) == len(set(ids)), f"{name}: {[one for one in ids if ids.count(one) > 1]}"
        labels = {one.get("for") for one in outline.all("label")}
        for number, (tag, given) in enumerate(outline.tags):
            if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
                named = (
                    given.get("id") in labels
                    or number in outline.labelled_by_wrapping
                    or "aria-label" in given
                )
                assert named, f"{name}: {given}"
            if tag == "svg":
                assert given.get("aria-hidden") == "true" or given.get("aria-label"), f"{name}: {given}"
        assert "<th></th>" not in response.content.decode(), f"{name}: a column without a name"
        for given in outline.all("section"):
            if "aria-labelledby" in given:
                assert given["aria-labelledby"] in ids, f"{name}: {given}"
        assert any(one.get("href") == "#contenu" for one in outline.all("a")), name


def test_a5_14_the_emergency_number_is_on_every_page_of_the_portal(pages):
    for name, response in pages.items():
        if name.startswith("portal:") and name != "portal:invitation":
            assert "02 61 91 00 24" in plain(response.content.decode()), name
    assert "02 61 91 00 24" in plain(pages["account_login"].content.decode())


def test_a5_9_what_is_guaranteed_is_called_intervention_and_never_resolution(pages):
    for name, response in pages.items():
        text = plain(response.content.decode())
        assert not re.search(r"résolution|résoudre|temps de réponse", text, re.IGNORECASE), name
    for name in ("portal:ticket", "portal:receipt", "desk:ticket"):
        assert "ntervention" in plain(pages[name].content.decode())


def test_x_10_no_english_is_left_on_a_french_page(pages):
    sayings = [
        plain(message.id)
        for message in messages.read("fr")
        if isinstance(message.id, str)
        and " " in message.id
        and "%(" not in message.id
        and "<" not in message.id
    ]
    sayings = [said for said in sayings if said not in SAID_AS_IS]
    assert len(sayings) > 200
    for name, response in pages.items():
        text = plain(response.content.decode())
        assert not [said for said in sayings if said in text], name


def test_x_10_the_catalogue_is_set_in_french_type():
    said = [
        one
        for message in messages.read("fr")
        if message.id
        for one in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    wrong = [one for one in said if re.search(r" [;:?!»]|« |'|\.\.\.|\d (?:h|€|min)\b", one)]
    assert not wrong


def test_an_english_reader_is_spoken_to_in_english(cast, hand):
    from astreinte.records.accounts import people

    people.change(cast.alice, language="en-gb", at=hand.instant, actor=acting(cast.alice, BEGINNING))
    a_declaration(cast.web1, hand.instant)
    cast.alice.refresh_from_db()
    page = Reading(cast.alice).get("/")
    assert "We received your declaration at 11:30. A person must intervene before 13:30 ." in page.text
    assert page.response.headers["Content-Language"] == "en-gb"
    assert '<html lang="en-gb">' in page.html
    ticket = Reading(cast.alice).get("/tickets/1/").text
    assert "€17.86 per started hour after 13:30" in ticket


def test_a_person_chooses_how_to_be_spoken_to(cast, at_alices, at_hugos):
    form = at_alices.get("/me/").form("/me/")
    assert form.values["language"] == ["fr"]
    page = at_alices.send(form, language="en-gb", zone="Europe/London")
    assert "From now on you are spoken to like this." in page.text
    assert "Server time 10:30:00" in page.text
    wrong = at_alices.send(page.form("/me/"), zone="Kermor/Centre")
    assert "“Kermor/Centre” is no time zone. Write for example “Europe/Paris”." in wrong.text
    assert "Hugo Lemaire" in at_hugos.get("/me/").text
    assert Reading().get("/me/").form("/compte/login/")


def test_each_reader_has_a_zone(cast, hand):
    from astreinte.records.accounts import people

    people.change(cast.alice, zone="America/Guadeloupe", at=hand.instant, actor=acting(cast.alice, BEGINNING))
    a_declaration(cast.web1, hand.instant)
    cast.alice.refresh_from_db()
    assert (
        "Nous avons reçu votre déclaration à 06:30. Une personne doit intervenir avant 08:30"
        in Reading(cast.alice).get("/").text
    )
