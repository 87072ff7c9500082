"""A0.1: each text is an immutable version with its day; the event's own day chooses it, not today's."""

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.contracts import documents
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import DocumentVersion, Publication
from astreinte.records.evidence import keeping
from astreinte.records.journal import verifying
from tests.builders import SETUP, a_house, acting, paris
from tests.records.contracts.texts import SALE, SPECIAL, a_text, a_version, published

pytestmark = pytest.mark.django_db
TODAY = paris("2026-11-23 11:00")
TOMORROW = date(2026, 11, 24)


def test_a_version_is_the_very_bytes_that_came_and_their_digest():
    house, raw = a_house(), a_text() + "à ̀jour, ouvrées\r\n".encode()
    version = a_version(house, content=raw)
    assert keeping.read(version.file) == raw
    assert version.sha256 == hashlib.sha256(raw).hexdigest()
    assert (version.number, documents.status(version, TODAY)) == (1, "draft")


def test_no_statement_changes_a_version_its_publication_or_its_name():
    version = published(a_house())
    for statement in (
        "UPDATE contracts_documentversion SET effective_on = '2020-01-01'",
        "UPDATE contracts_publication SET effective_on = '2020-01-01'",
        "UPDATE contracts_document SET name = 'autre'",
        "DELETE FROM contracts_publication",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert DocumentVersion.objects.get(pk=version.pk).effective_on == date(2026, 1, 1)


def test_the_version_in_force_is_that_of_the_day_of_the_event():
    house = a_house()
    first = published(house)
    second = published(house, cap="50 %", on=TOMORROW, at=TODAY)
    midnight = paris("2026-11-24 00:00")
    at = {when: documents.in_force(house.provider, "special", "fr", when) for when in (TODAY, midnight)}
    assert at == {TODAY: first, midnight: second}
    assert documents.in_force(house.provider, "special", "en-gb", midnight) is None
    assert documents.in_force(house.provider, "general_sale", "fr", midnight) is None
    assert [documents.status(one, TODAY) for one in (first, second)] == ["published", "published"]
    assert [documents.status(one, midnight) for one in (first, second)] == ["superseded", "published"]


def test_a_draft_is_in_force_for_nobody():
    house = a_house()
    a_version(house)
    assert documents.in_force(house.provider, "special", "fr", TODAY) is None


def test_a_text_of_2017_is_published_as_it_was_signed_and_says_so():
    house = a_house()
    version = a_version(house, on=date(2017, 7, 1), at=TODAY)
    with pytest.raises(DocumentError, match="a text does not hold backwards"):
        documents.publish(version, at=TODAY, actor=SETUP)
    row = documents.publish(version, at=TODAY, actor=SETUP, as_signed=True)
    assert row.as_signed
    assert (row.effective_on, row.published_at) == (date(2017, 7, 1), TODAY)


def refused(house, expected, **how):
    version = a_version(house, at=TODAY, **how)
    with pytest.raises(DocumentError, match=expected):
        documents.publish(version, at=TODAY, actor=SETUP)
    assert not Publication.objects.filter(version=version).exists()


def test_nothing_is_published_twice_for_one_day_nor_before_what_was():
    house = a_house()
    published(house, on=TOMORROW, at=TODAY)
    refused(house, "v1 is published for 2026-11-24 already", on=TOMORROW, cap="50 %")
    refused(house, "is before 2026-11-24, the day of .* v1", on=date(2026, 11, 23), cap="60 %")
    refused(house, "2026-11-22 is past|is before", on=date(2026, 11, 22), cap="70 %")


def test_the_database_too_refuses_two_publications_of_one_day():
    house = a_house()
    one = published(house)
    other = a_version(house, cap="50 %")
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(
            version=other,
            document=other.document,
            effective_on=one.effective_on,
            published_at=TODAY,
            by="x",
        )


def test_a_text_that_cannot_be_filled_in_is_not_published():
    house = a_house()
    raw = a_text() + b"\n{{company.iban}}\n"
    refused(house, "company.iban", content=raw, on=TOMORROW)


def test_a_provider_has_one_text_of_a_kind_and_language():
    house = a_house()
    published(house)
    with pytest.raises(DocumentError, match=f"is '{SPECIAL}' already; import this file under that name"):
        a_version(house, name="Autres conditions", cap="1 %")
    with pytest.raises(DocumentError, match="this very file for this very day already"):
        a_version(house)
    assert a_version(house, kind="general_sale", name=SALE).number == 1
    assert a_version(house, language="en-gb", name="Special terms").document.language == "en-gb"


def test_only_who_manages_contracts_brings_a_text_in_and_publishes_it():
    house = a_house()
    version = a_version(house)
    for act in (
        lambda: documents.publish(version, at=TODAY, actor=acting(house.hugo, TODAY)),
        lambda: documents.import_version(
            house.provider,
            content=a_text(cap="2 %"),
            file_name="x.md",
            name=SPECIAL,
            kind="special",
            language="fr",
            effective_on=TOMORROW,
            at=TODAY,
            actor=acting(house.hugo, TODAY),
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_journal_holds_every_column_of_a_text():
    published(a_house())
    assert verifying.verify() == []
