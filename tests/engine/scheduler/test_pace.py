"""When the next attempt is due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.scheduler import pace

NOON = 1_795_510_800_000
EVERY = st.integers(1, 3600)
RETRY = st.integers(1, 600)
NAMES = st.text(max_size=10)
INSTANTS = st.integers(NOON, NOON + 10**9)


def test_the_phase_of_a_check_is_the_same_after_a_restart():
    assert pace.phase_ms("web", 15) == 1652
    assert pace.phase_ms("ssh", 15) == 2515


def test_checks_are_spread_over_their_interval_so_that_a_restart_makes_no_burst():
    seconds = [pace.phase_ms(str(number), 15) // 1000 for number in range(3000)]
    in_each = [seconds.count(second) for second in range(15)]
    assert min(in_each) > 150
    assert max(in_each) < 250


@pytest.mark.parametrize(
    ("now_s", "settled", "due_s"),
    [
        pytest.param(0.1, True, 15, id="settled: on the grid"),
        pytest.param(0.1, False, 5, id="not sure: soon"),
        pytest.param(5.0, False, 5, id="a silent target is tried again as soon as the last attempt ended"),
        pytest.param(7.2, False, 8, id="at a whole number of seconds after the last"),
        pytest.param(14.5, False, 15, id="but the grid may come first"),
        pytest.param(20, True, 30, id="what passed is a gap"),
        pytest.param(31, False, 31, id="what passed is a gap, for a state that is not sure as well"),
    ],
)
def test_the_next_attempt_is_soon_while_the_state_is_not_sure(now_s, settled, due_s):
    due = pace.next_due(
        NOON,
        NOON + int(1000 * now_s),
        every_s=15,
        retry_s=5,
        phase=NOON % 15_000,
        settled=settled,
    )
    assert (due - NOON) / 1000 == due_s


@given(NAMES, EVERY, RETRY, st.integers(0, 10**7), st.booleans())
def test_slots_never_repeat_and_attempts_never_come_in_the_past(name, every_s, retry_s, took, settled):
    phase = pace.phase_ms(name, every_s)
    due = pace.after(NOON, every_s, phase)
    now = due + took
    then = pace.next_due(due, now, every_s=every_s, retry_s=retry_s, phase=phase, settled=settled)
    assert then >= now
    assert then - due >= 1000
    assert (then - due) % 1000 == 0
    assert then // 1000 > due // 1000
    assert then <= now + every_s * 1000


@given(NAMES, EVERY, INSTANTS)
def test_the_grid_has_one_instant_in_each_interval(name, every_s, at):
    phase = pace.phase_ms(name, every_s)
    due = pace.after(at, every_s, phase)
    assert at < due <= at + every_s * 1000
    assert due % (every_s * 1000) == phase
    assert pace.after(due, every_s, phase) == due + every_s * 1000


@pytest.mark.parametrize(("next_s", "count"), [(5, 0), (15, 0), (16, 1), (30, 1), (45, 2), (46, 3)])
def test_instants_of_the_grid_that_passed_are_counted(next_s, count):
    assert pace.missed(NOON, NOON + 1000 * next_s, every_s=15, phase=NOON % 15_000) == count
