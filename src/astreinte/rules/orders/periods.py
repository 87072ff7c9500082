"""The periods of an order line: when each begins and ends, what it costs, until when notice may be given (article 1).

Days are civil days of the contract. A period is half-open: `begins` belongs to it, `ends` is the first day of the
next. Fees are cents before tax and after discount.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from astreinte.rules import money
from astreinte.rules.sla.penalties import MONTHS_OF, Price


class PeriodError(ValueError):
    """Periods that cannot be worked out: names the place, the value and the way out."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of an order line; `number` is 1 for the first."""

    number: int
    begins: date
    ends: date

    @property
    def days(self) -> int:
        """How many days it has: by these a part of it is charged."""
        return (self.ends - self.begins).days


@dataclass(frozen=True, slots=True)
class Fee:
    """The price of one period, in cents, from a day on."""

    from_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a period costs: `charged_days` of its days, `cents` rounded once."""

    period: Period
    charged_days: int
    cents: int


def months_in(period: str) -> int:
    """Return the months of a period: 1, 3 or 12. Raises PeriodError for a one-off order, which has none."""
    months = MONTHS_OF.get(period)
    if months is None:
        known = ", ".join(name for name, length in MONTHS_OF.items() if length)
        raise PeriodError(f"period: {period!r}: has no anniversary; use one of {known}")
    return months


def anniversary(start: date, period: str, number: int) -> date:
    """Return the day on which the period after `number` whole ones begins; 0 gives `start`.

    The day of the month is that of the start, or the last one where the month has fewer: 31 January, 28 or 29
    February, 31 March. It is counted from the start each time, so a short month shortens nothing after it.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months_in(period) * number, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def holding(start: date, period: str, day: date) -> Period:
    """Return the period that holds `day`. Raises PeriodError for a day before the start."""
    if day < start:
        raise PeriodError(f"day: {day}: is before the start, {start}; write that day or a later one")
    months = (day.year - start.year) * 12 + day.month - start.month
    whole = months // months_in(period)
    if anniversary(start, period, whole) > day:
        whole -= 1
    return Period(whole + 1, anniversary(start, period, whole), anniversary(start, period, whole + 1))


def periods(start: date, period: str, until: date) -> Iterator[Period]:
    """Give the periods that begin before `until`, whole even when `until` cuts the last one."""
    number = 0
    while (begins := anniversary(start, period, number)) < until:
        number += 1
        yield Period(number, begins, anniversary(start, period, number))


def notice_until(period: Period, notice_days: int) -> date:
    """Return the last day on which notice still ends the line with `period`."""
    return period.ends - timedelta(days=notice_days)


def ends_when_noticed(
    start: date, period: str, notice_days: int, on: date, *, begins: date | None = None
) -> date:
    """Return the day with which a line ends when notice is given on a day: the end of the first period in time.

    A line that renews another one `begins` later than the `start` from which its periods are counted.
    """
    current = holding(start, period, max(on, begins or start))
    while on > notice_until(current, notice_days):
        current = holding(start, period, current.ends)
    return current.ends


def monthly(cents: int, period: str) -> Fraction | None:
    """Return the monthly equivalent of a price in cents, exact, as article 6 uses it: quarter ÷ 3, year ÷ 12.

    None for a one-off order, which has no monthly fee and so no penalty.
    """
    return Price(cents, period).monthly


def instalment(
    period: Period,
    fees: Sequence[Fee],
    *,
    until: date | None = None,
    suspended: Iterable[tuple[date, date]] = (),
) -> Instalment:
    """Return what a period costs, day by day at the fee in force on the day, over the days of the period.

    `fees` in the order of their days; the days from `until` on and those of `suspended` spans (half-open) cost
    nothing. Raises PeriodError when the first charged day has no fee.
    """
    away = tuple(suspended)
    days = [
        day
        for day in (period.begins + timedelta(days=number) for number in range(period.days))
        if (until is None or day < until) and not any(first <= day < last for first, last in away)
    ]
    total = sum((_fee_on(day, fees) for day in days), start=0)
    return Instalment(period, len(days), money.half_up(Fraction(total, period.days)))


def _fee_on(day: date, fees: Sequence[Fee]) -> int:
    held = [fee for fee in fees if fee.from_on <= day]
    if not held:
        raise PeriodError(f"fee: none on {day}; write a price from that day or before")
    return held[-1].cents
