"""What is said about a ticket: to both sides, or among the staff."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing
from astreinte.records.tickets.facts import TicketResumed
from astreinte.records.tickets.models import Message, Ticket
from astreinte.records.tickets.opening import TicketError, rooted, say


@transaction.atomic
def reply(ticket: Ticket, text: str, *, at: datetime, actor: Actor) -> Message:
    """Say something that both sides read; once the client has answered, nobody waits for it any more."""
    may(actor, "tickets.reply", ticket)
    message = _said(ticket, text, public=True, at=at, actor=actor)
    if actor.is_client:
        _resumed(rooted(ticket.pk), at=at, actor=actor)
    return message


@transaction.atomic
def note(ticket: Ticket, text: str, *, at: datetime, actor: Actor) -> Message:
    """Say something that the staff alone reads."""
    may(actor, "tickets.note", ticket)
    return _said(ticket, text, public=False, at=at, actor=actor)


def _resumed(ticket: Ticket, *, at: datetime, actor: Actor) -> None:
    if ticket.state != "waiting":
        return
    ticket.state = "open"
    ticket.save(update_fields=["state"])
    fact = TicketResumed(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
    writing.append(fact, actor=actor, rows=[ticket])


def _said(ticket: Ticket, text: str, *, public: bool, at: datetime, actor: Actor) -> Message:
    if len(text) > 20_000:
        raise TicketError(f"text: {len(text)} characters; write at most 20000")
    message = say(rooted(ticket.pk), text, public=public, at=at, actor=actor)
    if message is None:
        raise TicketError("text: is empty; write what you want to say")
    return message
