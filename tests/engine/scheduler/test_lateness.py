"""A time measured by a loop that was late says nothing of the target."""

import pytest

from astreinte.engine.scheduler.lateness import Lateness


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_loop_that_comes_by_in_time_is_not_late(clock):
    lateness = Lateness(clock)
    for _ in range(10):
        clock.now += 0.11
        lateness.beat()
    assert lateness.worst_since(1000.0) == 0


def test_a_stall_counts_for_what_was_under_way_and_not_for_what_came_later(clock):
    lateness = Lateness(clock)
    clock.now += 0.32
    lateness.beat()
    clock.now += 0.02
    lateness.beat()
    assert lateness.worst_since(1000.0) == pytest.approx(0.3)
    assert lateness.worst_since(1000.33) == 0


def test_a_beat_that_is_overdue_counts_before_it_comes(clock):
    lateness = Lateness(clock)
    clock.now += 5.02
    assert lateness.worst_since(1005.0) == pytest.approx(5.0)
