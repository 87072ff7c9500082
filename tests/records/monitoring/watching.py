"""What the stories of this room need: a check on a server, and results as a watch would send them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from astreinte.engine.bus.ports import Result
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import checking, recording
from astreinte.records.monitoring.models import Check
from astreinte.records.monitoring.recording import Recorded
from astreinte.rules.checks.outcome import Level
from tests import builders

NOON = builders.paris("2026-11-23T12:00")
OK, WARNING, CRITICAL = Level.OK, Level.WARNING, Level.CRITICAL
UNKNOWN, INCONCLUSIVE = Level.UNKNOWN, Level.INCONCLUSIVE
DOWN, UP = [CRITICAL] * 3, [OK] * 2
"""What makes a fault sure with the default pace, and its end."""


def a_check(server: Server, name: str = "shop", at: datetime = NOON, **more: Any) -> Check:
    """A check of the kind `http`, with the default pace."""
    return checking.add(server=server, kind="http", name=name, at=at, actor=builders.SETUP, **more)


def result(check: Check, level: Level, at: datetime, text: str = "") -> Result:
    """What one attempt saw at an instant, due at that very second."""
    return Result(
        check.public_id, int(at.timestamp()), at, level, text or level.value, {"took_s": 0.01}, 0.01
    )


def recorded(
    check: Check,
    levels: Iterable[Level],
    *,
    start: datetime = NOON,
    step_s: int = 5,
    at: datetime | None = None,
) -> Recorded:
    """Record a row of results, `step_s` apart from `start` on, in one batch."""
    row = [
        result(check, level, start + timedelta(seconds=place * step_s)) for place, level in enumerate(levels)
    ]
    return recording.record(row, at=at or row[-1].at, actor=builders.SETUP)
