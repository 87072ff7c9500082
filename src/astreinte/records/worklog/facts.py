"""What was done, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionStarted(Event):
    """A named person began to intervene; `at` is that instant. It stops the clock of the ticket (A5.10)."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    intervention_id: int
    person_id: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionEnded(Event):
    """The intervention ended, with what was done."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    intervention_id: int
