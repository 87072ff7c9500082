"""Someone intervenes: the act that stops the clock (article 5, « temps d'intervention »; A5.10)."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing
from astreinte.records.monitoring import sighting
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError, locked, say
from astreinte.records.worklog.facts import InterventionEnded, InterventionStarted
from astreinte.records.worklog.models import Intervention

ENOUGH = 20
"""Characters of evidence below which it is none."""


@transaction.atomic
def start(
    ticket: Ticket, *, at: datetime, actor: Actor, started_at: datetime | None = None, evidence: str = ""
) -> Intervention:
    """Begin an intervention, in one's own name, now.

    `started_at` in the past: written down afterwards. It needs its evidence, and is marked as such.
    A person has one intervention under way on a ticket; starting it again returns it.
    """
    may(actor, "worklog.intervene", ticket)
    ticket = locked(ticket)
    person_id = _somebody(actor)
    _is_open(ticket, afterwards=started_at is not None)
    running = Intervention.objects.filter(
        ticket=ticket, person_id=person_id, kind="session", ended_at=None
    ).first()
    if running is not None and started_at is None:
        return running
    begun = started_at or at
    if begun > at:
        raise TicketError(
            f"intervention.started_at: {begun.isoformat()} is still to come; leave it out to start now"
        )
    if begun < at and len(evidence.strip()) < ENOUGH:
        raise TicketError(
            f"intervention.evidence: {len(evidence.strip())} characters; what is written down afterwards needs its"
            f" evidence (the session's log, the call, the mail), in {ENOUGH} or more"
        )
    if begun < known_since(ticket):
        raise TicketError(
            f"intervention.started_at: {begun.isoformat()} is before anybody or anything reported this;"
            " write the instant at which the work on it began"
        )
    return _written(
        Intervention(
            ticket=ticket,
            person_id=person_id,
            kind="session",
            started_at=begun,
            recorded_at=at,
            evidence=evidence.strip(),
        ),
        actor,
    )


@transaction.atomic
def diagnose(ticket: Ticket, text: str, *, at: datetime, actor: Actor) -> Intervention:
    """Write a diagnostic: what is wrong and what will be done, by a named person, for both sides to read.

    It is a first technical act and stops the clock (A5.10); "we are looking into it" is none.
    """
    may(actor, "worklog.intervene", ticket)
    ticket = locked(ticket)
    person_id = _somebody(actor)
    _is_open(ticket)
    if len(text.strip()) < 40:
        raise TicketError(
            f"diagnostic: {len(text.strip())} characters; write what is wrong and what will be done, in 40 or more"
        )
    row = _written(
        Intervention(
            ticket=ticket,
            person_id=person_id,
            kind="diagnostic",
            started_at=at,
            recorded_at=at,
            ended_at=at,
            text=text.strip(),
        ),
        actor,
    )
    say(ticket, text, public=True, at=at, actor=actor)
    return row


@transaction.atomic
def end(intervention: Intervention, *, text: str, at: datetime, actor: Actor) -> Intervention:
    """End an intervention with what was done, which both sides read."""
    may(actor, "worklog.intervene", intervention)
    if not text.strip():
        raise TicketError("intervention.text: is empty; write what was done, for the client to read")
    row = (
        Intervention.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ticket")
        .get(pk=intervention.pk)
    )
    if row.ended_at is not None:
        raise TicketError(f"intervention on {row.ticket}: ended already, at {row.ended_at.isoformat()}")
    row.ended_at, row.text = at, text.strip()
    row.save(update_fields=["ended_at", "text"])
    fact = InterventionEnded(
        at=at, provider_id=row.ticket.provider_id, ticket_id=row.ticket_id, intervention_id=row.pk
    )
    writing.append(fact, actor=actor, rows=[row])
    say(row.ticket, text, public=True, at=at, actor=actor)
    return row


def _written(row: Intervention, actor: Actor) -> Intervention:
    row.save(force_insert=True)
    fact = InterventionStarted(
        at=row.started_at,
        provider_id=row.ticket.provider_id,
        ticket_id=row.ticket_id,
        intervention_id=row.pk,
        person_id=row.person_id,
        recorded_at=row.recorded_at,
    )
    writing.append(fact, actor=actor, rows=[row])
    return row


def _somebody(actor: Actor) -> int:
    if actor.person_id is None:
        raise TicketError(f"intervention: {actor} is nobody in particular; act as a person (--as E-MAIL)")
    return actor.person_id


def known_since(ticket: Ticket) -> datetime:
    """Return when the first of all reported it: before that nobody can have begun to work on it.

    Of what our probes saw, what they saw of this client alone counts: another's outage was no work for this one.
    """
    if ticket.incident_id is None:
        return ticket.opened_at
    seen = sighting.of_client(ticket.incident_id, ticket.client_id)
    return ticket.opened_at if seen is None else min(ticket.opened_at, seen.detected_at)


def _is_open(ticket: Ticket, *, afterwards: bool = False) -> None:
    if ticket.state == "merged" or (ticket.state == "closed" and not afterwards):
        raise TicketError(f"ticket {ticket}: is {ticket.state}; intervene on an open one")
