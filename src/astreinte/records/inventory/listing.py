"""Servers and services enter the inventory, and leave it."""

import re
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.facts import ServerAdded, ServerEnded, ServiceAdded, ServiceEnded
from astreinte.records.inventory.models import Server, Service
from astreinte.records.journal import writing

HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,251}[A-Za-z0-9_])?|[0-9A-Fa-f:.]+")


class InventoryError(ValueError):
    """Something that the inventory cannot hold: names the place, the value and the way out."""


@transaction.atomic
def add_server(
    *,
    client: Client,
    name: str,
    at: datetime,
    actor: Actor,
    address: str = "",
    from_at: datetime | None = None,
) -> Server:
    """Take a server under management. `address` is what probes connect to; without one, its name."""
    may(actor, "inventory.change", client)
    name, address = name.strip().lower(), (address or name).strip()
    for place, value in (("server.name", name), ("server.address", address)):
        if not HOST.fullmatch(value):
            raise InventoryError(
                f"{place}: {value!r}: write a host name or an IP address, for instance web1.kermor.example"
            )
    if Server.objects.filter(
        provider_id=client.provider_id, name=name, until_at=None, withdrawn_at=None
    ).exists():
        raise InventoryError(
            f"server.name: {name} is under management already; end it first, or choose another name"
        )
    server = Server.objects.create(
        provider_id=client.provider_id, client=client, name=name, address=address, from_at=from_at or at
    )
    fact = ServerAdded(at=at, provider_id=server.provider_id, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[server])
    return server


@transaction.atomic
def end_server(server: Server, *, at: datetime, actor: Actor) -> Server:
    """Let a server leave management; its history stays."""
    may(actor, "inventory.change", server)
    if server.until_at is not None:
        raise InventoryError(f"server: {server.name} left management already")
    server.until_at = at
    server.save(update_fields=["until_at"])
    fact = ServerEnded(at=at, provider_id=server.provider_id, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[server])
    return server


@transaction.atomic
def add_service(*, server: Server, name: str, at: datetime, actor: Actor, essential: bool = False) -> Service:
    """Declare a service on a server; `essential`: among the client's essential functions (article 5)."""
    may(actor, "inventory.change", server)
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise InventoryError(f"service.name: {name!r}: write a name of 1 to 100 characters")
    if Service.objects.as_of(at).filter(server=server, name=name).exists():
        raise InventoryError(f"service.name: {name!r} is declared already on {server.name}")
    service = Service.objects.create(server=server, name=name, essential=essential, from_at=at)
    fact = ServiceAdded(at=at, provider_id=server.provider_id, server_id=server.pk, service_id=service.pk)
    writing.append(fact, actor=actor, rows=[service])
    return service


@transaction.atomic
def end_service(service: Service, *, at: datetime, actor: Actor) -> Service:
    """End the declaration of a service."""
    may(actor, "inventory.change", service)
    if service.until_at is None:
        service.until_at = at
        service.save(update_fields=["until_at"])
        server = service.server
        fact = ServiceEnded(at=at, provider_id=server.provider_id, server_id=server.pk, service_id=service.pk)
        writing.append(fact, actor=actor, rows=[service])
    return service
