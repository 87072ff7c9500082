"""Files by content, in the data folder: `evidence/ab/<the other 62 digits of the SHA-256>`.

The bytes are on the disk, synchronised, before the row that speaks of them: a row without its file cannot
come from a crash. Bytes without a row can; they harm nobody, and serve the next who brings them.
"""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from astreinte.records.evidence.facts import FileKept
from astreinte.records.evidence.models import StoredFile
from astreinte.records.journal import writing


class SupportsStr(Protocol):
    """An actor: its text is what is kept."""

    def __str__(self) -> str: ...


class FileError(Exception):
    """A file that is not what was kept: names it, and what to do."""


def keep(
    content: bytes, *, name: str, media_type: str, provider_id: int, at: datetime, actor: str | SupportsStr
) -> StoredFile:
    """Store `content` and return its row: the one it has, when this provider kept it under this name before.

    Call it outside a transaction where you can: it waits for the disk.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    _store(content, _path(sha256))
    with transaction.atomic():
        file, created = StoredFile.objects.get_or_create(
            provider_id=provider_id,
            sha256=sha256,
            name=Path(name).name[:255],
            media_type=media_type,
            defaults={"size": len(content), "kept_at": at, "kept_by": str(actor)},
        )
        if created:
            event = FileKept(
                at=at, provider_id=provider_id, file_id=file.pk, sha256=sha256, size=len(content)
            )
            writing.append(event, actor=actor, rows=[file])
    return file


def read(file: StoredFile) -> bytes:
    """Return the bytes of a kept file; FileError when they are gone or are not what was kept."""
    path = _path(file.sha256)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{path}: missing; restore it from a backup, its SHA-256 is {file.sha256}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise FileError(f"{path}: altered (SHA-256 {found}); restore it from a backup")
    return content


def _path(sha256: str) -> Path:
    folder: Path = settings.PLACES.data / "evidence"
    return folder / sha256[:2] / sha256[2:]


def _store(content: bytes, path: Path) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(made, 0o440)
        os.replace(made, path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _synchronise(folder)


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
