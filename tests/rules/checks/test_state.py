"""Results in, transitions out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.state import (
    State,
    StateError,
    Transition,
    as_text,
    from_text,
    settled,
    step,
)

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LETTERS = {
    "o": Level.OK,
    "w": Level.WARNING,
    "u": Level.UNKNOWN,
    "c": Level.CRITICAL,
    "i": Level.INCONCLUSIVE,
}
CONCLUSIVE = st.sampled_from([Level.OK, Level.WARNING, Level.UNKNOWN, Level.CRITICAL])
ANY = st.sampled_from(list(LETTERS.values()))
COUNTS = st.integers(min_value=1, max_value=5)


def instant(number):
    return START + timedelta(seconds=15 * number)


def play(levels, attempts=3, recoveries=2, state=None):
    """Feed the levels one every 15 s, and return the last state and the transitions by position."""
    state = state or State.new(START)
    seen = {}
    for number, level in enumerate(levels, 1):
        state, transition = step(state, level, at=instant(number), attempts=attempts, recoveries=recoveries)
        if transition is not None:
            seen[number] = transition
    return state, seen


def spelled(word):
    return [LETTERS[letter] for letter in word]


@pytest.mark.parametrize(
    ("word", "changes"),
    [
        pytest.param("o", {}, id="one success is not yet a recovery"),
        pytest.param("oo", {2: "ok"}, id="two successes are"),
        pytest.param("oocc", {2: "ok"}, id="two failures are not yet a problem"),
        pytest.param("ooccc", {2: "ok", 5: "critical"}, id="the third failure confirms"),
        pytest.param("oocuc", {2: "ok", 5: "unknown"}, id="critical, unknown, critical count to three"),
        pytest.param("oowwc", {2: "ok", 5: "warning"}, id="the level is what every attempt reached"),
        pytest.param("oowwccc", {2: "ok", 5: "warning", 7: "critical"}, id="a warning grows critical"),
        pytest.param("ooccoccc", {2: "ok", 8: "critical"}, id="a success in between starts the count again"),
        pytest.param("ooccciicoo", {2: "ok", 5: "critical", 10: "ok"}, id="inconclusive is skipped"),
        pytest.param("oocicic", {2: "ok", 7: "critical"}, id="inconclusive does not break a run"),
        pytest.param("oocccoccoo", {2: "ok", 5: "critical", 10: "ok"}, id="one success does not end it"),
        pytest.param("iiiiii", {}, id="our own failures never make a state"),
        pytest.param("ccc", {3: "critical"}, id="a check that is born broken"),
    ],
)
def test_a_run_of_results_makes_a_level_sure(word, changes):
    _, seen = play(spelled(word))
    assert {number: one.after.value for number, one in seen.items()} == changes


def test_a_transition_tells_when_it_began_and_when_it_was_sure():
    _, seen = play(spelled("ooccc"))
    assert seen[5] == Transition(before=Level.OK, after=Level.CRITICAL, at=instant(5), first_at=instant(3))


def test_a_new_check_is_stale_and_never_ok():
    assert State.new(START).level is Level.STALE


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("", False),
        ("o", False),
        ("oo", True),
        ("ooc", False),
        ("oocc", False),
        ("ooccc", True),
        ("ooccco", False),
        ("oocccoo", True),
        ("oocccw", True),
        ("oocccoc", True),
        ("oocccwcc", False),
        ("oowwwcc", False),
    ],
)
def test_results_that_disagree_with_the_level_ask_for_another_attempt_soon(word, answer):
    state, _ = play(spelled(word))
    assert settled(state) is answer


@pytest.mark.parametrize(("attempts", "recoveries"), [(0, 2), (3, 0), (-1, 1)])
def test_counts_start_at_one(attempts, recoveries):
    with pytest.raises(StateError, match="start at 1"):
        step(State.new(START), Level.OK, at=START, attempts=attempts, recoveries=recoveries)


def test_no_attempt_sees_stale():
    with pytest.raises(StateError, match="absence of results"):
        step(State.new(START), Level.STALE, at=START, attempts=1, recoveries=1)
    with pytest.raises(ValueError, match="absence of results"):
        Outcome(Level.STALE, "")


@given(st.lists(ANY), COUNTS, COUNTS)
def test_inconclusive_results_change_nothing(levels, attempts, recoveries):
    with_ours, _ = play(levels, attempts, recoveries)
    without, _ = play([level for level in levels if level is not Level.INCONCLUSIVE], attempts, recoveries)
    assert with_ours.level is without.level
    assert [one.level for one in with_ours.run] == [one.level for one in without.run]


@given(st.lists(CONCLUSIVE), COUNTS, COUNTS)
def test_ok_is_left_only_after_enough_failures_and_found_only_after_enough_successes(
    levels, attempts, recoveries
):
    _, seen = play(levels, attempts, recoveries)
    for number, transition in seen.items():
        needed = recoveries if transition.after is Level.OK else attempts
        window = levels[number - needed : number]
        assert len(window) == needed
        assert {one is Level.OK for one in window} == {transition.after is Level.OK}
        assert transition.first_at == instant(number - needed + 1)


@given(st.lists(CONCLUSIVE), COUNTS, COUNTS)
def test_enough_failures_in_a_row_are_never_ok(levels, attempts, recoveries):
    state, _ = play(levels + [Level.CRITICAL] * attempts, attempts, recoveries)
    assert state.level is Level.CRITICAL
    state, _ = play([Level.OK] * recoveries, attempts, recoveries, state)
    assert state.level is Level.OK


@given(st.lists(CONCLUSIVE), COUNTS, COUNTS)
def test_transitions_follow_one_another_without_a_hole(levels, attempts, recoveries):
    state, seen = play(levels, attempts, recoveries)
    before = Level.STALE
    for transition in seen.values():
        assert transition.before is before
        assert transition.after is not before
        before = transition.after
    assert state.level is before


@given(st.lists(CONCLUSIVE), COUNTS, COUNTS)
def test_a_state_keeps_no_more_results_than_it_needs(levels, attempts, recoveries):
    state, _ = play(levels, attempts, recoveries)
    assert len(state.run) <= max(attempts, recoveries)


@given(st.lists(ANY), COUNTS, COUNTS, st.lists(ANY))
def test_a_state_that_was_stored_goes_on_as_if_it_had_not_been(levels, attempts, recoveries, later):
    state, _ = play(levels, attempts, recoveries)
    last_at = instant(len(levels)) if levels else None
    stored = from_text(as_text(state, last_at), level=state.level.value, since=state.since, last_at=last_at)
    assert stored == state
    assert play(later, attempts, recoveries, stored) == play(later, attempts, recoveries, state)


def test_what_goes_on_is_stored_in_the_same_words():
    state, _ = play(spelled("ooo"))
    later, _ = play(spelled("oooooooo"))
    assert as_text(state, instant(3)) == as_text(later, instant(8)) == "ok@2026-11-24T03:00:30+00:00"
    assert as_text(later, instant(9)).startswith("@2026-11-24T03:02:00+00:00 ok@")
    assert as_text(State.new(START), START) == "@"


@pytest.mark.parametrize(
    ("level", "text", "message"),
    [
        ("green", "", "stored state 'green', '': 'green' is not a valid Level"),
        ("ok", "ok@yesterday", "'ok@yesterday': Invalid isoformat string: 'yesterday'"),
        ("ok", "ok@2026-11-24T03:00:00", "an instant without its zone: 2026-11-24T03:00:00"),
        ("ok", "ok", "'ok': Invalid isoformat string: ''"),
        ("ok", '{"level": "ok"}', "is not a valid Level"),
    ],
)
def test_a_stored_state_that_cannot_be_read_is_quoted(level, text, message):
    with pytest.raises(StateError, match=re.escape(message)):
        from_text(text, level=level, since=START, last_at=START)


def test_an_outcome_keeps_the_beginning_of_an_endless_text_and_refuses_what_is_no_number():
    assert len(Outcome(Level.UNKNOWN, "x" * 100_000).text) == 500
    with pytest.raises(ValueError, match="rtt_s: not a finite number"):
        Outcome(Level.OK, "", values={"rtt_s": float("nan")})
