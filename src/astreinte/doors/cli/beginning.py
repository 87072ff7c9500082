"""The first start: a provider, its house, the first administrator, and this very machine as first server."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.doors import offering
from astreinte.engine.collect import listening
from astreinte.engine.probes import kinds, local_disks
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.resolving import Resolver
from astreinte.records.accounts import actors, founding, inviting, people
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, Invitation, Person, Provider, Role
from astreinte.records.inventory import listing
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import checking
from astreinte.rules.checks.outcome import Level, Outcome

NAME = "Mon infogérance"
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where the hub is found, not what it listens on
WELL_KNOWN = 1024
"""Ports below are of services that are meant to be there; those above come and go."""

Wanted = tuple[str, dict[str, object]]
"""A kind of check and its options."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a first start needs to know: names, where people find it, and where it listens itself."""

    provider: str
    host: str
    origin: str
    email: str
    os_user: str
    address: tuple[str, int]


def begin(wanted: Beginning, *, at: datetime) -> bool:
    """Make what a first start makes, all or nothing; return whether it was the first."""
    actor = actors.system("accounts")
    if Provider.objects.exists():
        return False
    wanted_checks = _checks_of_this_machine(wanted.address[1])
    with transaction.atomic():
        if Provider.objects.exists():
            return False
        provider, _, house = founding.found(
            name=wanted.provider, host=wanted.host, origin=wanted.origin, at=at, actor=actor
        )
        people.add_person(
            provider,
            email=wanted.email,
            name=wanted.os_user,
            role="admin",
            os_user=wanted.os_user,
            at=at,
            actor=actor,
        )
        _watch_this_machine(house, wanted.address[0], wanted_checks, at=at, actor=actor)
    return True


def invitation(*, at: datetime) -> tuple[Person, str] | None:
    """Return the first administrator with a new one-time link, as long as nobody ever used one."""
    if Invitation.objects.exclude(used_at=None).exists():
        return None
    role = (
        Role.objects.as_of(at)
        .filter(role="admin", client=None, person__is_active=True)
        .select_related("person")
        .order_by("id")
        .first()
    )
    if role is None or role.person.has_usable_password():
        return None
    return role.person, inviting.invite(role.person, at=at, actor=actors.system("accounts"))


def _checks_of_this_machine(hub_port: int) -> list[Wanted]:
    """Return what is watched here: the facts that this machine really tells, the hub, and what listens."""
    others = sorted(
        port for port in listening.ports_of_this_machine() if port < WELL_KNOWN and port != hub_port
    )
    listens: list[Wanted] = [("tcp", {"port": port}) for port in (hub_port, *others)]
    return [
        *measured(
            [
                ("disk", {}),
                ("memory", {}),
                ("load", {}),
                ("mounts", {"read_only": ",".join(local_disks.read_only_now())}),
                ("clock", {}),
                ("boot", {}),
                ("units", {}),
                ("oom", {}),
                ("pressure", {}),
                ("swap", {}),
            ]
        ),
        ("http", {"port": hub_port, "path": "/healthz"}),
        *listens,
    ]


def measured(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return those that measure something on this machine, by one attempt each.

    No systemd, no swap, a kernel that counts no stalls: what can tell nothing is not watched.
    """

    async def tried() -> list[Outcome]:
        resolver = Resolver()
        attempts = [prepare(kind, "localhost", options, resolver) for kind, options in wanted]
        return await asyncio.gather(*(attempt() for attempt in attempts))

    return [
        one
        for one, outcome in zip(wanted, asyncio.run(tried()), strict=True)
        if outcome.level is not Level.INCONCLUSIVE and outcome.values
    ]


def _watch_this_machine(
    house: Client, host: str, wanted: Sequence[Wanted], *, at: datetime, actor: Actor
) -> Server:
    """Register this machine under the provider's own client, with what is watched on it."""
    server = listing.add_server(
        client=house, name=_machine_name(), address=HERE.get(host, host), at=at, actor=actor
    )
    for kind, options in wanted:
        kinds.read_options(kind, options)
        pace = kinds.kind_of(kind).pace
        checking.add(
            server=server,
            kind=kind,
            options=options,
            name=offering.name_of(kind, options),
            every_s=pace.every_s,
            retry_s=pace.retry_s,
            attempts=pace.attempts,
            recoveries=pace.recoveries,
            at=at,
            actor=actor,
        )
    return server


def _machine_name() -> str:
    name = socket.gethostname().strip().lower()
    return name if listing.HOST.fullmatch(name) else "this-machine"
