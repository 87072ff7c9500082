"""A6.2 « égale au quintuple du forfait mensuel, divisé par le nombre d'heures d'ouverture du service »."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from astreinte.rules import money
from astreinte.rules.sla import penalties
from astreinte.rules.sla.penalties import PenaltyError, Price
from tests.rules.sla.reading import bound, paris, started

SATURDAY = paris("2026-11-28 07:00")
FEE = Price(50000, "monthly")


def owed(price=FEE, late=9000, deadline=SATURDAY, **penalty):
    return penalties.raw(bound({"penalty": penalty}), price, deadline, late)


@pytest.mark.parametrize(
    ("base", "rounding", "euros"),
    [
        ("business", "prorata", "44.64"),
        ("business", "started", "53.57"),
        ("business", "completed", "35.71"),
        ("elapsed", "prorata", "8.68"),
        ("elapsed", "started", "10.42"),
        ("elapsed", "completed", "6.94"),
    ],
)
def test_the_table_of_november_2026(base, rounding, euros):
    assert money.text(owed(opening_hours=base, rounding=rounding).raw_cents) == euros


@pytest.mark.parametrize(
    ("price", "euros"),
    [
        (Price(540000, "yearly"), "40.18"),
        (Price(150000, "quarterly"), "44.64"),
        (Price(50000, "monthly"), "44.64"),
    ],
)
def test_a_price_comes_down_to_the_month_without_rounding(price, euros):
    assert money.text(owed(price, rounding="prorata").raw_cents) == euros


def test_the_rate_is_exact_and_rounded_once_at_the_end():
    found = owed()
    assert found.rate == Fraction(5 * 50000, 140)
    assert (found.charged_seconds, found.opening_seconds, found.month) == (3 * 3600, 140 * 3600, "2026-11")


@pytest.mark.parametrize(
    ("late", "charged"), [(1, 3600), (3600, 3600), (3601, 7200), (7200, 7200), (7201, 10800)]
)
def test_a_started_hour_is_an_hour(late, charged):
    assert owed(late=late).charged_seconds == charged


def test_a_ticket_late_by_less_than_a_completed_hour_owes_nothing():
    assert owed(late=3599, rounding="completed").raw_cents == 0


def test_a_specific_contract_multiplies_by_ten():
    assert owed(multiplier="10").raw_cents == 10714


def test_the_month_is_that_of_the_deadline_even_when_the_hours_run_into_the_next():
    eve = owed(deadline=paris("2026-10-31 23:59:59"), late=7200)
    midnight = owed(deadline=paris("2026-11-01 00:00:00"), late=7200)
    assert (eve.month, eve.opening_seconds) == ("2026-10", 154 * 3600)
    assert (midnight.month, midnight.opening_seconds) == ("2026-11", 140 * 3600)


def test_a_one_off_order_has_no_fee_so_no_penalty_and_says_so():
    found = owed(Price(79900, "one_off"))
    assert (found.raw_cents, found.reason) == (0, "one_off")


def test_a_free_plan_owes_nothing():
    assert owed(Price(0, "monthly")).raw_cents == 0


def test_a_month_without_opening_hours_has_no_rate():
    with pytest.raises(PenaltyError, match="2026-11 has no opening hours"):
        penalties.raw(bound({"business_hours": {"mon-fri": None}}), FEE, SATURDAY, 1)


@pytest.mark.parametrize(
    ("rounding", "at", "then"),
    [
        pytest.param(
            "started", "2026-11-23 11:52", "2026-11-23 14:40", id="the second started hour, after lunch"
        ),
        pytest.param("started", "2026-11-23 11:00", "2026-11-23 11:40", id="the first, before it is late"),
        pytest.param("completed", "2026-11-23 11:52", "2026-11-23 14:40", id="the first completed hour"),
        pytest.param("prorata", "2026-11-23 11:52", None, id="no hour at all"),
    ],
)
def test_when_the_next_charged_hour_begins(rounding, at, then):
    run = started(paris("2026-11-20 10:40"), priority="urgent", patch={"penalty": {"rounding": rounding}})
    found = penalties.next_started_at(run, paris(at))
    assert found == (None if then is None else paris(then))


@given(
    some.integers(1, 10**6), some.integers(0, 10**5), some.sampled_from(["started", "completed", "prorata"])
)
def test_a_penalty_never_falls_with_the_delay(late, more, rounding):
    assert owed(late=late, rounding=rounding).raw_cents <= owed(late=late + more, rounding=rounding).raw_cents


@given(some.integers(0, 10**9), some.integers(1, 10**6))
def test_rounding_is_half_up_and_never_off_by_more_than_half_a_cent(numerator, denominator):
    exact = Fraction(numerator, denominator)
    off = money.half_up(exact) - exact
    assert -Fraction(1, 2) < off <= Fraction(1, 2)
    assert money.cut(exact) <= exact < money.cut(exact) + 1
