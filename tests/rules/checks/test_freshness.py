"""No data is not OK."""

from datetime import UTC, datetime, timedelta

from astreinte.rules.checks.freshness import age, stale_at
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State, step

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
EVERY = timedelta(seconds=15)
TIMEOUT = timedelta(seconds=5)


def a_state(*levels):
    state = State.new(START)
    for number, level in enumerate(levels):
        state, _ = step(state, level, at=START + number * EVERY, attempts=3, recoveries=2)
    return state


def test_a_check_is_stale_after_two_intervals_and_a_timeout_without_a_result():
    state = a_state(Level.OK, Level.OK)
    limit = START + EVERY + timedelta(seconds=35)
    assert stale_at(state, every=EVERY, timeout=TIMEOUT) == limit
    before = limit - timedelta(microseconds=1)
    assert age(state, at=before, every=EVERY, timeout=TIMEOUT) == (state, None)
    late, transition = age(state, at=limit + timedelta(hours=1), every=EVERY, timeout=TIMEOUT)
    assert late.level is Level.STALE
    assert late.since == limit
    assert transition is not None
    assert (transition.before, transition.after) == (Level.OK, Level.STALE)
    assert (transition.first_at, transition.at) == (START + EVERY, limit)


def test_our_own_failures_do_not_keep_a_check_fresh():
    state = a_state(Level.OK, Level.OK, Level.INCONCLUSIVE, Level.INCONCLUSIVE, Level.INCONCLUSIVE)
    _, transition = age(state, at=START + 4 * EVERY, every=EVERY, timeout=TIMEOUT)
    assert transition is not None


def test_what_is_stale_stays_stale_without_a_second_transition():
    state = State.new(START)
    assert age(state, at=START + timedelta(days=1), every=EVERY, timeout=TIMEOUT) == (state, None)


def test_after_a_blind_period_a_state_must_be_confirmed_again():
    state, _ = age(
        a_state(Level.OK, Level.OK, Level.CRITICAL, Level.CRITICAL),
        at=START + timedelta(hours=1),
        every=EVERY,
        timeout=TIMEOUT,
    )
    state, transition = step(state, Level.CRITICAL, at=START + timedelta(hours=1), attempts=3, recoveries=2)
    assert transition is None
    assert state.level is Level.STALE
