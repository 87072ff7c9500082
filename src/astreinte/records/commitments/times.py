"""The eight times of an incident, kept apart (A5.1): nobody's clock is read for somebody else's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.commitments.models import Clock
from astreinte.records.commitments.verdicts import first_intervention
from astreinte.records.monitoring.models import Incident, IncidentCheck
from astreinte.records.tickets.models import Receipt, Ticket


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened, and when each of the eight things was known or done; None for what was not.

    `occurred_at` is an estimate: the earliest instant that the pace of the probes leaves possible. Where nothing
    was detected and nothing called, these are None. `ticket_received_at` is the first declaration of the
    client, `ticket_opened_at` when the ticket began, by whatever way. `clock_restarted_at`: the clock that runs
    now, or ran last, began then, because the fault came back after an intervention.
    """

    occurred_at: datetime | None
    detected_at: datetime | None
    ticket_opened_at: datetime
    ticket_received_at: datetime | None
    call_received_at: datetime | None
    clock_started_at: datetime | None
    clock_restarted_at: datetime | None
    intervention_started_at: datetime | None
    restored_at: datetime | None
    closed_at: datetime | None

    @property
    def to_ticket(self) -> timedelta | None:
        """How long after its detection the incident had a ticket; None for what no probe saw, or saw later."""
        if self.detected_at is None or self.ticket_opened_at < self.detected_at:
            return None
        return self.ticket_opened_at - self.detected_at


def of(ticket: Ticket) -> Times:
    """Return the eight times of a ticket, with what was merged into it. Who shows it looks who may see the ticket."""
    incident = ticket.incident
    receipts = Receipt.objects.filter(ticket=ticket) | Receipt.objects.filter(ticket__merged_into=ticket)
    declared = receipts.filter(call=None).exclude(channel="monitoring").order_by("at").first()
    called = receipts.exclude(call=None).order_by("at").first()
    promises = list(Clock.objects.held().contractual().filter(ticket=ticket).order_by("turn"))
    worked = first_intervention(ticket)
    return Times(
        occurred_at=None if incident is None else occurred_at(incident),
        detected_at=None if incident is None else incident.detected_at,
        ticket_opened_at=ticket.opened_at,
        ticket_received_at=None if declared is None else declared.at,
        call_received_at=None if called is None else called.at,
        clock_started_at=promises[0].started_at if promises else None,
        clock_restarted_at=promises[-1].started_at if len(promises) > 1 else None,
        intervention_started_at=None if worked is None else worked.started_at,
        restored_at=ticket.restored_at,
        closed_at=ticket.closed_at,
    )


def occurred_at(incident: Incident) -> datetime:
    """Return the earliest instant at which it can have begun: one attempt before the first that failed."""
    links = IncidentCheck.objects.filter(incident=incident).select_related("check_ref")
    first = links.order_by("joined_at", "pk").first()
    pace = 0 if first is None else first.check_ref.every_s
    return incident.detected_at - timedelta(seconds=pace)
