"""What of a server the provider manages: two flags, dated; who answers for a layer follows from them (A2.13)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.facts import ManagementStated
from astreinte.records.inventory.listing import InventoryError
from astreinte.records.inventory.models import Management, Server
from astreinte.records.journal import writing


@dataclass(frozen=True, slots=True)
class Managed:
    """The two flags of a server, as they hold since `since`."""

    infrastructure: bool
    system: bool
    since: datetime


def at(server: Server, instant: datetime) -> Managed | None:
    """Return the flags in force at an instant: of an event, those of its own instant. None: not said for then."""
    row = Management.objects.as_of(instant).filter(server=server).first()
    return None if row is None else Managed(row.infrastructure, row.system, row.from_at)


@transaction.atomic
def state(
    server: Server,
    *,
    infrastructure: bool,
    system: bool,
    at: datetime,
    actor: Actor,
    from_at: datetime | None = None,
) -> Management:
    """Say what of a server is managed, from an instant on (now, without one); it is never changed for the past.

    What is written already and has not begun by then is withdrawn. Saying again what holds returns what holds.
    Raises InventoryError for an instant that is past, or at which the server is not under management.
    """
    may(actor, "contracts.change", server)
    begins = max(from_at or at, server.from_at)
    if begins < at:
        # An alert was answered by the flags of its instant: a correction begins when it is written.
        raise InventoryError(
            f"management.from: {begins.isoformat()} is past; write an instant from now on ({at.isoformat()})"
        )
    if server.until_at is not None and server.until_at <= begins:
        raise InventoryError(f"server: {server.name} leaves management at {server.until_at.isoformat()}")
    Server.objects.select_for_update(no_key=True).get(pk=server.pk)
    standing = Management.objects.standing().filter(server=server)
    current: Management | None = standing.as_of(begins).first()
    to_come = list(standing.filter(from_at__gte=begins).order_by("from_at"))
    same = current is not None and (current.infrastructure, current.system) == (infrastructure, system)
    if current is not None and same and not [row for row in to_come if row != current]:
        return current
    rows = [_withdrawn(row, at) for row in to_come]
    if current is not None and current not in to_come:
        rows += _ended(current, begins, at)
    row = Management.objects.create(
        server=server, infrastructure=infrastructure, system=system, from_at=begins
    )
    fact = ManagementStated(
        at=at,
        provider_id=server.provider_id,
        server_id=server.pk,
        infrastructure=infrastructure,
        system=system,
        from_at=begins,
    )
    writing.append(fact, actor=actor, rows=[*rows, row])
    return row


def _withdrawn(row: Management, at: datetime) -> Management:
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    return row


def _ended(row: Management, until_at: datetime, at: datetime) -> list[Management]:
    """End what holds at an instant. An end is said once: one that has another is withdrawn, and said again."""
    if row.until_at is None:
        row.until_at = until_at
        row.save(update_fields=["until_at"])
        return [row]
    rows = [_withdrawn(row, at)]
    if row.from_at < until_at:
        again = Management.objects.create(
            server=row.server,
            infrastructure=row.infrastructure,
            system=row.system,
            from_at=row.from_at,
            until_at=until_at,
        )
        rows.append(again)
    return rows
