"""A wheel gives each thing when its instant has come, in the order of the instants, and once."""

from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.wheel import Wheel


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(0, 400)), st.tuples(st.just("now"), st.integers(0, 90))
        )
    ),
    st.integers(1, 50),
)
def test_what_is_due_comes_out_in_order_as_from_a_sorted_list(moves, width):
    wheel: Wheel[int] = Wheel(width)
    waiting: list[tuple[int, int]] = []
    now = 0
    for number, (move, number_given) in enumerate(moves):
        if move == "add":
            wheel.add(number_given, number)
            waiting.append((number_given, number))
            continue
        now += number_given
        due = sorted(one for one in waiting if one[0] <= now)
        waiting = [one for one in waiting if one[0] > now]
        assert wheel.due(now) == [number for _, number in due]
        assert bool(wheel) is bool(waiting)


def test_an_instant_that_has_passed_is_due_at_once():
    wheel: Wheel[str] = Wheel(20)
    assert wheel.due(1_000_000) == []
    wheel.add(5, "long ago")
    wheel.add(1_000_001, "soon")
    assert wheel.due(1_000_000) == ["long ago"]
    assert wheel.due(1_000_001) == ["soon"]
    assert not wheel
