"""What nothing governs: servers under no order line, order lines under no accepted text (A1.1).

The provider's own house has no contract, and is no orphan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client
from astreinte.records.contracts import accepting
from astreinte.records.contracts.models import Coverage, OrderLine
from astreinte.records.inventory.models import Server


@dataclass(frozen=True, slots=True)
class Ungoverned:
    """An order line under no text: nothing is published for it, or the texts named in `missing` are not accepted."""

    line: OrderLine
    missing: tuple[str, ...]


def servers(actor: Actor, at: datetime) -> QuerySet[Server]:
    """Return the servers under management that no order line covers at `at`, by client and name."""
    covered = Coverage.objects.as_of(at).filter(line__in=OrderLine.objects.as_of(at))
    seen: QuerySet[Server] = Server.objects.visible_to(actor).as_of(at).filter(client__internal=False)
    return (
        seen.exclude(pk__in=covered.values("server_id"))
        .select_related("client")
        .order_by("client__name", "name")
    )


def lines(actor: Actor, at: datetime) -> list[Ungoverned]:
    """Return the order lines that are in force or to come whose client accepted no text, or not all of them."""
    seen = OrderLine.objects.visible_to(actor).standing().exclude(until_at__lte=at).select_related("client")
    told = _told((line.client for line in seen), at)
    return [
        Ungoverned(line, told[line.client_id][1])
        for line in seen.order_by("client__name", "number")
        if not told[line.client_id][0]
    ]


def _told(clients: Iterable[Client], at: datetime) -> dict[int, tuple[bool, tuple[str, ...]]]:
    """Return for each client whether accepted texts govern it wholly, and those that are missing."""
    found: dict[int, tuple[bool, tuple[str, ...]]] = {}
    for client in clients:
        if client.pk not in found:
            missing = tuple(one.name for one in accepting.missing(client, at))
            found[client.pk] = (not missing and bool(accepting.governing(client, at)), missing)
    return found
