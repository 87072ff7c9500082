"""A5.4 « 8 heures (heures ouvrées) »: a counter over days, weekends and holidays."""

from datetime import timedelta

import pytest

from astreinte.rules.sla import clock
from tests.rules.sla.reading import paris, shown, started

GOLDEN = [
    ("2026-11-23 09:30", "2026-11-24 10:30"),
    ("2026-11-23 11:30", "2026-11-24 14:30"),
    ("2026-11-23 11:59", "2026-11-24 14:59"),
    ("2026-11-23 12:00", "2026-11-24 15:00"),
    ("2026-11-23 13:00", "2026-11-24 15:00"),
    ("2026-11-23 08:30", "2026-11-24 10:00"),
    ("2026-11-23 08:59", "2026-11-24 10:00"),
    ("2026-11-23 16:00", "2026-11-24 17:00"),
    ("2026-11-23 17:30", "2026-11-25 09:30"),
    ("2026-11-23 18:00", "2026-11-25 10:00"),
    ("2026-11-27 17:30", "2026-12-01 09:30"),
    ("2026-11-28 03:00", "2026-12-01 10:00"),
    ("2026-11-10 17:00", "2026-11-12 18:00"),
    ("2026-11-11 10:00", "2026-11-13 10:00"),
    ("2026-10-25 01:30", "2026-10-27 10:00"),
    ("2026-03-29 01:30", "2026-03-31 10:00"),
    ("2026-05-13 17:45", "2026-05-18 09:45"),
    ("2026-12-24 17:00", "2026-12-28 18:00"),
]


@pytest.mark.parametrize(("received", "due"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_the_golden_table_holds(received, due):
    assert shown(started(paris(received), priority="urgent").deadline) == due


@pytest.mark.parametrize("rule", ["reception", "proportional", "separate"])
def test_the_mixed_rule_says_nothing_about_a_target_with_business_hours_alone(rule):
    run = started(paris("2026-11-27 17:30"), priority="urgent", patch={"mixed_rule": rule})
    assert (run.mode, shown(run.deadline)) == ("business", "2026-12-01 09:30")


def test_an_allowance_used_up_at_a_closing_ends_at_the_closing_not_at_the_next_opening():
    run = started(paris("2026-11-23 17:00"), priority="urgent")
    assert shown(run.deadline) == "2026-11-24 18:00"


def test_what_is_left_is_counted_in_business_hours():
    run = started(paris("2026-11-27 17:30"), priority="urgent")
    assert clock.remaining(run, paris("2026-11-28 12:00")) == timedelta(hours=7, minutes=30)
    assert clock.remaining(run, paris("2026-12-01 10:30")) == -timedelta(hours=1)


def test_under_a_suspension_that_was_not_given_back_the_clock_has_no_end_but_something_left():
    run = started(paris("2026-11-23 09:30"), priority="urgent", pauses=((paris("2026-11-23 10:30"), None),))
    assert run.deadline is None
    assert run.first_late_at is None
    assert run.late_seconds(paris("2027-01-04 12:00")) == 0
    assert clock.remaining(run, paris("2026-11-30 12:00")) == timedelta(hours=7)


def test_a_deadline_beyond_four_hundred_days_is_refused():
    with pytest.raises(clock.HorizonReached, match="not reached within 400 days"):
        started(paris("2026-11-23 09:30"), priority="urgent", patch={"business_hours": {"mon-fri": None}})
