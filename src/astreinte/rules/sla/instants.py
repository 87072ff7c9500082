"""Instants and durations as people write them, and as whole seconds: the border of the rules.

Inside, an instant is the number of seconds since 1970 in UTC: integers compare, subtract and
bisect without a time zone in the way. Fractions of a second are cut.
"""

import re
from datetime import UTC, date, datetime, timedelta

FIRST_YEAR, LAST_YEAR = 1950, 2099
"""The years an instant may fall in: those whose public holidays are known on both sides."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))?"
)
_NAIVE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+")
_DURATION = re.compile(r"(?:([0-9]{1,7})h)?(?:([0-9]{1,7})m)?")

# Filled with what was met, so bounded by the days of two centuries, the minutes of a day and the
# offsets: parsing a file then comes down to four look-ups an instant.
_days: dict[str, int] = {}
_minutes: dict[str, int] = {}
_seconds: dict[str, int] = {}
_offsets: dict[str, int] = {}


class InstantError(ValueError):
    """A text that is not an instant, a date or a duration; the message says how to write one."""


def parse_instant(text: str) -> int:
    """Return the second of an RFC 3339 instant; raise InstantError without an offset."""
    try:
        return _days[text[:10]] + _minutes[text[10:16]] + _seconds[text[16:19]] - _offsets[text[19:]]
    except (KeyError, TypeError):
        return _read(text)


def _read(text: object) -> int:
    if not isinstance(text, str):
        raise InstantError('expected an instant such as "2026-05-07T17:59:00+02:00", in quotes')
    match = _INSTANT.fullmatch(text)
    if match is None or (match[5] is None and text[-1] not in "Zz"):
        if _NAIVE.fullmatch(text):
            raise InstantError('an instant needs its offset: end it with "Z" or one such as "+02:00"')
        raise InstantError('expected an instant such as "2026-05-07T17:59:00+02:00"')
    day = parse_day(match[1])
    minute = _bounded(match[2], 24) * 3600 + _bounded(match[3], 60) * 60
    second = _bounded(match[4], 60)
    offset = 0
    if match[5] is not None:
        offset = (_bounded(match[6], 24) * 60 + _bounded(match[7], 60)) * (60 if match[5] == "+" else -60)
    _days[text[:10]] = day * 86400
    _minutes[text[10:16]] = minute
    _seconds[text[16:19]] = second
    if "." not in text:
        _offsets[text[19:]] = offset
    return day * 86400 + minute + second - offset


def _bounded(digits: str, limit: int) -> int:
    number = int(digits)
    if number >= limit:
        raise InstantError(f"{digits} is past {limit - 1:02d}, the last hour, minute or second")
    return number


def parse_day(text: object) -> int:
    """Return the number of days from 1970-01-01 to a date written 2026-05-07."""
    if not isinstance(text, str) or len(text) != 10:
        raise InstantError('expected a date such as "2026-05-07"')
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InstantError('expected a date that exists, such as "2026-05-07"') from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InstantError(f"expected a year between {FIRST_YEAR} and {LAST_YEAR}")
    return day.toordinal() - EPOCH_DAY


def parse_duration(text: object) -> int:
    """Return the seconds of "2h", "30m" or "1h30m"; raise InstantError when it is not more than zero."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not text:
        raise InstantError('expected a duration such as "2h", "30m" or "1h30m"')
    seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60
    if not seconds:
        raise InstantError("a duration is more than zero")
    return seconds


def duration_text(seconds: int) -> str:
    """Return the shortest text that `parse_duration` reads as these seconds (whole minutes)."""
    hours, minutes = divmod(seconds // 60, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")


def to_seconds(at: datetime) -> int:
    """Return the whole second of an aware instant; raise ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its offset: {at.isoformat()}")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise InstantError(f"{at.isoformat()}: expected a year between {FIRST_YEAR} and {LAST_YEAR}")
    since = at - EPOCH
    return since.days * 86400 + since.seconds


def to_datetime(seconds: int) -> datetime:
    """Return the instant in UTC."""
    return EPOCH + timedelta(seconds=seconds)
