"""Results in, transitions out: attempts before a problem is sure, recoveries before it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from astreinte.rules.checks.outcome import Level


class StateError(ValueError):
    """A stored state that cannot be read, or a question that has no sense."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One conclusive result of the current run: its level and its instant (UTC)."""

    level: Level
    at: datetime

    def __post_init__(self) -> None:
        _must_be_utc(self.at)


@dataclass(frozen=True, slots=True)
class State:
    """How a check stands.

    `level` holds since `since`; `run` is the latest conclusive results, oldest first, all OK or all not
    OK, as many as a confirmation may need; `seen_at` is the instant of the last conclusive result. While
    the level is OK, an OK run has nothing more to confirm: of it one result is kept, the same one however
    long it goes on.
    """

    level: Level
    since: datetime
    run: tuple[Seen, ...] = ()
    seen_at: datetime | None = None

    def __post_init__(self) -> None:
        _must_be_utc(self.since)
        if self.seen_at is not None:
            _must_be_utc(self.seen_at)

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
    if good and goes_on and state.level is Level.OK:
        return State(state.level, state.since, state.run, at), None
    run = (*state.run, Seen(seen, at)) if goes_on else (Seen(seen, at),)
    now = State(state.level, state.since, run[-max(attempts, recoveries) :], at)
    needed = recoveries if good else attempts
    window = run[-needed:]
    level = Level.OK if good else min((one.level for one in window), key=Level.badness)
    if len(window) < needed or level is state.level:
        return now, None
    return State(level, at, run[-1:] if good else now.run, at), Transition(
        before=state.level, after=level, at=at, first_at=window[0].at
    )


def settled(state: State) -> bool:
    """Say whether the latest result agrees with the level, so that the next may come at the slow pace.

    While it does not (a first failure, a first success after a problem, no result yet) another
    attempt soon makes the state sure sooner.
    """
    return bool(state.run) and state.run[-1].level is state.level


def as_text(state: State, last_at: datetime | None) -> str:
    """Return what is to be stored of a state beside its level and since when; `from_text` is the way back.

    Words `level@instant`: the run. In front, where it is not `last_at`, the instant of the latest result of
    any kind, `@instant` says when something conclusive was seen, and `@` that nothing ever was. So the text of
    a run that only goes on stays the same.
    """
    words = [f"{seen.level.value}@{seen.at.isoformat()}" for seen in state.run]
    if state.seen_at != last_at:
        words.insert(0, f"@{'' if state.seen_at is None else state.seen_at.isoformat()}")
    return " ".join(words)


def from_text(text: str, *, level: str, since: datetime, last_at: datetime | None) -> State:
    """Return the state of which `as_text` stored the rest. Raises StateError, naming what cannot be read."""
    seen_at, run = last_at, []
    try:
        for word in text.split():
            name, _, at = word.partition("@")
            if name:
                run.append(Seen(Level(name), _instant(at)))
            else:
                seen_at = _instant(at) if at else None
        return State(Level(level), since, tuple(run), seen_at)
    except ValueError as error:
        raise StateError(f"stored state {level!r}, {text[:200]!r}: {error}") from error


def _must_be_utc(at: datetime) -> None:
    if at.tzinfo is not UTC:
        raise StateError(f"not an instant in UTC: {at}")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise StateError(f"an instant without its zone: {text}")
    return at.astimezone(UTC)
