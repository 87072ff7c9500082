"""What was promised, what was kept, what is owed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Event):
    """A clock runs on a ticket, or was worked out again because a receipt was added; `at` is when it was stated."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int
    clock_kind: str
    deadline_at: datetime | None
    first_late_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWithdrawn(Event):
    """The clock of a ticket that was merged into another runs there."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOver(Event):
    """The fault came back after an intervention: what was judged stays, and another clock runs from the relapse."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFrozen(Event):
    """An intervention stopped the clock: receipts, deadline, lateness and raw amount are frozen.

    `lowered_from`: the seconds late of the verdict that this one replaces (A6.19).
    """

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int
    verdict_id: int
    late_seconds: int
    raw_cents: int | None
    lowered_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLifted(Event):
    """A ticket that was closed without an intervention is open again: its clock runs on."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int
    verdict_id: int
    first_late_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentMissed(Event):
    """The deadline passed without an intervention: `at` is the first second late (A6.1). It never disappears."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    clock_id: int
    breach_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSettled(Event):
    """What an order line owes for a month was worked out again, beside what was said before.

    `next_at`: the instant at which a ticket that is still late costs more; None when none is.
    """

    subject: ClassVar[str] = "line_id"
    line_id: int
    settlement_id: int
    month: str
    due_cents: int
    next_at: datetime | None = None
