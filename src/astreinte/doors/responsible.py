"""Who answers for which layer, as pages and commands show it: the next step of a ticket, the matrix of a server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand
from astreinte.records.inventory import managing
from astreinte.records.inventory.managing import Managed
from astreinte.records.inventory.models import Management, Server
from astreinte.records.tickets import responsible
from astreinte.records.tickets.models import Ticket
from astreinte.rules.responsibility import Layer
from astreinte.words import responsibility as words
from astreinte.words.responsibility import Parties


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who answers for each layer of a server: `managed` in words, since when, and each row as (layer, who acts)."""

    server: Server
    flags: Managed | None
    managed: str
    rows: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, Management], ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What a ticket's page says of it: the next steps in words; the matrix of its server as it was at its event."""

    steps: tuple[str, ...]
    matrix: Matrix | None


def of_ticket(ticket: Ticket, brand: Brand) -> Answers:
    """Return who answers for what a ticket is about, by the flags of its own instants."""
    parties = Parties(provider=brand.name, client=ticket.client.name)
    steps = said(responsible.steps(ticket), parties)
    server = ticket.server
    return Answers(tuple(steps), None if server is None else _matrix(server, ticket.opened_at, parties))


def said(steps: Sequence[responsible.Step], parties: Parties) -> list[str]:
    """Return next steps in words."""
    return [words.step(one.layer, one.server.name, one.duty, parties) for one in steps]


def of_server(server: Server, brand: Brand, *, actor: Actor, at: datetime) -> Matrix:
    """Return the matrix of a server at an instant, with its history: what was said of it, the latest first."""
    found = _matrix(server, at, Parties(provider=brand.name, client=server.client.name))
    rows = Management.objects.visible_to(actor).standing().filter(server=server).order_by("-from_at")
    history = tuple((words.managed(row.infrastructure, row.system), row) for row in rows)
    return Matrix(found.server, found.flags, found.managed, found.rows, history)


def _matrix(server: Server, at: datetime, parties: Parties) -> Matrix:
    flags = managing.at(server, at)
    rows = [(words.layer(layer), words.duty(responsible.duty(server, layer, at), parties)) for layer in Layer]
    known = (None, None) if flags is None else (flags.infrastructure, flags.system)
    return Matrix(server, flags, words.managed(*known), tuple(rows))
