"""The eight times of an incident, kept apart (A5.1): nobody's clock is read for somebody else's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.commitments.models import Clock
from astreinte.records.commitments.verdicts import first_intervention
from astreinte.records.monitoring import sighting
from astreinte.records.tickets.endings import all_written_at, written_at
from astreinte.records.tickets.models import Receipt, Ticket


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened, and when each of the eight things was known or done; None for what was not.

    What the probes saw is what they saw of this client: others have their own times of the same incident.
    `occurred_at` is an estimate: the earliest instant that the pace of the probes leaves possible. Where nothing
    was detected and nothing called, these are None. `ticket_received_at` is the first declaration of the
    client, `ticket_opened_at` when the ticket began, by whatever way, `ticket_written_at` when it was written down:
    later, where the hub was away and the watch kept what it saw. `clock_restarted_at`: the clock that runs
    now, or ran last, began then, because the fault came back after an intervention.
    """

    occurred_at: datetime | None
    detected_at: datetime | None
    ticket_opened_at: datetime
    ticket_written_at: datetime
    ticket_received_at: datetime | None
    call_received_at: datetime | None
    clock_started_at: datetime | None
    clock_restarted_at: datetime | None
    intervention_started_at: datetime | None
    restored_at: datetime | None
    closed_at: datetime | None

    @property
    def to_ticket(self) -> timedelta | None:
        """How long after its detection the incident had a ticket; None for what no probe saw, or saw later.

        What the watch kept while the hub was away had none until the hub was back, and nobody could be told.
        """
        if self.detected_at is None or self.ticket_opened_at < self.detected_at:
            return None
        return self.ticket_written_at - self.detected_at


def of(ticket: Ticket) -> Times:
    """Return the eight times of a ticket, with what was merged into it. Who shows it looks who may see the ticket."""
    seen = seen_by_probes(ticket)
    receipts = Receipt.objects.filter(ticket=ticket) | Receipt.objects.filter(ticket__merged_into=ticket)
    declared = receipts.filter(call=None).exclude(channel="monitoring").order_by("at").first()
    called = receipts.exclude(call=None).order_by("at").first()
    promises = list(Clock.objects.held().contractual().filter(ticket=ticket).order_by("turn"))
    worked = first_intervention(ticket)
    return Times(
        occurred_at=None if seen is None else seen.occurred_at,
        detected_at=None if seen is None else seen.detected_at,
        ticket_opened_at=ticket.opened_at,
        ticket_written_at=written_at(ticket),
        ticket_received_at=None if declared is None else declared.at,
        call_received_at=None if called is None else called.at,
        clock_started_at=promises[0].started_at if promises else None,
        clock_restarted_at=promises[-1].started_at if len(promises) > 1 else None,
        intervention_started_at=None if worked is None else worked.started_at,
        restored_at=ticket.restored_at,
        closed_at=ticket.closed_at,
    )


def to_tickets(tickets: Iterable[Ticket]) -> dict[int, timedelta]:
    """Return how long after its detection each of these had its ticket, by key; what no probe saw first is left out."""
    by_probes = {ticket: ticket.incident_id for ticket in tickets if ticket.incident_id is not None}
    detected = sighting.detected(by_probes.values())
    written = all_written_at(by_probes)
    found = {}
    for ticket, incident_id in by_probes.items():
        at = detected.get((incident_id, ticket.client_id))
        if at is not None and at <= ticket.opened_at:
            found[ticket.pk] = written[ticket.pk] - at
    return found


def seen_by_probes(ticket: Ticket) -> sighting.Sighting | None:
    """Return when our probes first saw the trouble of the ticket's client; None when they saw none."""
    if ticket.incident_id is None:
        return None
    return sighting.of_client(ticket.incident_id, ticket.client_id)
