"""A0.1: an incident from before the second version's day, looked at today, is judged by the first, and says so."""

import os
from datetime import date

import pytest
from django.conf import settings

from astreinte.records.accounts import people
from astreinte.records.contracts import accepting, documents, resolving, signing, transcribing
from astreinte.records.evidence.keeping import FileError
from tests.builders import BEGINNING, SETUP, a_ticket, acting, paris, some_terms, stands
from tests.records.contracts.texts import a_version, published

pytestmark = pytest.mark.django_db
BEFORE, AFTER = paris("2026-11-23 14:30"), paris("2026-11-24 14:30")
LATER = paris("2026-12-15 10:00")
CRITICAL = "targets.critical.business"


@pytest.fixture
def two_versions(cast):
    """Special terms with 2 h, then from 24 November 2026 with 1 h, both accepted."""
    people.give_role(
        cast.alice, role="signatory", client=cast.kermor, from_at=BEGINNING, at=BEGINNING, actor=SETUP
    )
    quick = some_terms(cast.house, "quick", {"targets": {"critical": {"business": "1h"}}})
    first = published(cast.house)
    second = published(cast.house, cap="50 %", on=date(2026, 11, 24))
    for version, terms in ((first, some_terms(cast.house)), (second, quick)):
        transcribing.transcribe(version, terms=terms, mapping={CRITICAL: "5.1.1"}, at=BEGINNING, actor=SETUP)
    offered = accepting.offered(cast.kermor, BEGINNING)
    assert offered == [first, second]
    read = {one.public_id: signing.show(one, cast.house.brand).hashes for one in offered}
    who = acting(cast.alice, BEGINNING)
    signing.accept(cast.kermor, read=read, brand=cast.house.brand, at=BEGINNING, actor=who)
    return first, second


def source_of(cast, at):
    values = resolving.of_line(cast.line, at, cast.web1).values
    return next(one for one in values if one.key == CRITICAL).source


def test_an_incident_before_the_second_version_uses_the_first_and_says_so(cast, two_versions):
    before, after = a_ticket(cast.web1, BEFORE), a_ticket(cast.web1, AFTER, subject="Autre panne")
    assert stands(before, LATER).promise.deadline_at == paris("2026-11-23 16:30")
    assert stands(after, LATER).promise.deadline_at == paris("2026-11-24 15:30")
    for at, version in zip((BEFORE, AFTER), two_versions, strict=True):
        said = source_of(cast, at)
        assert (said.version, said.effective_on) == (version.number, version.effective_on)
        assert str(version) == str(said)


def test_bytes_that_changed_on_the_disk_are_shown_to_nobody(cast):
    version = a_version(cast.house, cap="77 %")
    path = settings.PLACES.data / "evidence" / version.sha256[:2] / version.sha256[2:]
    os.chmod(path, 0o640)
    path.write_bytes(path.read_bytes().replace(b"77", b"78"))
    with pytest.raises(FileError, match="altered"):
        documents.text(version)
    with pytest.raises(FileError, match="altered"):
        signing.show(version, cast.house.brand)
