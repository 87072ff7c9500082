"""Business time (article 5): which seconds count, as a sorted table of spans with running totals.

A second is in business time when its wall-clock time is in a span of its weekday and its civil
date is neither a public holiday nor a closed day. The table is built from the stretches during
which the offset of the zone does not change, so that the hour that happens twice counts twice
and the hour that is skipped never exists.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

import holidays

from astreinte.rules.sla.instants import EPOCH_DAY, FIRST_YEAR, LAST_YEAR, to_datetime, to_seconds
from astreinte.rules.sla.zones import DAY, Zone, zone

Hours = tuple[tuple[int, int], ...]


class CalendarError(ValueError):
    """A calendar that does not exist, or an instant beyond the years it knows."""


@lru_cache(maxsize=4096)
def holidays_of(calendar: str, year: int) -> tuple[date, ...]:
    """Return the public holidays of `FR`, or `FR-` and a subdivision, in a year: the library's word.

    The only place that asks the `holidays` library, and the one to call to freeze a year.
    Raises CalendarError for a calendar it does not know.
    """
    country, dash, part = calendar.partition("-")
    if country != "FR" or (dash and not part):
        raise CalendarError('unknown calendar; write "FR", or "FR-" and a subdivision such as "FR-57"')
    try:
        days = holidays.country_holidays("FR", subdiv=part or None, years=year)
    except NotImplementedError:
        raise CalendarError(
            'unknown subdivision; write one of the holidays library, such as "FR-57", "FR-6AE" or "FR-GP"'
        ) from None
    return tuple(sorted(days))


@dataclass(frozen=True, slots=True)
class Calendar:
    """What decides whether a second is in business time; a value, so that equal ones share one table.

    `hours` holds seven tuples, Monday first, of (start, end) in seconds since midnight, sorted and
    apart. `frozen` holds the public holidays of years already settled: the library is not asked
    for these, so an upgrade of it never moves a past deadline.
    """

    timezone: str
    name: str | None
    closed_days: tuple[date, ...]
    hours: tuple[Hours, ...]
    frozen: tuple[tuple[int, tuple[date, ...]], ...] = ()

    def holidays(self, year: int) -> tuple[date, ...]:
        """Return the public holidays of a year: the frozen ones when there are some."""
        for frozen_year, days in self.frozen:
            if frozen_year == year:
                return days
        return holidays_of(self.name, year) if self.name is not None else ()

    @property
    def zone(self) -> Zone:
        """Civil time of the contract."""
        return zone(self.timezone)

    @property
    def openings(self) -> "Openings":
        """The table of business spans of this calendar."""
        return openings(self)


class HasCalendar(Protocol):
    """Terms, or anything else that counts by a calendar."""

    @property
    def calendar(self) -> Calendar:
        """The calendar counted by."""
        ...


class _Table(NamedTuple):
    """Spans of whole years of UTC, merged where they touch.

    `totals[i]` is the business time before span i, `others[i]` all other time before it.
    """

    since: int
    until: int
    starts: list[int]
    ends: list[int]
    totals: list[int]
    others: list[int]
    total: int


def _table(years: list[list[tuple[int, int]]], since: int, until: int) -> _Table:
    starts: list[int] = []
    ends: list[int] = []
    for spans in years:
        for start, end in spans:
            if ends and ends[-1] == start:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
    totals: list[int] = []
    total = 0
    for start, end in zip(starts, ends, strict=True):
        totals.append(total)
        total += end - start
    others = [start - since - before for start, before in zip(starts, totals, strict=True)]
    return _Table(since, until, starts, ends, totals, others, total)


@dataclass(slots=True, eq=False)
class Openings:
    """The business spans of a calendar, in seconds since 1970, made a year at a time when asked for.

    Readers take the table as it stands and a new one replaces it whole, so threads may share it.
    """

    calendar: Calendar
    _years: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _now: _Table = field(default_factory=lambda: _table([], 0, 0))

    def covering(self, start: int, end: int) -> _Table:
        """Return a table that covers both seconds; raise CalendarError beyond the years known."""
        table = self._now
        if table.since <= start and end < table.until:
            return table
        with self._lock:
            first, last = to_datetime(start).year, to_datetime(end).year
            if self._years:
                first, last = min(first, *self._years), max(last, *self._years)
            if first < FIRST_YEAR or last > LAST_YEAR:
                raise CalendarError(f"no public holidays known outside {FIRST_YEAR} to {LAST_YEAR}")
            for year in range(first, last + 1):
                if year not in self._years:
                    self._years[year] = _spans_of_year(self.calendar, year)
            years = [self._years[year] for year in range(first, last + 1)]
            self._now = _table(years, _new_year(first), _new_year(last + 1))
            return self._now

    def holds(self, second: int) -> bool:
        """Say whether a second is in business time."""
        table = self._now
        if not table.since <= second < table.until:
            table = self.covering(second, second)
        index = bisect_right(table.starts, second) - 1
        return index >= 0 and second < table.ends[index]

    def between(self, start: int, end: int) -> int:
        """Return the business seconds from `start` to `end`."""
        table = self.covering(start, end)
        return _before(table, end) - _before(table, start)

    def reach(self, start: int, seconds: int, horizon: int) -> int | None:
        """Return the first second at which `seconds` (> 0) of business time have run since `start`.

        None when that is after `horizon`.
        """
        table = self.covering(start, horizon)
        wanted = _before(table, start) + seconds
        if wanted > table.total:
            return None
        index = bisect_left(table.totals, wanted) - 1
        second = table.starts[index] + wanted - table.totals[index]
        return second if second <= horizon else None

    def reach_outside(self, start: int, seconds: int, horizon: int) -> int | None:
        """Return the same, counting only the time that is not business time."""
        table = self.covering(start, horizon)
        wanted = start - table.since - _before(table, start) + seconds
        index = bisect_left(table.others, wanted)
        before = table.totals[index] if index < len(table.totals) else table.total
        second = table.since + wanted + before
        return second if second <= horizon else None

    def cut(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Give (start, end, in business time) from `start` to `end`, one after the other."""
        table = self.covering(start, end)
        index = max(bisect_right(table.starts, start) - 1, 0)
        here = start
        while here < end:
            while index < len(table.starts) and table.ends[index] <= here:
                index += 1
            opens = table.starts[index] if index < len(table.starts) else end
            inside = opens <= here
            until = min(table.ends[index] if inside else opens, end)
            yield here, until, inside
            here = until


def _before(table: _Table, second: int) -> int:
    """Return the business seconds of the table before a second."""
    index = bisect_right(table.starts, second) - 1
    if index < 0:
        return 0
    end = table.ends[index]
    return table.totals[index] + (second if second < end else end) - table.starts[index]


@lru_cache(maxsize=1024)
def openings(calendar: Calendar) -> Openings:
    """Return the table of a calendar, the same object each time."""
    return Openings(calendar)


def _new_year(year: int) -> int:
    return (date(year, 1, 1).toordinal() - EPOCH_DAY) * DAY


@lru_cache(maxsize=2048)
def _stretches(timezone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    return tuple(zone(timezone).stretches(_new_year(year), _new_year(year + 1)))


def _spans_of_year(calendar: Calendar, year: int) -> list[tuple[int, int]]:
    """Return the business spans of a year of UTC, sorted; the civil year overlaps its neighbours."""
    shut = {day.toordinal() - EPOCH_DAY for day in calendar.closed_days}
    for around in (year - 1, year, year + 1):
        shut.update(day.toordinal() - EPOCH_DAY for day in calendar.holidays(around))
    spans: list[tuple[int, int]] = []
    for start, end, offset in _stretches(calendar.timezone, year):
        first, last = start + offset, end + offset
        for day in range(first // DAY, (last - 1) // DAY + 1):
            if day in shut:
                continue
            midnight = day * DAY
            # Day 0, 1 January 1970, was a Thursday.
            for since, until in calendar.hours[(day + 3) % 7]:
                opens, closes = max(midnight + since, first), min(midnight + until, last)
                if opens < closes:
                    spans.append((opens - offset, closes - offset))
    return spans


def spans_between(
    terms: HasCalendar, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, bool]]:
    """Return (start, end, in business time) in UTC from `start` to `end`, to be drawn or told."""
    return [
        (to_datetime(opens), to_datetime(closes), inside)
        for opens, closes, inside in terms.calendar.openings.cut(to_seconds(start), to_seconds(end))
    ]


def month_of(calendar: Calendar, second: int) -> str:
    """Return the civil month that holds a second, as "2026-11"; midnight on the 1st is the new month."""
    day = (second + calendar.zone.offset(second)) // DAY
    return _month_of_day(day)


@cache
def _month_of_day(day: int) -> str:
    return date.fromordinal(day + EPOCH_DAY).isoformat()[:7]


def bounds_of_month(calendar: Calendar, month: str) -> tuple[int, int]:
    """Return the first second of a civil month and of the next."""
    return _bounds(calendar.timezone, month)


@lru_cache(maxsize=8192)
def _bounds(timezone: str, month: str) -> tuple[int, int]:
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return zone(timezone).midnight(first), zone(timezone).midnight(following)


def opening_seconds(terms: HasCalendar, month: str, base: str) -> int:
    """Return the opening hours of a month, in seconds: the denominator of article 6.

    `base` is "business" for the business hours of the month, "elapsed" for all its hours (743 in
    March and 745 in October in Paris).
    """
    start, end = bounds_of_month(terms.calendar, month)
    return end - start if base == "elapsed" else terms.calendar.openings.between(start, end)


def opening_days(terms: HasCalendar, month: str) -> int:
    """Return how many civil days of a month have business time."""
    calendar = terms.calendar
    start, end = bounds_of_month(calendar, month)
    days: set[int] = set()
    for opens, closes, inside in calendar.openings.cut(start, end):
        if inside:
            offset = calendar.zone.offset(opens)
            days.update(range((opens + offset) // DAY, (closes - 1 + offset) // DAY + 1))
    return len(days)
