"""A1.5 in the portal: whole texts first, one tick for all, by who may sign; a wish goes to a specific contract."""

from datetime import date

import pytest

from astreinte.records.accounts import branding, mandates
from astreinte.records.contracts.models import Acceptance
from astreinte.records.tickets.models import Ticket
from astreinte.words import printing
from tests.builders import BEGINNING, SETUP, paris
from tests.doors.browsing import Reading
from tests.records.contracts.texts import SALE, a_second_brand, a_text, both_texts, published

NOW = paris("2026-11-23T11:30")
ACCEPT = "/contract/accept/"


@pytest.fixture
def texts(cast):
    mandates.give(cast.alice, client=cast.kermor, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)
    return both_texts(cast.house)


def test_both_texts_are_read_and_kept_before_they_are_accepted(texts, at_alices):
    shown = at_alices.get(ACCEPT)
    assert "Estran surveille les serveurs du Client." in shown.text
    assert "Le plafond est de 100 % du prix payé à Estran." in shown.text
    for version in texts:
        address = f"/contract/texts/{version.public_id}/"
        assert address + "pdf/" in shown.html
        kept = at_alices.browser.get(address + "raw/")
        assert kept.content == a_text(version.document.kind, version.document.name)
        assert kept.headers["Content-Disposition"].startswith("attachment")
        page = at_alices.browser.get(address + "page/")
        assert "sha256-" in page.headers["Content-Security-Policy"]
        assert "Estran" in page.content.decode()
    assert not Acceptance.objects.exists()


def test_one_tick_accepts_all_and_leads_to_the_act_and_its_certificate(texts, at_alices, monkeypatch):
    form = at_alices.get(ACCEPT).form(ACCEPT)
    assert "Cochez cette case" in at_alices.send(form).text
    done = at_alices.send(form, agreed="on")
    rows = list(Acceptance.objects.order_by("pk"))
    assert [row.version for row in rows] == list(texts)
    assert (rows[0].from_address, rows[0].at) == ("127.0.0.1", NOW)
    assert rows[0].rendered_sha256 in done.text
    monkeypatch.setattr(
        printing, "pdf", lambda html: html.encode()
    )  # the printing itself has tests of its own
    certificate = at_alices.browser.get(f"/contract/acts/{rows[0].act}/certificate/").content.decode()
    assert "Certificat d’acceptation" in certificate
    assert all(row.source_sha256 in certificate and row.rendered_sha256 in certificate for row in rows)
    assert "2026-11-23 10:30:00 UTC" in certificate
    assert "Tout ce qui est publié est accepté" in at_alices.get(ACCEPT).text


def test_a1_5_one_byte_changed_between_display_and_click_asks_to_read_again(cast, texts, at_alices):
    form = at_alices.get(ACCEPT).form(ACCEPT)
    changed = a_text("general_sale", SALE) + b"."
    published(cast.house, kind="general_sale", name=SALE, content=changed, on=date(2026, 11, 23), at=NOW)
    page = at_alices.send(form, agreed="on")
    assert (page.status, Acceptance.objects.exists()) == (409, False)
    assert "Rien n'a été accepté : un texte a changé depuis l'affichage de cette page" in page.text
    at_alices.send(page.form(ACCEPT), agreed="on")
    assert Acceptance.objects.count() == 2


def test_a_digest_that_somebody_wrote_over_is_refused(texts, at_alices):
    form = at_alices.get(ACCEPT).form(ACCEPT)
    said = [form.values["text"][0], form.values["text"][1][:-1] + "x"]
    assert at_alices.send(form, agreed="on", text=said).status == 409
    assert not Acceptance.objects.exists()


def test_an_old_form_accepts_nothing_more(texts, at_alices):
    form = at_alices.get(ACCEPT).form(ACCEPT)
    at_alices.send(form, agreed="on")
    assert "Tout est déjà accepté : rien n'a été changé." in at_alices.send(form, agreed="on").text
    assert Acceptance.objects.count() == 2


def test_without_a_mandate_the_texts_are_read_and_nothing_is_accepted(cast, texts, at_alices):
    form, at_bobs = at_alices.get(ACCEPT).form(ACCEPT), Reading(cast.bob)
    page = at_bobs.get(ACCEPT)
    assert "Estran surveille les serveurs" in page.text
    assert "Alice Caradec" in page.text
    assert not [one for one in page.forms if one.action == ACCEPT]
    forged = at_bobs.post(ACCEPT, agreed="on", text=form.values["text"])
    assert (forged.status, Acceptance.objects.exists()) == (403, False)


def test_the_staff_has_no_page_to_accept_on(cast, texts, at_sofias):
    assert at_sofias.get(ACCEPT).status == 404


def test_a_wish_for_something_else_reaches_the_provider_as_a_ticket(texts, at_alices):
    form = at_alices.get(ACCEPT).form(ACCEPT + "otherwise/")
    assert "Écrivez ce que vous souhaitez" in at_alices.send(form).text
    at_alices.send(form, wish="Une intervention en 1 h le samedi")
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.nature, ticket.priority) == (
        "Un contrat spécifique est demandé",
        "support",
        "low",
    )
    assert not Acceptance.objects.exists()


def test_several_brands_never_leak_into_each_other(cast, texts):
    a_second_brand(cast.house)
    at_the_other = Reading(cast.alice, host="maree.test")
    shown = at_the_other.get(ACCEPT)
    assert "Marée basse surveille les serveurs" in shown.text
    for address in ("/contract/", "/contract/texts/", ACCEPT, f"/contract/texts/{texts[0].public_id}/page/"):
        assert "Estran" not in at_the_other.get(address).text, address
    done = at_the_other.send(shown.form(ACCEPT), agreed="on")
    assert "Estran" not in done.text
    row = Acceptance.objects.first()
    kept = at_the_other.get(f"/contract/acts/{row.act}/texts/{row.version.public_id}/")
    assert "Marée basse surveille les serveurs" in kept.text


def test_what_was_accepted_is_read_as_it_was_after_the_brand_changed_its_name(cast, texts, at_alices):
    at_alices.send(at_alices.get(ACCEPT).form(ACCEPT), agreed="on")
    branding.change(cast.house.brand, name="Nouveau nom", at=NOW, actor=SETUP)
    row = Acceptance.objects.first()
    as_accepted = f"/contract/acts/{row.act}/texts/{row.version.public_id}/"
    assert "Estran surveille" in at_alices.get(as_accepted).text
    assert "Nouveau nom surveille" in at_alices.get(f"/contract/texts/{row.version.public_id}/").text


def test_a_company_may_be_called_anything_and_its_name_stays_text(cast, texts, at_alices):
    branding.change(cast.house.brand, name="<b>A&B</b> {{x}}", at=NOW, actor=SETUP)
    page = at_alices.get(ACCEPT)
    assert "<b>A&B</b> {{x}} surveille les serveurs" in page.text
    assert "<b>A&B" not in page.html
    at_alices.send(page.form(ACCEPT), agreed="on")
    assert Acceptance.objects.first().brand_name == "<b>A&B</b> {{x}}"
