"""Providers, brands, clients, people and what they may do, as a command shows them: plain values by name."""

from datetime import datetime
from typing import Any

from astreinte.records.accounts.models import Brand, Client, EmergencyNumber, Person, Provider, Role, Token
from astreinte.records.contracts.models import OrderLine
from astreinte.records.inventory.models import Server

Shown = dict[str, Any]


def provider(row: Provider) -> Shown:
    """Return a provider with its brands."""
    return {
        "name": row.name,
        "legal_name": row.legal_name,
        "brands": [one.name for one in row.brands.order_by("pk")],
        "id": row.public_id,
    }


def brand(row: Brand) -> Shown:
    """Return a brand."""
    return {
        "name": row.name,
        "host": row.host,
        "origin": row.origin,
        "colour": row.colour,
        "on_colour": row.on_colour,
        "id": row.public_id,
    }


def number(row: EmergencyNumber) -> Shown:
    """Return an emergency number."""
    return {"number": row.number, "brand": row.brand.name, "since": row.from_at, "until": row.until_at}


def client(row: Client) -> Shown:
    """Return a client in short; `house`: the provider's own, never invoiced."""
    return {"number": row.number, "name": row.name, "house": row.internal, "id": row.public_id}


def client_whole(row: Client, at: datetime) -> Shown:
    """Return a client with its people, order lines and servers at `at`."""
    roles = (
        Role.objects.as_of(at).filter(client=row).select_related("person").order_by("person__name", "role")
    )
    lines = OrderLine.objects.as_of(at).filter(client=row).order_by("number")
    servers = Server.objects.as_of(at).filter(client=row).order_by("name")
    return {
        **client(row),
        "people": [{"email": one.person.email, "name": one.person.name, "role": one.role} for one in roles],
        "lines": [{"number": one.number, "plan": one.plan, "since": one.from_at} for one in lines],
        "servers": [{"name": one.name, "address": one.address} for one in servers],
    }


def person(row: Person, at: datetime) -> Shown:
    """Return a person with the roles in force at `at`."""
    roles = Role.objects.as_of(at).filter(person=row).select_related("client").order_by("pk")
    held = [one.role if one.client is None else f"{one.role} of {one.client.name}" for one in roles]
    return {
        "email": row.email,
        "name": row.name,
        "roles": held,
        "language": row.language,
        "zone": row.zone,
        "os_user": row.os_user,
        "can_sign_in": row.is_active and row.has_usable_password(),
        "id": row.public_id,
    }


def role(row: Role) -> Shown:
    """Return a role or a mandate."""
    return {
        "email": row.person.email,
        "role": row.role,
        "client": None if row.client is None else row.client.name,
        "since": row.from_at,
        "until": row.until_at,
    }


def token(row: Token) -> Shown:
    """Return a token, without its text: that is not kept."""
    return {
        "email": row.person.email,
        "name": row.name,
        "client": None if row.client is None else row.client.name,
        "since": row.from_at,
        "until": row.until_at,
    }
