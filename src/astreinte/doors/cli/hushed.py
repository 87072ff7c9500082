"""Silences, windows and the alerts that they held back, as a command shows them: plain values by name."""

from datetime import datetime
from typing import Any

from astreinte.doors.cli import finding
from astreinte.records.accounts.actors import Actor
from astreinte.records.agenda.models import Window
from astreinte.records.monitoring.models import HeldAlert, Silence

Shown = dict[str, Any]


def find_silence(number: int, actor: Actor) -> Silence:
    """Return the silence of this number."""
    seen = Silence.objects.visible_to(actor).select_related("server", "check_ref")
    return finding.numbered(Silence, seen, number, "hush list --all")


def find_window(number: int, actor: Actor) -> Window:
    """Return the window of this number."""
    seen = Window.objects.visible_to(actor).select_related("client").prefetch_related("covers__server")
    return finding.numbered(Window, seen, number, "agenda list --all")


def about(row: Silence) -> str:
    """Return what a silence is about: "web1", or "web1: shop" for one check."""
    return f"{row.server.name}: {row.check_ref.name}" if row.check_ref else row.server.name


def silence(row: Silence, at: datetime) -> Shown:
    """Return a silence; `stands` is in force or over."""
    return {
        "number": row.number,
        "server": row.server.name,
        "check": row.check_ref.name if row.check_ref else None,
        "reason": row.reason,
        "author": row.author,
        "since": row.from_at,
        "until": row.until_at,
        "ended_at": row.ended_at,
        "stands": "in force" if row.over_at > at else "over",
    }


def silence_whole(row: Silence, at: datetime) -> Shown:
    """Return a silence with the alerts that it held back."""
    return {**silence(row, at), "held_back": held_back(row.held_alerts)}


def window(row: Window, at: datetime) -> Shown:
    """Return a window; `stands` is to come, under way, over or called off."""
    covers = sorted((one.server.name, one.check_name) for one in row.covers.all())
    return {
        "number": row.number,
        "client": row.client.name,
        "title": row.title,
        "author": row.author,
        "announced_at": row.announced_at,
        "from": row.from_at,
        "until": row.until_at,
        "withdrawn_at": row.withdrawn_at,
        "ended_at": row.ended_at,
        "stands": _stands(row, at),
        "covers": [f"{server}: {check}".removesuffix(": ") for server, check in covers],
        "id": row.public_id,
    }


def window_whole(row: Window, at: datetime) -> Shown:
    """Return a window with the alerts that it held back."""
    return {**window(row, at), "held_back": held_back(HeldAlert.objects.filter(window=row))}


def held_back(found: Any) -> list[Shown]:
    """Return the alerts that were held back among those `found`."""
    listed = found.select_related("incident", "client", "silence", "window").order_by("pk")
    return [_held_alert(one) for one in listed]


def _held_alert(row: HeldAlert) -> Shown:
    return {
        "incident": row.incident.number,
        "client": row.client.name,
        "since": row.first_at,
        "until": row.until_at,
        "by": str(row.silence or row.window),
        "settled_at": row.settled_at,
        "outcome": row.outcome,
    }


def _stands(row: Window, at: datetime) -> str:
    if row.withdrawn_at is not None:
        return "called off"
    if at < row.from_at:
        return "to come"
    return "under way" if at < row.over_at else "over"
