"""Finds what a command names, within what the actor may see; says what there is when it finds nothing."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client
from astreinte.records.inventory.models import Server, Service
from astreinte.records.monitoring.models import Check, Incident

M = TypeVar("M", bound=Model)


class NotFoundError(LookupError):
    """Nothing by that name, or nothing that this actor may see: the two are not told apart."""


def client(text: str, actor: Actor) -> Client:
    """Return the client of this number or name; without a text, the provider's own house."""
    seen = Client.objects.visible_to(actor)
    if not text:
        found = seen.filter(internal=True).first()
    elif text.isdecimal():
        found = seen.filter(number=int(text)).first()
    else:
        found = seen.filter(name__iexact=text).first()
    if found is None:
        names = ", ".join(seen.order_by("name").values_list("name", flat=True)[:20])
        raise NotFoundError(f"client {text!r}: none of this number or name; there are: {names or 'none'}")
    return found


def server(text: str, actor: Actor, at: datetime) -> Server:
    """Return the server of this name or public id under management at `at`."""
    seen = Server.objects.as_of(at).visible_to(actor)
    found: Server | None = seen.filter(name=text.lower()).first() or seen.filter(public_id=text).first()
    if found is None:
        names = ", ".join(seen.order_by("name").values_list("name", flat=True)[:20])
        raise NotFoundError(f"server {text!r}: none of this name; there are: {names or 'none'}")
    return found


def service(on: Server, name: str, at: datetime) -> Service:
    """Return the service of this name declared on a server at `at`."""
    there = Service.objects.as_of(at).filter(server=on)
    found: Service | None = there.filter(name=name).first()
    if found is None:
        names = ", ".join(there.order_by("name").values_list("name", flat=True))
        raise NotFoundError(f"service {name!r}: {on.name} has none of this name; it has: {names or 'none'}")
    return found


def check(on: Server, name: str, at: datetime) -> Check:
    """Return the check of this name on a server, in force at `at`."""
    there = Check.objects.as_of(at).filter(server=on)
    found: Check | None = there.filter(name=name).first() or there.filter(public_id=name).first()
    if found is None:
        names = ", ".join(there.order_by("name").values_list("name", flat=True))
        raise NotFoundError(f"check {name!r}: {on.name} has none of this name; it has: {names or 'none'}")
    return found


def numbered(kind: type[M], seen: Any, number: int, shown_by: str) -> M:
    """Return the row of this number among those that are `seen`; `shown_by` is the command that lists them."""
    found: M | None = seen.filter(number=number).first()
    if found is None:
        raise NotFoundError(
            f"{kind._meta.verbose_name} {number}: none of this number; `astreinte {shown_by}` shows them"
        )
    return found


def incident(number: int, actor: Actor) -> Incident:
    """Return the incident of this number."""
    return numbered(Incident, Incident.objects.visible_to(actor), number, "incident list")
