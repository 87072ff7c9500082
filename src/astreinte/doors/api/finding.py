"""Finds what an address or a body names by its public id, within what the actor may see; a stranger gets 404."""

import re
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client
from astreinte.records.inventory.models import Server
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError

M = TypeVar("M", bound=Model)

PUBLIC_ID = re.compile(r"[a-z0-9]{16}")


def one(seen: QuerySet[M], what: str, public_id: str) -> M:
    """Return the row of this public id; Http404 for one that is not there, not theirs, or no id at all."""
    # What is no id never reaches the database: some texts cannot even be asked for there.
    found = seen.filter(public_id=public_id).first() if PUBLIC_ID.fullmatch(public_id) else None
    if found is None:
        raise Http404(f"{what}: none of this id; list them to see which there are")
    return found


def server(public_id: str, actor: Actor) -> Server:
    """Return a server, under management or gone."""
    seen: Any = Server.objects.visible_to(actor).standing().select_related("client")
    found: Server = one(seen, "server", public_id)
    return found


def ticket(public_id: str, actor: Actor) -> Ticket:
    """Return a ticket with what a door shows of it."""
    seen: Any = Ticket.objects.visible_to(actor)
    found: Ticket = one(
        seen.select_related("client__provider", "server", "assignee", "merged_into"), "ticket", public_id
    )
    return found


def named_server(place: str, public_id: str, actor: Actor, at: datetime) -> Server:
    """Return a server under management that a body names; TicketError with the place otherwise."""
    seen = Server.objects.visible_to(actor).as_of(at).select_related("client")
    found: Server | None = (
        seen.filter(public_id=public_id).first() if PUBLIC_ID.fullmatch(public_id) else None
    )
    if found is None:
        raise TicketError(
            f"{place}: {public_id[:40]!r} is no server of yours; GET /api/v1/servers lists them"
        )
    return found


def client(public_id: str | None, on: Server | None, actor: Actor) -> Client:
    """Return of whom a declaration is: the bearer's own client, the one named, or that of the server."""
    seen = Client.objects.visible_to(actor)
    if public_id is not None:
        found = seen.filter(public_id=public_id).first() if PUBLIC_ID.fullmatch(public_id) else None
        if found is None:
            raise TicketError(
                f"client: {public_id[:40]!r} is no client that you see; leave it out, or name one"
            )
        return found
    if on is not None:
        return on.client
    if actor.client_id is None:
        raise TicketError("client: is missing; name a client, or a server of one")
    return seen.get(pk=actor.client_id)
