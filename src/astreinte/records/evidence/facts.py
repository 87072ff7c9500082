"""What happened to evidence."""

from dataclasses import dataclass
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKept(Event):
    """A file was stored under the SHA-256 of its content."""

    subject: ClassVar[str] = "file_id"
    file_id: int
    sha256: str
    size: int
