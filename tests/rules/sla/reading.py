"""Small readers for the tests of the clock: an instant as a person writes it, terms from a patch."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from astreinte.rules.sla import clock, terms
from astreinte.rules.sla.clock import ClockRun, Receipt, Suspension

PARIS = ZoneInfo("Europe/Paris")


def paris(text: str, *, fold: int = 0) -> datetime:
    """Return "2026-11-23 11:30" in Paris as an instant; `fold=1` is the second pass of the repeated hour."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


def shown(at: datetime | None) -> str | None:
    """Return an instant in Paris the way the tables write it, with seconds only when they matter."""
    if at is None:
        return None
    there = at.astimezone(PARIS)
    return there.strftime("%Y-%m-%d %H:%M:%S" if there.second else "%Y-%m-%d %H:%M")


def bound(patch: dict[str, Any] | None = None) -> terms.Terms:
    """Return the terms of 2017 changed by a patch."""
    return terms.parse(terms.resolve(patch or {}))


def started(
    at: datetime,
    *,
    priority: str = "critical",
    patch: dict[str, Any] | None = None,
    pauses: tuple[Any, ...] = (),
) -> ClockRun:
    """Return the clock of a ticket received at `at` in the web interface; `pauses` are (start, end)."""
    run = clock.run(
        bound(patch), priority, [Receipt(at, "web")], suspensions=[Suspension(*pause) for pause in pauses]
    )
    assert run is not None
    return run
