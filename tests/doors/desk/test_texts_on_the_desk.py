"""The texts on the desk: brought in, compared, published, put to the clients; papers recorded; brands apart."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from astreinte.records.accounts import mandates
from astreinte.records.contracts import documents
from astreinte.records.contracts.models import Acceptance, DocumentVersion, Terms, Transcription
from astreinte.records.notices.models import Notice
from tests.builders import BEGINNING, SETUP, paris
from tests.doors.browsing import Reading
from tests.records.contracts.texts import SALE, SPECIAL, a_second_brand, a_text, a_version, published

NOW = paris("2026-11-23T11:30")
TEXTS = "/desk/contracts/texts/"


@pytest.fixture
def signatory(cast):
    mandates.give(cast.alice, client=cast.kermor, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)


def brought_in(at_sofias, content, **said):
    asked = {"kind": "special", "language": "fr", "name": SPECIAL, "effective_on": "2026-11-24", "client": ""}
    return at_sofias.post(TEXTS + "import/", file=SimpleUploadedFile("cp.md", content), **(asked | said))


def test_a_text_is_brought_in_read_and_published(cast, at_sofias):
    page = brought_in(at_sofias, a_text())
    version = DocumentVersion.objects.get()
    assert (version.effective_on, version.by) == (date(2026, 11, 24), f"person:{cast.house.sofia.pk}")
    assert "Estran surveille les serveurs" in page.text
    assert "Brouillon" in page.text
    address = f"{TEXTS}{version.public_id}/"
    assert at_sofias.browser.get(address + "raw/").content == a_text()
    assert "Publiée. Les clients la lisent désormais" in at_sofias.send(page.form(address + "publish/")).text
    assert documents.status(version, NOW) == "published"


def test_what_is_odd_in_a_text_is_said_to_who_brings_it_in(cast, at_sofias):
    content = a_text() + "\nEn vigueur au 1er juillet 2017.\n\n– a\u0300\u0300\n".encode()
    page = brought_in(at_sofias, content).text
    assert "Ce qui est singulier dans le texte" in page
    assert "Le texte dit lui-même (art. 6, § 2, phrase 1) qu'il s'applique à compter du" in page
    for told in ("espaces en double (1)", "passage en NFD (1)", "accent égaré (1)", "tiret de liste (1)"):
        assert told in page
    assert at_sofias.browser.get(f"{TEXTS}{DocumentVersion.objects.get().public_id}/raw/").content == content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"\xff\xfe\x00M", "n'est pas un texte en UTF-8", id="binary"),
        pytest.param(b"a\x00b", "n'est pas un texte en UTF-8", id="control characters"),
        pytest.param(b" \n ", "ne dit rien", id="says nothing"),
        pytest.param(b"x" * 2_000_001, "est trop long", id="too long"),
    ],
)
def test_what_is_no_text_is_refused_under_its_field(cast, at_sofias, content, said):
    page = brought_in(at_sofias, content)
    assert said in page.text
    assert not DocumentVersion.objects.exists()


def test_back_dating_is_refused_unless_it_was_signed_before(cast, at_sofias):
    version = a_version(cast.house, on=date(2017, 7, 1))
    address = f"{TEXTS}{version.public_id}/"
    form = at_sofias.get(address).form(address + "publish/")
    assert "un texte ne vaut pas en arrière" in at_sofias.send(form).text
    assert "tel que signé sur papier" in at_sofias.send(form, as_signed="on").text


def test_our_own_texts_become_drafts_with_the_clause_of_each_value(cast, at_sofias):
    form = at_sofias.get(TEXTS + "own/").forms[-1]
    page = at_sofias.send(
        form, at=TEXTS + "own/", terms=str(Terms.objects.get(provider=cast.house.provider).pk)
    )
    assert "Les trois textes sont gardés comme brouillons" in page.text
    assert Transcription.objects.count() == DocumentVersion.objects.count() == 3
    special = DocumentVersion.objects.get(document__kind="special")
    assert "dit :" not in at_sofias.get(f"{TEXTS}{special.public_id}/").text


def test_what_a_version_changes_is_read_word_by_word(cast, at_sofias):
    a_version(cast.house)
    second = a_version(cast.house, cap="50 %", on=date(2026, 12, 1))
    page = at_sofias.get(f"{TEXTS}{second.public_id}/changes/")
    assert "<del>100</del><ins>50</ins>" in page.html


def test_a_transcription_warns_where_text_and_value_differ_and_a_colleague_checks_it(cast, at_sofias):
    version = a_version(cast.house, cap="50 %")
    address = f"{TEXTS}{version.public_id}/"
    form = at_sofias.get(address).form(address + "transcribe/")
    terms = str(Terms.objects.get(provider=cast.house.provider).pk)
    assert "n'est pas une clé avec sa clause" in at_sofias.send(form, terms=terms, mapping="penalty.cap").text
    page = at_sofias.send(form, terms=terms, mapping="penalty.cap 6.1.1")
    assert "la clause 6.1.1 dit" in page.text
    own = page.form(address + "check/")
    assert "Une seconde personne la vérifie" in at_sofias.send(own).text
    assert "vérifié par Ada Morvan" in Reading(cast.house.ada).send(own).text


def test_clients_are_asked_and_who_has_answered_is_shown(cast, signatory, at_sofias):
    version = published(cast.house)
    address = f"{TEXTS}{version.public_id}/"
    page = at_sofias.get(address)
    assert "0 clients sur 2 l'ont accepté" in page.text
    done = at_sofias.send(page.form(address + "invite/"))
    assert "1 personne a été sollicitée" in done.text
    assert "Personne n'a mandat de signature pour : Coopérative Les Halles." in done.text
    assert Notice.objects.get(about=f"version:{version.pk}").person == cast.alice


def test_a_signed_paper_is_recorded_for_a_client(cast, signatory, at_sofias):
    version = published(cast.house)
    address = f"/desk/clients/{cast.kermor.number}/paper/"
    said = {"person": cast.alice.pk, "signed_on": "2026-11-20", "texts": version.public_id}
    refused = at_sofias.post(address, paper=SimpleUploadedFile("x.pdf", b"GIF89a"), **said)
    assert "Ce n'est pas un PDF" in refused.text
    nobody = at_sofias.post(
        address, paper=SimpleUploadedFile("x.pdf", b"%PDF-1.7"), **(said | {"person": cast.bob.pk})
    )
    assert "Cette personne n'a mandat de signature" in nobody.text
    assert not Acceptance.objects.exists()
    at_sofias.post(address, paper=SimpleUploadedFile("x.pdf", b"%PDF-1.7"), **said)
    row = Acceptance.objects.get()
    assert (row.how, row.person, row.at) == ("signed_pdf", cast.alice, paris("2026-11-20T00:00"))


def test_a_preview_under_each_brand_names_that_brand_alone(cast, at_sofias):
    version = a_version(cast.house, kind="general_sale", name=SALE)
    a_second_brand(cast.house)
    address = f"{TEXTS}{version.public_id}/page/"
    shown = at_sofias.get(address + "?brand=maree.test").text
    assert ("Marée basse" in shown, "Estran" in shown) == (True, False)
    assert at_sofias.get(address + "?brand=ressac.test").status == 404


def test_an_engineer_reads_the_texts_and_changes_none(cast, at_hugos):
    version = a_version(cast.house)
    page = at_hugos.get(f"{TEXTS}{version.public_id}/")
    assert "Estran surveille les serveurs" in page.text
    assert not [form for form in page.forms if "publish" in form.action]
    assert at_hugos.post(f"{TEXTS}{version.public_id}/publish/").status == 403
