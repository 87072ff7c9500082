"""What happened to tickets."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(Event):
    """A ticket exists, with its number."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMentioned(Event):
    """The ticket speaks of one more server."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReceived(Event):
    """A declaration, a call, a message or an alert was received for a ticket; `at` is the instant that counts."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    receipt_id: int
    channel: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWritten(Event):
    """Someone wrote in the conversation of a ticket, for both sides or for the staff alone.

    `opens`: the words came with a declaration or a call, and are told with it.
    """

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    message_id: int
    public: bool
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTaken(Event):
    """Someone takes the ticket, or it is given to someone. No clock stops (A5.10)."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPutOnHold(Event):
    """The provider waits for the client. No clock stops (A5.13)."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed(Event):
    """The provider waits no longer."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIntervened(Event):
    """The first intervention on the ticket began."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed(Event):
    """The ticket is closed, with the reason that the client reads."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(Event):
    """A closed ticket is open again: its clock runs on as if it had never been closed."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPlaced(Event):
    """The principal server of a ticket is known now; its order line gives terms and fee."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMerged(Event):
    """Two tickets were one incident: the earliest receipt that counts holds (A5.15)."""

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRestored(Event):
    """The probes see the service again. No clock stops: recovery is no intervention.

    `settled_at`: by then a fault that is the same (`relapse_within`) would have been sure: this one is over.
    """

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    incident_id: int
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRelapsed(Event):
    """The fault came back: the probes see the service down again.

    `woke`: the ticket was closed, and is open again. `worsened`: it had not recovered, one check more is bad.
    """

    subject: ClassVar[str] = "ticket_id"
    ticket_id: int
    incident_id: int
    woke: bool = False
    worsened: bool = False
