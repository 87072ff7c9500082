"""A6.1: the breach exists at the first second whose lateness is more than zero."""

from datetime import timedelta

import pytest

from tests.rules.sla.reading import paris, shown, started


@pytest.mark.parametrize(
    ("priority", "received", "deadline", "first_late"),
    [
        pytest.param("critical", "2026-11-28 03:00", "2026-11-28 07:00", "2026-11-28 07:00:01", id="elapsed"),
        pytest.param(
            "urgent", "2026-11-23 09:30", "2026-11-24 10:30", "2026-11-24 10:30:01", id="in an opening"
        ),
        pytest.param(
            "urgent", "2026-11-23 17:00", "2026-11-24 18:00", "2026-11-25 09:00:01", id="at a closing"
        ),
        pytest.param(
            "urgent", "2026-11-26 17:00", "2026-11-27 18:00", "2026-11-30 09:00:01", id="before a weekend"
        ),
    ],
)
def test_the_first_late_second(priority, received, deadline, first_late):
    run = started(paris(received), priority=priority)
    assert (shown(run.deadline), shown(run.first_late_at)) == (deadline, first_late)
    assert run.first_late_at is not None
    assert run.late_seconds(run.first_late_at) == 1
    assert run.late_seconds(run.first_late_at - timedelta(seconds=1)) == 0


def test_an_intervention_exactly_at_the_deadline_is_in_time():
    run = started(paris("2026-11-23 11:30"))
    assert run.late_seconds(paris("2026-11-23 13:30")) == 0
    assert run.late_seconds(paris("2026-11-23 11:00")) == 0, "before the receipt: a probe had rung"


def test_so_is_one_at_the_next_opening_after_a_deadline_at_a_closing():
    run = started(paris("2026-11-23 17:00"), priority="urgent")
    assert run.late_seconds(paris("2026-11-25 09:00")) == 0
    assert run.late_seconds(paris("2026-11-25 09:00:01")) == 1


def test_lateness_runs_on_the_clock_of_the_target():
    critical = started(paris("2026-11-27 16:00"))
    urgent = started(paris("2026-11-26 16:00"), priority="urgent")
    monday = paris("2026-11-30 10:00")
    assert critical.late_seconds(monday) == 64 * 3600, "elapsed, weekend included"
    assert urgent.late_seconds(monday) == 2 * 3600, "business hours: Friday 17:00 to 18:00, Monday from 9"


def test_no_lateness_is_counted_during_a_suspension_even_one_that_straddles_the_deadline():
    pause = (paris("2026-11-23 14:00"), paris("2026-11-23 15:00"))
    run = started(paris("2026-11-23 11:30"), pauses=(pause,))
    assert shown(run.deadline) == "2026-11-23 13:30"
    assert run.late_seconds(paris("2026-11-23 16:00")) == 5400


def test_a_suspension_at_the_deadline_puts_off_the_breach():
    pause = (paris("2026-11-23 13:30"), paris("2026-11-23 15:00"))
    run = started(paris("2026-11-23 11:30"), pauses=(pause,))
    assert shown(run.deadline) == "2026-11-23 13:30", "used up just as it begins"
    assert shown(run.first_late_at) == "2026-11-23 15:00:01"


def test_lateness_counted_before_a_suspension_for_good_stays():
    run = started(paris("2026-11-23 11:30"), pauses=((paris("2026-11-23 14:30"), None),))
    assert run.late_seconds(paris("2027-01-01 00:00")) == 3600
