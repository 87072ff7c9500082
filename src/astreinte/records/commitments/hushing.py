"""Whether the staff is told of what our probes saw, or hushed; and what was held back, looked at again.

Only detected trouble can be hushed. What a client declares, the contractual clock and its warnings never are: a
ticket with any receipt but our probes' own is told whatever silence there is.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from astreinte.records.monitoring import holding
from astreinte.records.monitoring.models import Check, HeldAlert, IncidentCheck
from astreinte.records.tickets.models import Receipt, Ticket


def held(ticket_id: int, *, relapse: bool, first_at: datetime, at: datetime) -> bool:
    """Hold an alert back, with a row that says so, when it is to be; return whether it is."""
    ticket = Ticket.objects.select_related("incident").get(pk=ticket_id)
    if ticket.incident is None or declared(ticket):
        return False
    row = holding.hold(ticket.incident, client_id=ticket.client_id, relapse=relapse, first_at=first_at, at=at)
    return row is not None


def heard_again(held_back: QuerySet[HeldAlert], at: datetime) -> Iterator[tuple[HeldAlert, Ticket]]:
    """Look at alerts that were held back; give those to be told now, with the ticket that they are about."""
    waiting = held_back.filter(settled_at=None).select_for_update(no_key=True, of=("self",))
    for row in waiting.select_related("incident").order_by("pk"):
        ticket = Ticket.objects.get(incident_id=row.incident_id, client_id=row.client_id)
        whole = _root(ticket)
        closed = whole.state == "closed"
        if holding.look(row, declared=declared(ticket), closed=closed, at=at):
            yield row, ticket


def broke_meanwhile(held: HeldAlert) -> list[Check]:
    """Return what broke besides since an alert of that was held back: the first of it, and what joined it."""
    links = IncidentCheck.objects.filter(
        incident=held.incident_id, check_ref__server__client=held.client_id, joined_at__gte=held.first_at
    )
    return [link.check_ref for link in links.select_related("check_ref__server").order_by("joined_at", "pk")]


def declared(ticket: Ticket) -> bool:
    """Tell whether anybody but our probes reported what a ticket is about, there or on one merged with it."""
    root = _root(ticket)
    known = Receipt.objects.filter(Q(ticket=ticket) | Q(ticket=root) | Q(ticket__merged_into=root))
    return known.exclude(channel="monitoring").exists()


def _root(ticket: Ticket) -> Ticket:
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket
