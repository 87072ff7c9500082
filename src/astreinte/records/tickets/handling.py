"""A ticket is taken, given, put on hold, merged, closed. None of this stops a clock."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import Actor, system
from astreinte.records.accounts.models import Person
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.journal.events import Event
from astreinte.records.tickets.facts import (
    TicketClosed,
    TicketIntervened,
    TicketMerged,
    TicketPlaced,
    TicketPutOnHold,
    TicketResumed,
    TicketTaken,
)
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError, locked, reopen, rooted, say
from astreinte.records.tickets.qualifying import stronger
from astreinte.records.tickets.recoveries import counts, last_relapse


@transaction.atomic
def assign(ticket: Ticket, *, person: Person, at: datetime, actor: Actor) -> Ticket:
    """Give the ticket to someone of the staff, or take it oneself. The clock runs on (A5.10)."""
    may(actor, "tickets.handle", ticket)
    ticket = _open(ticket)
    if not actors.of_person(person, at).is_staff or person.provider_id != ticket.provider_id:
        raise TicketError(f"assignee: {person.name} is not of the provider's staff at that instant")
    ticket.assignee, ticket.taken_at = person, at
    ticket.save(update_fields=["assignee", "taken_at"])
    fact = TicketTaken(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk, person_id=person.pk)
    return _written(ticket, fact, actor)


def take(ticket: Ticket, *, at: datetime, actor: Actor) -> Ticket:
    """Take the ticket. The clock runs on: only an intervention stops it."""
    if actor.person_id is None:
        raise TicketError(f"take: {actor} is nobody in particular; act as a person (--as E-MAIL)")
    return assign(ticket, person=Person.objects.get(pk=actor.person_id), at=at, actor=actor)


@transaction.atomic
def wait_for_client(ticket: Ticket, *, text: str, at: datetime, actor: Actor) -> Ticket:
    """Say that the client's answer is awaited, and what is asked. Nothing in article 5 suspends the delay (A5.13)."""
    may(actor, "tickets.handle", ticket)
    ticket = _open(ticket)
    if not text.strip():
        raise TicketError("text: is empty; write what you ask of the client")
    ticket.state = "waiting"
    ticket.save(update_fields=["state"])
    _written(ticket, TicketPutOnHold(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk), actor)
    say(ticket, text, public=True, at=at, actor=actor)
    return ticket


@transaction.atomic
def resume(ticket: Ticket, *, at: datetime, actor: Actor) -> Ticket:
    """Stop waiting for the client."""
    may(actor, "tickets.handle", ticket)
    ticket = _open(ticket)
    ticket.state = "open"
    ticket.save(update_fields=["state"])
    return _written(ticket, TicketResumed(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk), actor)


@transaction.atomic
def close(ticket: Ticket, *, reason: str, at: datetime, actor: Actor) -> Ticket:
    """Close the ticket. Without an intervention, only with a reason that the client reads."""
    may(actor, "tickets.handle", ticket)
    ticket = _open(ticket)
    if ticket.intervened_at is None and not reason.strip():
        raise TicketError(
            f"ticket {ticket}: nobody intervened; start an intervention, or give the reason that the client will read"
        )
    ticket.state, ticket.closed_at, ticket.close_reason = "closed", at, reason.strip()
    ticket.save(update_fields=["state", "closed_at", "close_reason"])
    _written(ticket, TicketClosed(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk), actor)
    say(ticket, reason, public=True, at=at, actor=actor)
    return ticket


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, at: datetime, actor: Actor) -> Ticket:
    """Merge a ticket into another of the same client: all receipts are kept, the earliest that counts holds.

    The graver priority prevails (A5.15). Refused when it would lengthen or wipe a promise (told by commitments).
    """
    may(actor, "tickets.handle", ticket)
    may(actor, "tickets.handle", into)
    if ticket.pk == into.pk:
        raise TicketError(f"ticket {ticket}: cannot be merged into itself", why="itself")
    first, second = sorted((ticket, into), key=lambda one: one.pk)
    held = {one.pk: one for one in (locked(first), locked(second))}
    ticket, into = held[ticket.pk], held[into.pk]
    if ticket.client_id != into.client_id:
        raise TicketError(
            f"ticket {ticket}: is of another client than {into}; two clients' tickets are never merged",
            why="client",
        )
    if ticket.state == "merged":
        raise TicketError(f"ticket {ticket}: is merged already", why="merged")
    if into.state in {"merged", "closed"} or into.nature != ticket.nature:
        raise TicketError(
            f"ticket {into}: is {into.state}, {into.nature}; merge into an open ticket of the same nature",
            why="nature" if into.state in {"open", "waiting"} else "not open",
        )
    into.priority = stronger(ticket.priority, into.priority)
    moved = list(Ticket.objects.filter(merged_into=ticket))
    for child in moved:
        child.merged_into = into
        child.save(update_fields=["merged_into"])
    ticket.state, ticket.merged_into = "merged", into
    ticket.save(update_fields=["state", "merged_into"])
    into.opened_at = min(into.opened_at, ticket.opened_at)
    since = last_relapse([into, ticket, *moved])
    firsts = [when for when in (into.intervened_at, ticket.intervened_at) if when and counts(when, since)]
    into.intervened_at = min(firsts, default=None)
    into.save(update_fields=["opened_at", "intervened_at", "priority"])
    fact = TicketMerged(at=at, provider_id=into.provider_id, ticket_id=ticket.pk, into_id=into.pk)
    writing.append(fact, actor=actor, rows=[ticket, into, *moved])
    return into


@transaction.atomic
def reopen_contested(ticket: Ticket, *, text: str, at: datetime, actor: Actor) -> Ticket:
    """Open a closed ticket again, by either side, with the reason: its clock runs on as if it had not been closed."""
    may(actor, "tickets.reply", ticket)
    ticket = locked(ticket)
    if ticket.state != "closed":
        raise TicketError(f"ticket {ticket}: is {ticket.state}, not closed")
    if not text.strip():
        raise TicketError("text: is empty; write why it is not over")
    ticket = reopen(ticket, at=at, actor=actor)
    say(ticket, text, public=True, at=at, actor=actor)
    return ticket


@transaction.atomic
def place(ticket: Ticket, *, server: Server, at: datetime, actor: Actor) -> Ticket:
    """Say which server a ticket is about, when it came without one: its order line gives terms and fee."""
    may(actor, "tickets.handle", ticket)
    ticket = _open(ticket)
    if server.client_id != ticket.client_id:
        raise TicketError(f"server: {server.name} is not a server of {ticket.client.name}")
    if ticket.server_id is not None:
        raise TicketError(f"ticket {ticket}: is about {ticket.server}; the others are mentioned")
    ticket.server = server
    ticket.save(update_fields=["server"])
    fact = TicketPlaced(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk, server_id=server.pk)
    return _written(ticket, fact, actor)


def mark_intervened(*, ticket_id: int, person_id: int, at: datetime) -> None:
    """Remember the first intervention on a ticket, or on what it was merged into (told by flow).

    Whoever intervenes on a ticket that nobody took has taken it: pages and lists name one person. What was done
    before a relapse, and is written down after it, was done for the outage before.
    """
    ticket = rooted(ticket_id)
    if ticket.assignee_id is None and ticket.state != "closed":
        ticket.assignee_id, ticket.taken_at = person_id, at
        ticket.save(update_fields=["assignee", "taken_at"])
        taken = TicketTaken(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk, person_id=person_id)
        _written(ticket, taken, system("tickets"))
    if ticket.intervened_at is not None and ticket.intervened_at <= at:
        return
    if not counts(at, last_relapse([ticket, *Ticket.objects.filter(merged_into=ticket)])):
        return
    ticket.intervened_at = at
    ticket.save(update_fields=["intervened_at"])
    fact = TicketIntervened(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
    _written(ticket, fact, system("tickets"))


def _open(ticket: Ticket) -> Ticket:
    ticket = locked(ticket)
    if ticket.state in {"closed", "merged"}:
        raise TicketError(f"ticket {ticket}: is {ticket.state}; open another one for what is new")
    return ticket


def _written(ticket: Ticket, fact: Event, actor: Actor) -> Ticket:
    writing.append(fact, actor=actor, rows=[ticket])
    return ticket
