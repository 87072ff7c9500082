"""Tickets, calls and interventions on one line each, for a table in a terminal."""

from datetime import datetime, timedelta
from typing import Any

from astreinte.doors.plainly import Plain
from astreinte.words import hearer
from astreinte.words import standing as words

COLUMNS = (
    "number",
    "priority",
    "standing",
    "left",
    "deadline",
    "owed",
    "client",
    "server",
    "assignee",
    "subject",
)
"""What a table of tickets shows: never a countdown without its deadline."""


def lines(found: list[Plain]) -> list[dict[str, Any]]:
    """Return tickets as lines of a table; they come from `plainly.tickets`."""
    return [line(one) for one in found]


def line(one: Plain) -> dict[str, Any]:
    """Return a ticket as one line of a table."""
    promise, owed, server = one["promise"] or {}, one["owed"] or {}, one["server"] or {}
    runs = one["standing"] in {"running", "late"}
    due = owed.get("due")
    return {
        **one,
        "standing": one["standing"] if one["state"] in {"open", "waiting"} else one["state"],
        "left": _left(promise.get("left_s")) if runs else "",
        "deadline": near(promise["deadline_at"]) if promise.get("deadline_at") else "",
        "owed": f"{due} EUR" if due and due != "0.00" else "",
        "server": server.get("name", ""),
    }


def near(at: datetime) -> str:
    """Write an instant in the reader's zone, short, with its offset: one night a year has two o'clock twice."""
    local = at.astimezone(hearer().zone)
    return f"{local:%Y-%m-%d} {local.isoformat(timespec='minutes')[11:]}"


def _left(seconds: int | None) -> str:
    return "" if seconds is None else words.left(timedelta(seconds=seconds))
