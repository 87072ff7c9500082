"""Instants, lengths of time and amounts as the hearer writes them.

What must not break over two lines is held together by non-breaking spaces.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from astreinte.rules.money import half_up, text
from astreinte.words import hearer
from astreinte.words.typography import NB, set_type


def day(at: datetime | date, zone: ZoneInfo | None = None) -> str:
    """Return the civil day with its name: "lundi 23 novembre 2026", "mardi 1er décembre 2026"."""
    there = at.astimezone(zone or hearer().zone).date() if isinstance(at, datetime) else at
    said = format_date(there, "EEEE d MMMM y", locale=hearer().locale)
    first = there.day == 1 and hearer().language == "fr"
    return set_type(said.replace(" 1 ", " 1er ", 1) if first else said)


def month(first: date) -> str:
    """Return a month with its year: "novembre 2026"."""
    return set_type(format_date(first, "MMMM y", locale=hearer().locale))


def hour(at: datetime, zone: ZoneInfo | None = None, *, seconds: bool | None = None) -> str:
    """Return the time of day, "13:30"; seconds when asked for, or when they are not zero.

    In the hour that happens twice, in autumn, the offset tells which one: "02:30 (+02:00)".
    """
    there = at.astimezone(zone or hearer().zone)
    shown = seconds if seconds is not None else bool(there.second)
    clock = f"{there:%H:%M:%S}" if shown else f"{there:%H:%M}"
    return f"{clock} ({there.isoformat()[-6:]})" if is_repeated(there) else clock


def is_repeated(there: datetime) -> bool:
    """Say whether this time of day happens twice on this day in its zone."""
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def instant(at: datetime, zone: ZoneInfo | None = None, *, seconds: bool | None = None) -> str:
    """Return day and time: "lundi 23 novembre 2026 à 11:30"."""
    link = "à" if hearer().language == "fr" else "at"
    return f"{day(at, zone)} {link} {hour(at, zone, seconds=seconds)}"


def near(at: datetime, reference: datetime, zone: ZoneInfo | None = None) -> str:
    """Return the time alone when it falls on the civil day of `reference`, else day and time."""
    there = zone or hearer().zone
    same = at.astimezone(there).date() == reference.astimezone(there).date()
    return hour(at, there) if same else instant(at, there)


def lasting(length: timedelta | int) -> str:
    """Return a length of time, exact to the second: "1 h 38", "30 min", "2 h 00 min 05 s"."""
    total = abs(int(length.total_seconds()) if isinstance(length, timedelta) else length)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{hours} h"] if hours else []
    if minutes or (seconds and hours) or not (hours or seconds):
        parts.append(
            (f"{minutes:02d}" if hours else f"{minutes}") + ("" if hours and not seconds else " min")
        )
    if seconds:
        parts.append(f"{seconds:02d} s" if parts else f"{seconds} s")
    return " ".join(parts).replace(" ", NB)


def amount(cents: int) -> str:
    """Return euros: "53,57 €" in French, "€53.57" in English."""
    return format_currency(Decimal(text(cents)), "EUR", locale=hearer().locale)


def unrounded(cents: Fraction) -> str:
    """Return exact euros with four decimals, and an ellipsis when there are more: "53,5714…"."""
    scaled = abs(cents) * 100
    digits = scaled.numerator // scaled.denominator
    more = "" if scaled.denominator == 1 else "…"
    return format_decimal(Decimal(digits).scaleb(-4), format="#,##0.00##", locale=hearer().locale) + more


def exact_amount(cents: Fraction) -> str:
    """Return an amount in euros; one that is no whole number of cents shows what follows them."""
    if cents.denominator == 1:
        return amount(half_up(cents))
    return f"{unrounded(cents)}{NB}€" if hearer().language == "fr" else f"€{unrounded(cents)}"


def number(value: Fraction) -> str:
    """Return a number with at most four decimals, as the hearer writes it."""
    return format_decimal(
        Decimal(value.numerator) / value.denominator, format="#,##0.####", locale=hearer().locale
    )


def in_utc(at: str) -> datetime:
    """Return an instant written with its offset, in UTC."""
    return datetime.fromisoformat(at).astimezone(UTC)
