"""When silence becomes a state of its own: no data is not OK."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State, Transition

INTERVALS = 2
"""A check is stale when nothing conclusive came for two intervals and one time-out (engine rule 2)."""


def stale_at(state: State, *, every: timedelta, timeout: timedelta) -> datetime:
    """Return the instant from which the state is stale, if nothing conclusive comes before it."""
    return (state.seen_at or state.since) + patience(every=every, timeout=timeout)


def patience(*, every: timedelta, timeout: timedelta) -> timedelta:
    """Return for how long nothing conclusive may come before a check is stale."""
    return INTERVALS * every + timeout


def age(
    state: State, *, at: datetime, every: timedelta, timeout: timedelta
) -> tuple[State, Transition | None]:
    """Return the state as it stands at `at` when no result came since, and the transition to stale, if any.

    The run is forgotten: what comes after a blind period must be confirmed again. A check that never
    had a result is stale from the start and makes no transition. `first_at` of the transition is the
    last conclusive result: from there on we were blind.
    """
    blind_from = stale_at(state, every=every, timeout=timeout)
    if state.level is Level.STALE or at < blind_from:
        return state, None
    since_when = state.seen_at or state.since
    return replace(state, level=Level.STALE, since=blind_from, run=()), Transition(
        before=state.level, after=Level.STALE, at=blind_from, first_at=since_when
    )
