"""When the probes saw the service of a ticket again, and when the fault came back, by the journal.

The ticket's own row keeps the last recovery alone: a service that flaps is one incident, and each turn is shown.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.journal.events import kind_of
from astreinte.records.journal.models import Entry
from astreinte.records.tickets.facts import IncidentRelapsed, IncidentRestored
from astreinte.records.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Turn:
    """The probes saw the service `up` at an instant, or down again."""

    at: datetime
    up: bool


def turns(ticket: Ticket) -> list[Turn]:
    """Return each recovery and each relapse of a ticket that the reader may see, the oldest first."""
    kinds = {kind_of(IncidentRestored): True, kind_of(IncidentRelapsed): False}
    found = Entry.objects.filter(subject=f"ticket:{ticket.pk}", kind__in=kinds).order_by("at", "pk")
    return [
        Turn(at, kinds[kind])
        for at, kind, body in found.values_list("at", "kind", "body")
        if not json.loads(body)["event"].get("worsened")  # more of it broke: it had not recovered
    ]


def last_relapse(tickets: Iterable[Ticket]) -> datetime | None:
    """Return when the fault of a ticket, given with those merged into it, came back for the last time."""
    return max((one.at for ticket in tickets for one in turns(ticket) if not one.up), default=None)


def counts(at: datetime, relapse_at: datetime | None) -> bool:
    """Whether what was done at an instant was done for the outage that began with the last relapse, if any."""
    return relapse_at is None or at >= relapse_at
