"""What hushes a server or an alert, as pages tell it: who, why, until when. The level is shown as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from astreinte.records.accounts.actors import Actor
from astreinte.records.agenda.models import Window
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import HeldAlert, Silence
from astreinte.records.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Covered:
    """A server that a window covers, with the names of the checks that are meant; none: all of them."""

    server: Server
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Announced:
    """A window as it stands: `stands` is to_come, under_way, over or called_off."""

    window: Window
    covered: tuple[Covered, ...]
    stands: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """What hushes a server now, and what will."""

    silences: tuple[Silence, ...]
    windows: tuple[Announced, ...]


def quiet(server: Server, *, actor: Actor, at: datetime) -> Quiet:
    """Return the silences in force on a server (the staff alone sees them) and its windows under way and to come."""
    silences = Silence.objects.visible_to(actor).in_force(at).filter(server=server)
    windows = Window.objects.visible_to(actor).to_come(at).on(server)
    return Quiet(
        tuple(silences.select_related("server", "check_ref").order_by("until_at", "pk")),
        tuple(announced(windows.order_by("from_at", "pk"), at)),
    )


def announced(windows: Iterable[Window], at: datetime) -> list[Announced]:
    """Return windows with what they cover, in their order."""
    return [Announced(one, _covered(one), stands(one, at)) for one in windows]


def stands(window: Window, at: datetime) -> str:
    """Return how far a window is at `at`."""
    if window.withdrawn_at is not None:
        return "called_off"
    if at < window.from_at:
        return "to_come"
    return "under_way" if at < window.over_at else "over"


def held_back(ticket: Ticket, *, actor: Actor) -> list[HeldAlert]:
    """Return the alerts about a ticket that were held back, the latest first; one held on stands for those before."""
    if ticket.incident_id is None:
        return []
    found = HeldAlert.objects.visible_to(actor).filter(incident=ticket.incident_id, client=ticket.client_id)
    return list(found.exclude(outcome="again").select_related("silence", "window").order_by("-pk"))


def with_tickets(held: QuerySet[HeldAlert], *, actor: Actor) -> list[tuple[HeldAlert, Ticket]]:
    """Return alerts that were held back, each with the ticket that it is about, in their order."""
    rows = list(held.select_related("incident", "client"))
    tickets = Ticket.objects.visible_to(actor).filter(incident__in={row.incident_id for row in rows})
    known = {(ticket.incident_id, ticket.client_id): ticket for ticket in tickets}
    return [(row, known[row.incident_id, row.client_id]) for row in rows]


def waiting(*, actor: Actor) -> set[int]:
    """Return the tickets (by primary key) of which nobody is told yet."""
    held = HeldAlert.objects.visible_to(actor).filter(settled_at=None)
    return {ticket.pk for _, ticket in with_tickets(held, actor=actor)}


def in_force(*, actor: Actor, at: datetime) -> int:
    """Return how many silences and windows hush something at `at`."""
    silences = Silence.objects.visible_to(actor).in_force(at).count()
    return silences + Window.objects.visible_to(actor).at_work(at).count()


def hushed_servers(servers: Iterable[Server], *, actor: Actor, at: datetime) -> set[int]:
    """Return which of the servers (by primary key) something hushes at `at`, in part or whole."""
    listed = list(servers)
    silenced = Silence.objects.visible_to(actor).in_force(at).filter(server__in=listed)
    worked_on = Window.objects.visible_to(actor).at_work(at).on(*listed)
    return {
        *silenced.values_list("server_id", flat=True),
        *worked_on.values_list("covers__server_id", flat=True),
    }


def _covered(window: Window) -> tuple[Covered, ...]:
    by_server: dict[Server, list[str]] = {}
    for one in window.covers.select_related("server").order_by("server__name", "check_name"):
        by_server.setdefault(one.server, []).extend([one.check_name] if one.check_name else [])
    return tuple(Covered(server, tuple(names)) for server, names in by_server.items())
