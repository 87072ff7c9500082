"""Checks are declared on a server, and ended."""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.facts import ServerEnded
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.monitoring import incidents
from astreinte.records.monitoring.facts import CheckAdded, CheckEnded
from astreinte.records.monitoring.models import Check, CheckState
from astreinte.rules.checks import freshness, state

DEFAULT_TIMEOUT_S = 10
LONGEST_S = 86_400
MOST_ATTEMPTS = 20


class CheckError(ValueError):
    """A check that cannot be: names the place, the value and the way out."""


@transaction.atomic
def add(
    *,
    server: Server,
    kind: str,
    at: datetime,
    actor: Actor,
    options: Mapping[str, Any] | None = None,
    name: str = "",
    every_s: int = 15,
    retry_s: int = 5,
    attempts: int = 3,
    recoveries: int = 2,
) -> Check:
    """Watch one more thing on a server, from now on. It is stale until results come (no data is never OK).

    `options` are those of the kind, already read by the door (the probes know them, the records do not).
    Raises CheckError.
    """
    may(actor, "monitoring.change", server)
    name = " ".join((name or kind).split())
    _refuse_numbers(every_s=every_s, retry_s=retry_s, attempts=attempts, recoveries=recoveries)
    if not name or len(name) > 100:
        raise CheckError(f"check.name: {name!r}: write a name of 1 to 100 characters")
    if server.until_at is not None and server.until_at <= at:
        raise CheckError(f"check.server: {server.name} left management; add the server again first")
    if Check.objects.as_of(at).filter(server=server, name=name).exists():
        raise CheckError(
            f"check.name: {server.name} has a check {name!r} already; choose another name, or end it first"
        )
    check = Check.objects.create(
        server=server,
        name=name,
        kind=kind,
        options=json.dumps(dict(options or {}), sort_keys=True, ensure_ascii=False),
        every_s=every_s,
        retry_s=retry_s,
        attempts=attempts,
        recoveries=recoveries,
        from_at=at,
    )
    fresh = state.State.new(at)
    CheckState.objects.create(
        check_ref=check,
        level=fresh.level.value,
        since=at,
        run=state.as_text(fresh, None),
        stale_at=freshness.stale_at(fresh, every=timedelta(seconds=every_s), timeout=timeout_of(check)),
    )
    fact = CheckAdded(at=at, provider_id=server.provider_id, check_id=check.pk, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[check])
    return check


@transaction.atomic
def end(check: Check, *, at: datetime, actor: Actor) -> Check:
    """Watch it no more. It leaves the incident that it is in; its history stays."""
    may(actor, "monitoring.change", check)
    if check.until_at is not None:
        raise CheckError(f"check: {check} ended already")
    check.until_at = at
    check.save(update_fields=["until_at"])
    server = check.server
    fact = CheckEnded(at=at, provider_id=server.provider_id, check_id=check.pk, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[check])
    incidents.leave(check, at=at, actor=actor)
    return check


def end_with_server(event: ServerEnded) -> None:
    """End the checks of a server that left management (reaction)."""
    watched = Check.objects.filter(server_id=event.server_id, until_at=None, withdrawn_at=None)
    for check in watched.order_by("id"):
        end(check, at=event.at, actor=actors.system("monitoring"))


def timeout_of(check: Check) -> timedelta:
    """Return how long one attempt of the check may last: its option `timeout_s`, or the default."""
    try:
        seconds = float(json.loads(check.options).get("timeout_s", DEFAULT_TIMEOUT_S))
    except (TypeError, ValueError):
        seconds = DEFAULT_TIMEOUT_S
    usable = math.isfinite(seconds) and 0 < seconds <= LONGEST_S
    return timedelta(seconds=seconds if usable else DEFAULT_TIMEOUT_S)


def _refuse_numbers(*, every_s: int, retry_s: int, attempts: int, recoveries: int) -> None:
    for place, value, most in (
        ("check.every_s", every_s, LONGEST_S),
        ("check.retry_s", retry_s, LONGEST_S),
        ("check.attempts", attempts, MOST_ATTEMPTS),
        ("check.recoveries", recoveries, MOST_ATTEMPTS),
    ):
        if not 1 <= value <= most:
            raise CheckError(f"{place}: {value}: write a whole number from 1 to {most}")
