"""A file is kept once by its content, and is read only while it still is what was kept."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from astreinte.records.evidence import keeping
from astreinte.records.evidence.facts import FileKept
from astreinte.records.evidence.keeping import FileError
from astreinte.records.evidence.models import StoredFile
from astreinte.records.journal import claiming, verifying
from astreinte.records.journal.models import Entry
from tests.records.journal.stories import AT

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 proof \x00\xff"


def keep(content: bytes = CONTENT, **more: Any) -> StoredFile:
    values: dict[str, Any] = {
        "name": "order.pdf",
        "media_type": "application/pdf",
        "provider_id": 1,
        "at": AT,
        "actor": "person:12",
    }
    return keeping.keep(content, **values | more)


def path_of(file: StoredFile) -> Path:
    return settings.PLACES.data / "evidence" / file.sha256[:2] / file.sha256[2:]


def test_what_was_kept_is_read_back():
    file = keep()
    assert keeping.read(StoredFile.objects.get()) == CONTENT
    assert (file.sha256, file.size, file.kept_by) == (
        hashlib.sha256(CONTENT).hexdigest(),
        len(CONTENT),
        "person:12",
    )
    assert path_of(file).read_bytes() == CONTENT
    assert not path_of(file).stat().st_mode & 0o222


def test_the_journal_knows_the_file():
    file = keep()
    event = claiming.event_of(Entry.objects.get())
    assert isinstance(event, FileKept)
    assert (event.file_id, event.sha256, event.size) == (file.pk, file.sha256, file.size)
    assert verifying.verify() == []


def test_the_same_file_is_kept_once():
    assert keep() == keep()
    assert StoredFile.objects.count() == Entry.objects.count() == 1


def test_one_content_serves_several_rows_and_no_provider_sees_anothers():
    files = {keep().pk, keep(name="copy.pdf").pk, keep(provider_id=2).pk}
    assert len(files) == 3
    assert len({path_of(file) for file in StoredFile.objects.all()}) == 1


def test_a_name_is_never_a_path():
    assert keep(name="../../etc/passwd").name == "passwd"


def test_an_empty_file_is_a_file():
    assert keeping.read(keep(b"")) == b""


def test_an_altered_file_is_not_read():
    file = keep(b"altered later")
    os.chmod(path_of(file), 0o600)
    path_of(file).write_bytes(b"Altered later")
    with pytest.raises(FileError, match=r"altered \(SHA-256"):
        keeping.read(file)
    path_of(file).unlink()


def test_a_missing_file_is_named_with_the_way_out():
    file = keep(b"removed later")
    path_of(file).unlink()
    with pytest.raises(FileError, match=f"missing; restore it from a backup, its SHA-256 is {file.sha256}"):
        keeping.read(file)


@pytest.mark.parametrize("found", [b"torn", b"TORN by a crash"])
def test_a_torn_file_is_written_again(found):
    file = keep(b"torn by a crash")
    os.chmod(path_of(file), 0o600)
    path_of(file).write_bytes(found)
    assert keeping.read(keep(b"torn by a crash")) == b"torn by a crash"


def test_a_row_of_evidence_stays():
    file = keep()
    with pytest.raises(IntegrityError, match="evidence_storedfile"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    with pytest.raises(IntegrityError, match="evidence_storedfile"), transaction.atomic():
        file.delete()
