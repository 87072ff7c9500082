"""Results in, transitions out: attempts before a problem is sure, recoveries before it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from astreinte.rules.checks.outcome import Level


class StateError(ValueError):
    """A stored state that cannot be read, or a question that has no sense."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One conclusive result of the current run: its level and its instant (UTC)."""

    level: Level
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """How a check stands.

    `level` holds since `since`; `run` is the latest conclusive results, oldest first, all OK or all not
    OK, as many as a confirmation may need; `seen_at` is the instant of the last conclusive result.
    """

    level: Level
    since: datetime
    run: tuple[Seen, ...] = ()
    seen_at: datetime | None = None

    def __post_init__(self) -> None:
        for at in (self.since, self.seen_at, *(seen.at for seen in self.run)):
            if at is not None and at.tzinfo is not UTC:
                raise StateError(f"not an instant in UTC: {at}")

    @classmethod
    def new(cls, at: datetime) -> State:
        """Return the state of a check that has no result yet: stale, for no data is never OK."""
        return cls(level=Level.STALE, since=at)

    @property
    def run_is_good(self) -> bool:
        """Say whether the run is of OK results; an empty run is not."""
        return bool(self.run) and self.run[-1].level is Level.OK


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of level that is sure.

    `at` is the instant of the result that made it sure, `first_at` the instant of the first of the
    results that did: the two that tell detection from confirmation.
    """

    before: Level
    after: Level
    at: datetime
    first_at: datetime


def step(
    state: State, seen: Level, *, at: datetime, attempts: int, recoveries: int
) -> tuple[State, Transition | None]:
    """Return the state after one more result, and the transition it makes sure, if any.

    Any run of results that are not OK confirms a problem (critical, unknown, critical counts to
    three); its level is the worst that `attempts` results in a row reached. A recovery needs
    `recoveries` OK in a row. Inconclusive results (our own failure) change nothing. Raises StateError
    for counts below one, an instant outside UTC, and `stale`, which is the absence of results (see
    `freshness`).
    """
    if attempts < 1 or recoveries < 1:
        raise StateError(f"attempts and recoveries start at 1: {attempts}, {recoveries}")
    if seen is Level.STALE:
        raise StateError("stale is the absence of results: no attempt sees it")
    if seen is Level.INCONCLUSIVE:
        return state, None
    good = seen is Level.OK
    goes_on = bool(state.run) and good is state.run_is_good
    run = (*state.run, Seen(seen, at)) if goes_on else (Seen(seen, at),)
    now = replace(state, run=run[-max(attempts, recoveries) :], seen_at=at)
    needed = recoveries if good else attempts
    window = run[-needed:]
    level = Level.OK if good else min((one.level for one in window), key=Level.badness)
    if len(window) < needed or level is state.level:
        return now, None
    return replace(now, level=level, since=at), Transition(
        before=state.level, after=level, at=at, first_at=window[0].at
    )


def settled(state: State) -> bool:
    """Say whether the latest result agrees with the level, so that the next may come at the slow pace.

    While it does not (a first failure, a first success after a problem, no result yet) another
    attempt soon makes the state sure sooner.
    """
    return bool(state.run) and state.run[-1].level is state.level


def as_json(state: State) -> dict[str, Any]:
    """Return the state as JSON values, to be stored; `from_json` is the way back."""
    return {
        "level": state.level.value,
        "since": state.since.isoformat(),
        "seen_at": None if state.seen_at is None else state.seen_at.isoformat(),
        "run": [[seen.level.value, seen.at.isoformat()] for seen in state.run],
    }


def from_json(stored: Mapping[str, Any]) -> State:
    """Return the state that `as_json` stored. Raises StateError, naming the key, for anything else."""
    key = "level"
    try:
        level = Level(stored[key])
        key = "since"
        since = _instant(stored[key])
        key = "seen_at"
        seen_at = None if stored[key] is None else _instant(stored[key])
        key = "run"
        run = tuple(Seen(Level(name), _instant(at)) for name, at in stored[key])
    except KeyError as error:
        raise StateError(f"{key}: missing from the stored state") from error
    except (TypeError, ValueError) as error:
        raise StateError(f"{key}: {error}") from error
    return State(level=level, since=since, run=run, seen_at=seen_at)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise StateError(f"an instant without its zone: {text}")
    return at.astimezone(UTC)
