"""A provider comes to this installation, with its brand and its own house as internal client."""

import re
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import telephones
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import (
    BrandAdded,
    ClientAdded,
    EmergencyNumberRetired,
    EmergencyNumberSet,
    ProviderAdded,
)
from astreinte.records.accounts.models import Brand, Client, EmergencyNumber, Provider
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing


class AccountError(ValueError):
    """Something about an account that cannot be: names the place, the value and the way out."""


@transaction.atomic
def found(
    *, name: str, host: str, origin: str, at: datetime, actor: Actor, legal_name: str = ""
) -> tuple[Provider, Brand, Client]:
    """Add a provider with its first brand and its internal client (no contract, never invoiced)."""
    name = named("provider.name", name)
    if Provider.objects.filter(name=name).exists():
        raise AccountError(f"provider.name: {name!r} exists already; choose another name")
    provider = Provider.objects.create(name=name, legal_name=legal_name or name)
    fact = ProviderAdded(at=at, provider_id=provider.pk)
    writing.append(fact, actor=actor, rows=[provider])
    brand = _brand(provider, name=name, host=host, origin=origin, at=at, actor=actor)
    house = _client(provider, name=name, internal=True, at=at, actor=actor)
    return provider, brand, house


@transaction.atomic
def add_brand(provider: Provider, *, name: str, host: str, origin: str, at: datetime, actor: Actor) -> Brand:
    """Add a brand: people who come by `host` (no port) see its name and colours; links start with `origin`."""
    may(actor, "accounts.manage", provider)
    return _brand(provider, name=named("brand.name", name), host=host, origin=origin, at=at, actor=actor)


@transaction.atomic
def add_client(provider: Provider, *, name: str, at: datetime, actor: Actor) -> Client:
    """Add a client of the provider."""
    may(actor, "accounts.add_client", provider)
    return _client(provider, name=named("client.name", name), internal=False, at=at, actor=actor)


@transaction.atomic
def set_emergency_number(
    brand: Brand, *, number: str, from_at: datetime, at: datetime, actor: Actor
) -> EmergencyNumber:
    """Define a number on which a received call starts the clock (article 5)."""
    may(actor, "accounts.manage", brand)
    digits = telephones.normal(number)
    if digits is None:
        raise AccountError(
            f"emergency_number: {number!r} is no telephone number; write it like +33 2 61 91 00 24"
        )
    if EmergencyNumber.objects.as_of(from_at).filter(brand=brand, number=digits).exists():
        raise AccountError(f"emergency_number: {digits} is defined already for {brand.name}")
    row = EmergencyNumber.objects.create(brand=brand, number=digits, from_at=from_at)
    fact = EmergencyNumberSet(at=at, provider_id=brand.provider_id, brand_id=brand.pk, number=digits)
    writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def retire_emergency_number(row: EmergencyNumber, *, at: datetime, actor: Actor) -> EmergencyNumber:
    """End an emergency number: a later call to it is no call to a defined number."""
    may(actor, "accounts.manage", row)
    if row.until_at is not None:
        raise AccountError(
            f"emergency_number: {row.number} is retired already, at {row.until_at.isoformat()}"
        )
    row.until_at = at
    row.save(update_fields=["until_at"])
    fact = EmergencyNumberRetired(
        at=at, provider_id=row.brand.provider_id, brand_id=row.brand_id, number=row.number
    )
    writing.append(fact, actor=actor, rows=[row])
    return row


def _brand(provider: Provider, *, name: str, host: str, origin: str, at: datetime, actor: Actor) -> Brand:
    host = host.strip().lower()
    if not re.fullmatch(r"[a-z0-9.\-]{1,253}|\[[0-9a-f:]+\]", host):
        raise AccountError(
            f"brand.host: {host!r} is no host name; write it without https:// and without a port"
        )
    taken = Brand.objects.filter(host=host).first()
    if taken is not None:
        raise AccountError(
            f"brand.host: {host} is that of another brand; each brand has a host name of its own"
        )
    brand = Brand.objects.create(provider=provider, name=name, host=host, origin=origin.rstrip("/"))
    fact = BrandAdded(at=at, provider_id=provider.pk, brand_id=brand.pk)
    writing.append(fact, actor=actor, rows=[brand])
    return brand


def _client(provider: Provider, *, name: str, internal: bool, at: datetime, actor: Actor) -> Client:
    if Client.objects.filter(provider=provider, name=name).exists():
        raise AccountError(f"client.name: {name!r} exists already; choose another name")
    number = next_number(provider.pk, "client")
    client = Client.objects.create(provider=provider, number=number, name=name, internal=internal)
    fact = ClientAdded(at=at, provider_id=provider.pk, client_id=client.pk)
    writing.append(fact, actor=actor, rows=[client])
    return client


def named(place: str, name: str) -> str:
    """Return a name on one line, as it will be shown; AccountError for none."""
    name = " ".join(name.split())
    if not name or len(name) > 200 or not name.isprintable():
        raise AccountError(f"{place}: {name!r}: write a name of 1 to 200 characters")
    return name
