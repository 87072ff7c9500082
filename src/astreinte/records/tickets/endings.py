"""When a ticket was really there, closed and opened again, by the journal.

Its own row keeps the last closing alone, and for its beginning the instant that counts: that of what was seen, though
the hub was away then and made the ticket when it was back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.journal.events import kind_of
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.facts import TicketClosed, TicketOpened, TicketReopened
from astreinte.records.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Ending:
    """A ticket was closed at an instant, or opened `again`."""

    at: datetime
    again: bool


def written_at(ticket: Ticket) -> datetime:
    """Return when a ticket that the reader may see was written down; never before the instant that counts."""
    return all_written_at([ticket])[ticket.pk]


def all_written_at(tickets: Iterable[Ticket]) -> dict[int, datetime]:
    """Return when each of these tickets was written down, by its key."""
    began = {f"ticket:{ticket.pk}": ticket for ticket in tickets}
    opened = Entry.objects.filter(subject__in=began, kind=kind_of(TicketOpened))
    found = dict(opened.values_list("subject", "recorded_at"))
    return {
        ticket.pk: max(ticket.opened_at, found.get(subject, ticket.opened_at))
        for subject, ticket in began.items()
    }


def endings(ticket: Ticket) -> list[Ending]:
    """Return each closing and each opening again of a ticket that the reader may see, the oldest first."""
    kinds = {kind_of(TicketClosed): False, kind_of(TicketReopened): True}
    found = Entry.objects.filter(subject=f"ticket:{ticket.pk}", kind__in=kinds).order_by("pk")
    return [Ending(at, kinds[kind]) for at, kind in found.values_list("at", "kind")]
