"""A5.11 « de 9 heures à 12 heures et de 14 heures à 18 heures, du lundi au vendredi (hors jour férié) »."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise

import pytest

from astreinte.rules.sla import clock, terms
from astreinte.rules.sla.calendar import (
    CalendarError,
    holidays_of,
    month_of,
    opening_days,
    opening_seconds,
    spans_between,
)
from astreinte.rules.sla.instants import to_seconds
from tests.rules.sla.reading import bound, paris, shown, started

HOURS_OF_2026 = [147, 140, 154, 147, 119, 154, 154, 147, 154, 154, 140, 154]
DAYS_OF_2026 = [21, 20, 22, 21, 17, 22, 22, 21, 22, 22, 20, 22]
REAL_HOURS = {"2026-01": 744, "2026-02": 672, "2026-03": 743, "2026-04": 720, "2026-10": 745}


@pytest.mark.parametrize("month", range(1, 13))
def test_the_business_hours_of_each_month_of_2026(month):
    named = f"2026-{month:02d}"
    assert opening_seconds(bound(), named, "business") == HOURS_OF_2026[month - 1] * 3600
    assert opening_days(bound(), named) == DAYS_OF_2026[month - 1]


@pytest.mark.parametrize(("month", "hours"), REAL_HOURS.items())
def test_the_real_hours_of_a_month_follow_the_change_of_time(month, hours):
    assert opening_seconds(bound(), month, "elapsed") == hours * 3600


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-23 13:59:59", False),
        ("2026-11-23 14:00:00", True),
        ("2026-11-23 17:59:59", True),
        ("2026-11-23 18:00:00", False),
    ],
)
def test_spans_are_half_open(at, open_):
    assert bound().calendar.openings.holds(to_seconds(paris(at))) is open_


@pytest.mark.parametrize(
    ("calendar", "day", "open_"),
    [
        pytest.param("FR", "2026-05-25", False, id="Whit Monday is a holiday even where it is worked"),
        pytest.param("FR", "2026-05-15", True, id="a bridge day is not"),
        pytest.param("FR", "2026-04-03", True, id="Good Friday is an ordinary day"),
        pytest.param("FR-57", "2026-04-03", False, id="but not in Moselle"),
        pytest.param("FR-6AE", "2025-12-26", False, id="nor is 26 December in Alsace"),
        pytest.param("FR-GP", "2026-05-27", False, id="Guadeloupe has the abolition of slavery"),
        pytest.param(None, "2026-12-25", True, id="no calendar, no holiday"),
    ],
)
def test_the_calendar_of_the_contract_says_which_day_is_a_holiday(calendar, day, open_):
    openings = bound({"calendar": calendar}).calendar.openings
    assert openings.holds(to_seconds(paris(f"{day} 10:00"))) is open_


def test_an_agreed_closed_day_lengthens_a_deadline_and_shrinks_the_denominator():
    closed = {"closed_days": ["2026-11-24"]}
    run = started(paris("2026-11-23 17:30"), priority="urgent", patch=closed)
    assert shown(run.deadline) == "2026-11-26 09:30"
    assert opening_seconds(bound(closed), "2026-11", "business") == 133 * 3600


def test_frozen_holidays_stand_whatever_the_library_says_later():
    frozen = {2026: [date(2026, 11, 23)]}
    settled = terms.parse(terms.built_in(), frozen=frozen)
    run = clock.run(settled, "critical", [clock.Receipt(paris("2026-11-23 10:00"), "web")])
    assert run is not None
    assert run.regime == "non_business"
    later = clock.run(settled, "urgent", [clock.Receipt(paris("2026-11-11 10:00"), "web")])
    assert later is not None
    assert later.regime == "business", "11 November is not in the frozen list of 2026"
    assert settled.calendar.holidays(2027) == holidays_of("FR", 2027)


def test_the_days_of_a_year_can_be_frozen_from_the_library():
    assert len(holidays_of("FR", 2026)) == 11
    assert date(2026, 5, 14) in holidays_of("FR", 2026), "Ascension follows Easter"


def test_spans_between_cover_the_time_without_a_hole():
    start, end = paris("2026-11-27 08:00"), paris("2026-11-30 10:00")
    spans = spans_between(bound(), start, end)
    assert spans[0][0] == start
    assert spans[-1][1] == end
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert [inside for *_, inside in spans] == [False, True, False, True, False, True]
    assert sum((b - a for a, b, inside in spans if inside), timedelta()) == timedelta(hours=8)


def test_round_the_clock_hours_are_one_span_over_midnight():
    terms_ = bound({"business_hours": {"mon-fri": None, "mon-sun": ["00:00-24:00"]}, "calendar": None})
    start, end = paris("2026-11-27 08:00"), paris("2026-12-02 10:00")
    assert spans_between(terms_, start, end) == [(start, end, True)]


def test_the_month_is_civil_and_midnight_belongs_to_the_new_one():
    calendar = bound().calendar
    assert month_of(calendar, to_seconds(paris("2026-10-31 23:59:59"))) == "2026-10"
    assert month_of(calendar, to_seconds(paris("2026-11-01 00:00:00"))) == "2026-11"


def test_a_civil_new_year_that_is_still_last_year_in_utc_is_a_holiday():
    always = bound({"business_hours": {"mon-fri": None, "mon-sun": ["00:00-24:00"]}})
    assert always.calendar.openings.holds(to_seconds(paris("2026-12-31 23:30")))
    assert not always.calendar.openings.holds(to_seconds(paris("2027-01-01 00:30")))


def test_threads_that_ask_for_other_years_at_once_share_one_table():
    openings = bound({"closed_days": ["1999-12-30"]}).calendar.openings
    days = [paris(f"{year}-06-15 10:00") for year in range(1951, 2099, 9)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda day: openings.holds(to_seconds(day)), [*days, *reversed(days)]))
    alone = [bound().calendar.openings.holds(to_seconds(day)) for day in days]
    assert together == [*alone, *reversed(alone)]


def test_years_whose_holidays_nobody_knows_are_refused():
    with pytest.raises(CalendarError, match="outside 1950 to 2099"):
        started(paris("2099-12-31 10:00"), priority="urgent")


def test_a_receipt_far_from_today_extends_the_table():
    assert shown(started(paris("1987-06-05 17:00"), priority="urgent").deadline) == "1987-06-09 18:00"
    assert shown(started(paris("2064-06-06 17:00"), priority="urgent").deadline) == "2064-06-09 18:00"
