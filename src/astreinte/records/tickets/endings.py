"""When a ticket was closed and opened again, by the journal: its own row keeps the last closing alone."""

from dataclasses import dataclass
from datetime import datetime

from astreinte.records.journal.events import kind_of
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.facts import TicketClosed, TicketReopened
from astreinte.records.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Ending:
    """A ticket was closed at an instant, or opened `again`."""

    at: datetime
    again: bool


def endings(ticket: Ticket) -> list[Ending]:
    """Return each closing and each opening again of a ticket that the reader may see, the oldest first."""
    kinds = {kind_of(TicketClosed): False, kind_of(TicketReopened): True}
    found = Entry.objects.filter(subject=f"ticket:{ticket.pk}", kind__in=kinds).order_by("pk")
    return [Ending(at, kinds[kind]) for at, kind in found.values_list("at", "kind")]
