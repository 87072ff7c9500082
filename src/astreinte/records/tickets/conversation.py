"""What is said about a ticket: to both sides, or among the staff."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.tickets.models import Message, Ticket
from astreinte.records.tickets.opening import TicketError, rooted, say


@transaction.atomic
def reply(ticket: Ticket, text: str, *, at: datetime, actor: Actor) -> Message:
    """Say something that both sides read."""
    may(actor, "tickets.reply", ticket)
    return _said(ticket, text, public=True, at=at, actor=actor)


@transaction.atomic
def note(ticket: Ticket, text: str, *, at: datetime, actor: Actor) -> Message:
    """Say something that the staff alone reads."""
    may(actor, "tickets.note", ticket)
    return _said(ticket, text, public=False, at=at, actor=actor)


def _said(ticket: Ticket, text: str, *, public: bool, at: datetime, actor: Actor) -> Message:
    if len(text) > 20_000:
        raise TicketError(f"text: {len(text)} characters; write at most 20000")
    message = say(rooted(ticket.pk), text, public=public, at=at, actor=actor)
    if message is None:
        raise TicketError("text: is empty; write what you want to say")
    return message
