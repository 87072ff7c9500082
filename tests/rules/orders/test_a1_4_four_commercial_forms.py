"""Periods begin on the same day of the month, cost what they cost, and end when notice is given in time (A1.4)."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from astreinte.rules.orders import periods
from astreinte.rules.orders.periods import Fee, Period, PeriodError

STARTS = [date(2027, 1, 1) + timedelta(days=31 * step) for step in range(0, 26, 5)] + [
    date(2028, 2, 29),
    date(2026, 1, 31),
    date(2026, 12, 31),
]


def test_a1_4_a_quarter_and_a_month_give_one_penalty_base():
    assert periods.monthly(1500_00, "quarterly") == periods.monthly(500_00, "monthly") == Fraction(500_00)
    assert periods.monthly(5400_00, "yearly") == Fraction(450_00)
    assert periods.monthly(799_00, "one_off") is None


@pytest.mark.parametrize("period", ["monthly", "quarterly", "yearly"])
@pytest.mark.parametrize("start", STARTS, ids=str)
def test_each_day_belongs_to_exactly_one_period(start, period):
    until = start + timedelta(days=800)
    listed = list(periods.periods(start, period, until))
    assert [one.number for one in listed] == list(range(1, len(listed) + 1))
    assert all(one.ends == following.begins for one, following in pairwise(listed))
    for step in range(800):
        day = start + timedelta(days=step)
        assert periods.holding(start, period, day) == next(one for one in listed if day < one.ends)


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_parts_of_a_period_cost_the_whole_before_rounding(start):
    whole = periods.holding(start, "monthly", start)
    cents = 100_00 * whole.days
    fees = [Fee(start, cents)]
    for step in range(1, whole.days):
        cut = whole.begins + timedelta(days=step)
        before = periods.instalment(whole, fees, until=cut)
        after = periods.instalment(whole, fees, suspended=[(whole.begins, cut)])
        assert (before.charged_days, after.charged_days) == (step, whole.days - step)
        assert before.cents + after.cents == cents == periods.instalment(whole, fees).cents


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param(
            lambda: periods.anniversary(date(2026, 1, 1), "one_off", 1),
            "period: 'one_off': has no anniversary; use one of monthly, quarterly, yearly",
            id="a one-off order",
        ),
        pytest.param(
            lambda: periods.holding(date(2026, 1, 31), "monthly", date(2026, 1, 30)),
            "day: 2026-01-30: is before the start, 2026-01-31; write that day or a later one",
            id="a day before the start",
        ),
        pytest.param(
            lambda: periods.instalment(Period(1, date(2026, 1, 1), date(2026, 2, 1)), []),
            "fee: none on 2026-01-01; write a price from that day or before",
            id="no fee",
        ),
    ],
)
def test_what_has_no_period_says_so(asked, message):
    with pytest.raises(PeriodError) as refused:
        asked()
    assert str(refused.value) == message
