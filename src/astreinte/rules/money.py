"""Euros as whole cents, or as an exact fraction on the way there: the only module that rounds."""

import re
from fractions import Fraction

_DECIMAL = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?")


class MoneyError(ValueError):
    """A text that is not an amount; the message says how to write one."""


def parse_decimal(text: object) -> Fraction:
    """Return the exact value of a decimal string such as "390.00"; never of a JSON number.

    Raises MoneyError: a binary float has lost the cent before it arrives here, so numbers are refused.
    """
    if not isinstance(text, str):
        raise MoneyError('expected a decimal string such as "390.00", in quotes')
    if _DECIMAL.fullmatch(text) is None:
        raise MoneyError('expected digits, with at most one point, such as "390.00"')
    return Fraction(text)


def parse_euros(text: object) -> Fraction:
    """Return the cents, exact, of an amount in euros written as a decimal string."""
    return parse_decimal(text) * 100


def half_up(cents: Fraction) -> int:
    """Return whole cents, a half cent counting as one (article 6: each penalty is rounded once)."""
    return half_up_ratio(cents.numerator, cents.denominator)


def half_up_ratio(numerator: int, denominator: int) -> int:
    """Return the same of numerator/denominator cents (denominator > 0), without building the fraction."""
    return (2 * numerator + denominator) // (2 * denominator)


def cut(cents: Fraction) -> int:
    """Return whole cents, what exceeds them cut off: a cap that was rounded up would exceed the fee."""
    return cents.numerator // cents.denominator


def text(cents: int) -> str:
    """Return euros with two decimals and a point: 5357 is "53.57"."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{euros}.{rest:02d}"


def decimal_text(value: Fraction) -> str:
    """Return the shortest decimal string of a value that `parse_decimal` gave: 25/2 is "12.5".

    Raises MoneyError for a value without an end (a third).
    """
    scaled, digits = value, 0
    while scaled.denominator != 1:
        scaled, digits = scaled * 10, digits + 1
        if digits > 18:
            raise MoneyError(f"{value} has no decimal string of 18 digits or fewer")
    whole = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)
