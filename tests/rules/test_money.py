"""Money is whole cents or an exact fraction; a number that was a float is refused at the border."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from astreinte.rules import money


@pytest.mark.parametrize(
    ("text", "cents"),
    [("390.00", 39000), ("0", 0), ("12.5", 1250), ("0.005", Fraction(1, 2)), ("9999.99", 999999)],
)
def test_a_decimal_string_is_read_exactly(text, cents):
    assert money.parse_euros(text) == cents


@pytest.mark.parametrize("wrong", ["", "-1", "1,50", "1e3", ".5", "5.", " 1", "٣", "NaN", "1_000", "9" * 40])
def test_anything_else_is_refused(wrong):
    with pytest.raises(money.MoneyError, match="expected digits"):
        money.parse_euros(wrong)


@pytest.mark.parametrize("wrong", [390.0, 390, None, True, ["1"]])
def test_a_json_number_is_refused_for_what_it_is(wrong):
    with pytest.raises(money.MoneyError, match="in quotes"):
        money.parse_euros(wrong)


@pytest.mark.parametrize(
    ("cents", "rounded", "cut"),
    [
        (Fraction(1, 2), 1, 0),
        (Fraction(3, 2), 2, 1),
        (Fraction(5, 2), 3, 2),
        (Fraction(2499, 1000), 2, 2),
        (Fraction(200000, 3), 66667, 66666),
        (Fraction(7), 7, 7),
    ],
)
def test_a_penalty_is_rounded_half_up_and_a_cap_is_cut(cents, rounded, cut):
    assert (money.half_up(cents), money.cut(cents)) == (rounded, cut)


@pytest.mark.parametrize(
    ("cents", "text"), [(5357, "53.57"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1234, "-12.34")]
)
def test_cents_are_written_with_two_decimals(cents, text):
    assert money.text(cents) == text


@given(some.integers(0, 10**12), some.integers(0, 6))
def test_a_decimal_string_comes_back_as_it_went(digits, places):
    value = Fraction(digits, 10**places)
    assert money.parse_decimal(money.decimal_text(value)) == value


def test_a_third_has_no_decimal_string():
    with pytest.raises(money.MoneyError, match="1/3"):
        money.decimal_text(Fraction(1, 3))
