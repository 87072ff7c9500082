"""How a check stood at a past instant: told by its transitions, which are never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.monitoring.models import Check, CheckState, Transition
from astreinte.rules.checks.outcome import Level


@dataclass(frozen=True, slots=True)
class Stood:
    """The level of a check at an instant, and since when; before its first result it is stale."""

    level: Level
    since: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level, from `start` until before `end`."""

    level: Level
    start: datetime
    end: datetime


def state_at(check: Check, at: datetime) -> Stood:
    """Return how the check stood at `at`, which is not in the future. Nothing is known before it was watched.

    A silence that nobody was there to declare counts from where it began. Raises ValueError for an instant
    at which the check was not watched.
    """
    if at < check.from_at or (check.until_at is not None and at >= check.until_at):
        raise ValueError(f"{check}: not watched at {at.isoformat()}")
    last = Transition.objects.filter(check_ref=check, at__lte=at).order_by("-at", "-pk").first()
    stood = Stood(Level.STALE, check.from_at) if last is None else Stood(Level(last.after), last.at)
    silent = _silent_since(check)
    if silent is not None and silent <= at and stood.level is not Level.STALE:
        return Stood(Level.STALE, silent)
    return stood


def stretches(check: Check, from_at: datetime, until_at: datetime) -> list[Stretch]:
    """Return the levels of the check between two instants, in order, as far as it was watched."""
    start, end = max(from_at, check.from_at), min(until_at, check.until_at or until_at)
    if end <= start:
        return []
    stood = state_at(check, start)
    found, level, since = [], stood.level, start
    for at, after in (*_changes(check, start, end), (end, Level.STALE)):
        if at > since:
            found.append(Stretch(level, since, at))
        level, since = after, max(since, at)
    return found


def _changes(check: Check, start: datetime, end: datetime) -> Iterator[tuple[datetime, Level]]:
    lived = Transition.objects.filter(check_ref=check, at__gt=start, at__lt=end).order_by("at", "pk")
    last = None
    for last in lived:
        yield last.at, Level(last.after)
    silent = _silent_since(check)
    told = last is not None and last.after == Level.STALE.value
    if silent is not None and start < silent < end and not told and (last is None or last.at <= silent):
        yield silent, Level.STALE


def _silent_since(check: Check) -> datetime | None:
    """Return from when on its last state is too old to be known; None when that state is stale already."""
    row = CheckState.objects.filter(check_ref=check).only("stale_at", "level").first()
    return None if row is None or row.level == Level.STALE.value else row.stale_at
