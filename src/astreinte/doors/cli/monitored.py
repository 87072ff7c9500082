"""Servers, services, checks and incidents as a command shows them: plain values by name."""

import json
from datetime import datetime
from typing import Any

from astreinte.doors.cli import hushed
from astreinte.records.inventory import managing
from astreinte.records.inventory.models import Server, Service
from astreinte.records.monitoring import past
from astreinte.records.monitoring.models import Check, Incident, IncidentCheck, Transition
from astreinte.records.tickets import responsible
from astreinte.rules.checks.outcome import Level
from astreinte.rules.responsibility import Layer, layer_of
from astreinte.words import responsibility as words
from astreinte.words.responsibility import Parties

LAST = 20
Shown = dict[str, Any]


def server(row: Server) -> Shown:
    """Return a server in short."""
    return {
        "name": row.name,
        "client": row.client.name,
        "address": row.address,
        "id": row.public_id,
        "since": row.from_at,
        "until": row.until_at,
    }


def server_whole(row: Server, at: datetime) -> Shown:
    """Return a server with its services and checks in force at `at`."""
    services = Service.objects.as_of(at).filter(server=row).order_by("name")
    checks = Check.objects.as_of(at).filter(server=row).select_related("server", "state").order_by("name")
    return {
        **server(row),
        "services": [service(each) for each in services],
        "checks": [check(each, at) for each in checks],
        **_managed(row, at),
    }


def managed_whole(row: Server, at: datetime) -> Shown:
    """Return what of a server is managed at an instant, and who answers for each layer (A2.13)."""
    return {"name": row.name, "client": row.client.name, **_managed(row, at)}


def _managed(row: Server, at: datetime) -> Shown:
    flags = managing.at(row, at)
    parties = Parties(row.provider.name, row.client.name)
    return {
        "infrastructure_managed": None if flags is None else flags.infrastructure,
        "system_managed": None if flags is None else flags.system,
        "managed_since": None if flags is None else flags.since,
        "layers": [
            {"layer": layer.value, "duty": words.duty(responsible.duty(row, layer, at), parties)}
            for layer in Layer
        ],
    }


def service(row: Service) -> Shown:
    """Return a service."""
    return {
        "server": row.server.name,
        "name": row.name,
        "essential": row.essential,
        "since": row.from_at,
        "until": row.until_at,
    }


def check(row: Check, at: datetime) -> Shown:
    """Return a check and how it stands at `at`; `since` is of the level, `last_at` of the latest result.

    Nobody may be there to declare it stale: what is too old to be known is shown as such all the same.
    """
    state = row.state
    silent = state.stale_at <= at and state.level != Level.STALE.value
    return {
        "server": row.server.name,
        "name": row.name,
        "kind": row.kind,
        "level": Level.STALE.value if silent else state.level,
        "since": state.stale_at if silent else state.since,
        "text": state.text,
        "last_level": state.last_level or None,
        "last_at": state.last_at,
        "values": json.loads(state.values),
        "id": row.public_id,
    }


def check_whole(row: Check, at: datetime) -> Shown:
    """Return a check with its options, its pace and its last transitions."""
    transitions = row.transitions.order_by("-id")[:LAST]
    return {
        **check(row, at),
        "options": json.loads(row.options),
        "every_s": row.every_s,
        "retry_s": row.retry_s,
        "attempts": row.attempts,
        "recoveries": row.recoveries,
        "watched_from": row.from_at,
        "watched_until": row.until_at,
        "transitions": [transition(each) for each in transitions],
    }


def check_then(row: Check, at: datetime) -> Shown:
    """Return how a check stood at a past instant, and the transitions before it."""
    stood = past.state_at(row, at)
    before = row.transitions.filter(at__lte=at).order_by("-at", "-id")[:LAST]
    return {
        "server": row.server.name,
        "name": row.name,
        "kind": row.kind,
        "at": at,
        "level": stood.level.value,
        "since": stood.since,
        "id": row.public_id,
        "transitions": [transition(each) for each in before],
    }


def transition(row: Transition) -> Shown:
    """Return a transition."""
    return {
        "at": row.at,
        "first_at": row.first_at,
        "before": row.before,
        "after": row.after,
        "text": row.text,
    }


def incident(row: Incident) -> Shown:
    """Return an incident in short."""
    return {
        "number": row.number,
        "title": row.title,
        "detected_at": row.detected_at,
        "opened_at": row.opened_at,
        "recovered_at": row.recovered_at,
        "id": row.public_id,
    }


def incident_whole(row: Incident) -> Shown:
    """Return an incident with its checks, their transitions since it was detected, and the alerts held back."""
    links = list(row.checks.select_related("check_ref__server").order_by("joined_at", "id"))
    lived = Transition.objects.filter(
        check_ref__in=[link.check_ref_id for link in links], at__gte=row.detected_at
    )
    return {
        **incident(row),
        "checks": [
            {
                "server": link.check_ref.server.name,
                "check": link.check_ref.name,
                "joined_at": link.joined_at,
                "recovered_at": link.recovered_at,
                **_answers(link),
            }
            for link in links
        ],
        "held_back": hushed.held_back(row.held_alerts),
        "timeline": [
            {"at": each.at, "check": str(each.check_ref), "level": each.after, "text": each.text}
            for each in lived.select_related("check_ref__server").order_by("at", "id")
        ],
    }


def _answers(link: IncidentCheck) -> Shown:
    """Return who answers for what a check of an incident speaks of, by the flags of its own instant."""
    duty = responsible.duty_of(link.check_ref, link.joined_at)
    return {
        "layer": layer_of(link.check_ref.kind).value,
        "acts": None if duty is None else duty.acts.value,
        "informs": None if duty is None or duty.informs is None else duty.informs.value,
    }
