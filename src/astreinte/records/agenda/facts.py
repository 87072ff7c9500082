"""What happened to the agenda."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAnnounced(Event):
    """Work on servers was announced before it begins: from then until then, their faults alert nobody."""

    subject: ClassVar[str] = "window_id"
    window_id: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWithdrawn(Event):
    """The work that was announced will not be done."""

    subject: ClassVar[str] = "window_id"
    window_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEnded(Event):
    """The work ended before it was due to: from now on its servers alert again."""

    subject: ClassVar[str] = "window_id"
    window_id: int
