from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    subject: ClassVar[str] = "case_id"
    case_id: int
    priority: str = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChanged(Event):
    subject: ClassVar[str] = "case_id"
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Event):
    """Has the instant of a timer."""

    subject: ClassVar[str] = "case_id"
    case_id: int
    deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything(Event):
    """Has a field of every type that an event may have."""

    subject: ClassVar[str] = "name"
    name: str
    count: int
    sure: bool
    day: date
    until_at: datetime | None
    numbers: tuple[int, ...]
    instants: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutNothing(Event):
    """Forgot to say what it is about."""

    count: int = 0
