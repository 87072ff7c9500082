"""The level that a judgement held: what lasts is held, one peak is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.checks.held import Held, keeps
from astreinte.rules.checks.outcome import Level

LEVELS = {"o": Level.OK, "w": Level.WARNING, "c": Level.CRITICAL}


def held(seen, attempts=3):
    now = Held()
    for one in seen:
        now = now.after(LEVELS[one], attempts=attempts)
    return now.level


@pytest.mark.parametrize(
    ("seen", "level"),
    [
        pytest.param("", Level.OK, id="nothing yet"),
        pytest.param("cc", Level.OK, id="not yet three"),
        pytest.param("ccc", Level.CRITICAL, id="three in a row"),
        pytest.param("ccocc", Level.OK, id="interrupted"),
        pytest.param("cwc", Level.WARNING, id="the mildest of three"),
        pytest.param("cccw", Level.WARNING, id="a milder one at once"),
        pytest.param("ccco", Level.OK, id="over at once"),
        pytest.param("wwwcc", Level.WARNING, id="worse, but not for long"),
        pytest.param("wwwccc", Level.CRITICAL, id="worse, for long"),
    ],
)
def test_a_worse_level_is_held_once_it_lasts_and_a_milder_one_at_once(seen, level):
    assert held(seen) is level


def test_one_attempt_is_enough_where_one_makes_it_sure():
    assert held("c", attempts=1) is Level.CRITICAL


@given(st.text("owc", max_size=12), st.integers(1, 4))
def test_it_is_never_worse_than_what_was_seen_last(seen, attempts):
    if seen:
        assert held(seen, attempts).badness() <= LEVELS[seen[-1]].badness()


def test_a_held_critical_keeps_the_warning_as_well():
    assert keeps(Level.CRITICAL, Level.WARNING)
    assert not keeps(Level.WARNING, Level.CRITICAL)
    assert not keeps(Level.OK, Level.WARNING)
