"""The penalty of article 6: its rate, the hours charged, the cap of the month, what an exclusion waives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from astreinte.rules import money
from astreinte.rules.sla import traces
from astreinte.rules.sla.calendar import month_of, opening_days, opening_seconds
from astreinte.rules.sla.clock import ClockRun
from astreinte.rules.sla.instants import to_seconds
from astreinte.rules.sla.terms import Terms

Json = dict[str, Any]

HOUR = 3600
MONTHS_OF = {"monthly": 1, "quarterly": 3, "yearly": 12, "one_off": None}
"""Months that a price pays for; a one-off order has no monthly fee, so no penalty."""


class PenaltyError(ValueError):
    """A penalty that cannot be worked out: a month without opening hours, shares of several months."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one period of an order line, before tax: cents, whole or exact."""

    cents: int | Fraction
    period: str

    def __post_init__(self) -> None:
        if self.period not in MONTHS_OF:
            raise ValueError(f"{self.period}: not a period; use {', '.join(MONTHS_OF)}")
        if self.cents < 0:
            raise ValueError(f"{self.cents}: a price is not below zero")

    @property
    def is_one_off(self) -> bool:
        """Say whether there is no monthly fee, so no penalty."""
        return MONTHS_OF[self.period] is None

    @property
    def monthly(self) -> Fraction | None:
        """The monthly fee in cents, exact: a third of a quarter is not rounded. None for a one-off order."""
        months = MONTHS_OF[self.period]
        return None if months is None else Fraction(self.cents) / months


@dataclass(frozen=True, slots=True)
class Penalty:
    """The penalty of one late ticket before exclusion and cap; `rate` is in cents an hour, exact."""

    terms: Terms
    price: Price
    deadline: datetime
    month: str
    late_seconds: int
    charged_seconds: int
    opening_seconds: int
    rate: Fraction
    raw_cents: int
    reason: str | None

    @property
    def trace(self) -> Json:
        """The computation as JSON values, from which alone `recompute` gives the same numbers."""
        calendar, terms = self.terms.calendar, self.terms
        years = range(int(self.month[:4]), int(self.month[:4]) + 1)
        closed = [day for day in calendar.holidays(years[0]) if day.isoformat().startswith(self.month)]
        return traces.head("penalty", terms, years) | {
            "price": _price_as_dict(self.price),
            "monthly_fee": None if self.price.monthly is None else str(self.price.monthly / 100),
            "deadline": calendar.zone.text(to_seconds(self.deadline)),
            "month": self.month,
            "opening_seconds": self.opening_seconds,
            "opening_days": opening_days(terms, self.month),
            "holidays_met": [day.isoformat() for day in closed],
            "late_seconds": self.late_seconds,
            "charged_seconds": self.charged_seconds,
            "rate": str(self.rate / 100),
            "raw_cents": self.raw_cents,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """A late ticket as the settlement of its month sees it; `exclusion` is the accepted cause, if any."""

    id: str
    deadline: datetime
    raw_cents: int
    exclusion: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What a ticket is due after exclusion and cap; `reason` says why that is not its raw penalty."""

    share: Share
    cents: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one order line owes for one month; `cap_cents` is None without a cap."""

    terms: Terms
    price: Price
    month: str | None
    dues: tuple[Due, ...]
    cap_cents: int | None

    @property
    def raw_cents(self) -> int:
        """The sum of the penalties before exclusion and cap."""
        return sum(due.share.raw_cents for due in self.dues)

    @property
    def due_cents(self) -> int:
        """The sum of what the tickets are due."""
        return sum(due.cents for due in self.dues)

    @property
    def trace(self) -> Json:
        """The computation as JSON values, from which alone `recompute` gives the same numbers."""
        zone = self.terms.calendar.zone
        years = range(int(self.month[:4]), int(self.month[:4]) + 1) if self.month else range(0)
        return traces.head("settlement", self.terms, years) | {
            "price": _price_as_dict(self.price),
            "monthly_fee": None if self.price.monthly is None else str(self.price.monthly / 100),
            "month": self.month,
            "cap_cents": self.cap_cents,
            "shares": [
                {
                    "id": due.share.id,
                    "deadline": zone.text(to_seconds(due.share.deadline)),
                    "raw_cents": due.share.raw_cents,
                    "exclusion": due.share.exclusion,
                    "due_cents": due.cents,
                    "reason": due.reason,
                }
                for due in self.dues
            ],
            "raw_cents": self.raw_cents,
            "due_cents": self.due_cents,
        }


def charged(rounding: str, late_seconds: int) -> int:
    """Return the seconds charged: the started hours, the completed ones, or the time as it is."""
    if rounding == "started":
        return -(-late_seconds // HOUR) * HOUR
    return late_seconds // HOUR * HOUR if rounding == "completed" else late_seconds


def hourly_rate(terms: Terms, price: Price, month: str, opening: int) -> Fraction:
    """Return the cents an hour of delay: so many monthly fees by the opening hours of the month.

    Zero for a one-off order. Raises PenaltyError for a month without opening hours.
    """
    if price.monthly is None:
        return Fraction(0)
    if not opening:
        raise PenaltyError(
            f"{month} has no opening hours, so no rate per hour; "
            'give business_hours, or set penalty.opening_hours to "elapsed"'
        )
    return terms.penalty.multiplier * price.monthly * HOUR / opening


def raw(terms: Terms, price: Price, deadline: datetime, late_seconds: int) -> Penalty:
    """Return the penalty of a ticket that is `late_seconds` (> 0) late, before exclusion and cap (article 6).

    The month is the civil one that holds the deadline; all the hours late are charged at its rate.
    Raises PenaltyError for a month without opening hours.
    """
    month = month_of(terms.calendar, to_seconds(deadline))
    opening = opening_seconds(terms, month, terms.penalty.opening_hours)
    rate = hourly_rate(terms, price, month, opening)
    hours = charged(terms.penalty.rounding, late_seconds)
    return Penalty(
        terms=terms,
        price=price,
        deadline=deadline,
        month=month,
        late_seconds=late_seconds,
        charged_seconds=hours,
        opening_seconds=opening,
        rate=rate,
        raw_cents=money.half_up(rate * hours / HOUR),
        reason="one_off" if price.monthly is None else None,
    )


def cap_cents(terms: Terms, price: Price) -> int | None:
    """Return the cap in cents, cut and not rounded; None for terms without one and for a one-off order."""
    if terms.penalty.cap is None or price.monthly is None:
        return None
    return money.cut(terms.penalty.cap * price.monthly)


def settle(terms: Terms, price: Price, shares: Iterable[Share]) -> Settlement:
    """Return what the late tickets of one order line and one month are due.

    In the order of the deadlines, then of the ids, each is due what is left of the cap; under the
    scope `ticket`, each at most the cap. An excluded ticket is due nothing and uses up nothing.
    Raises PenaltyError for shares of several months.
    """
    ordered = sorted(shares, key=lambda share: (share.deadline, share.id))
    months = sorted({month_of(terms.calendar, to_seconds(share.deadline)) for share in ordered})
    if len(months) > 1:
        raise PenaltyError(f"a settlement is of one month, not of {', '.join(months)}; settle each apart")
    owed = capped(terms, price, [(share.raw_cents, share.exclusion) for share in ordered])
    dues = tuple(Due(share, cents, reason) for share, (cents, reason) in zip(ordered, owed, strict=True))
    return Settlement(terms, price, months[0] if months else None, dues, cap_cents(terms, price))


def capped(
    terms: Terms, price: Price, ordered: Iterable[tuple[int, str | None]]
) -> Iterator[tuple[int, str | None]]:
    """Give (cents due, reason) for the (raw cents, exclusion) of a month, in the order that uses up the cap."""
    left, shared = cap_cents(terms, price), terms.penalty.cap_scope == "month"
    for raw_cents, exclusion in ordered:
        cents, reason = _due(price, raw_cents, exclusion, left)
        yield cents, reason
        if left is not None and shared:
            left -= cents


def due_of(share: Share, price: Price, left: int | None) -> Due:
    """Return what a ticket is due when `left` cents remain under the cap (None: no cap), and why."""
    return Due(share, *_due(price, share.raw_cents, share.exclusion, left))


def _due(price: Price, raw_cents: int, exclusion: str | None, left: int | None) -> tuple[int, str | None]:
    if exclusion is not None:
        return 0, exclusion
    if price.is_one_off:
        return 0, "one_off"
    if left is not None and raw_cents > left:
        return left, "cap"
    return raw_cents, None


def next_started_at(run: ClockRun, at: datetime) -> datetime | None:
    """Return the instant at which the next charged hour begins; None for prorata, or when it never does.

    With started hours it is the instant after which one more second late costs an hour more; with
    completed hours, the second at which the hour is full.
    """
    rounding, late = run.terms.penalty.rounding, run.late_seconds(at)
    if rounding == "started":
        beyond = run.late_reaches(charged(rounding, late) + 1)
        return None if beyond is None else beyond - timedelta(seconds=1)
    return run.late_reaches(charged(rounding, late) + HOUR) if rounding == "completed" else None


def recompute(trace: Json) -> Penalty | Settlement:
    """Return the penalty or the settlement that a stored trace comes to, from the trace alone.

    Raises TraceError when it cannot be read.
    """
    kind = trace.get("kind")
    with traces.reading(trace, "settlement" if kind == "settlement" else "penalty"):
        terms = traces.terms_in(trace)
        price = Price(Fraction(trace["price"]["cents"]), trace["price"]["period"])
        if kind == "penalty":
            return raw(terms, price, traces.instant(trace["deadline"]), trace["late_seconds"])
        return settle(
            terms,
            price,
            [
                Share(one["id"], traces.instant(one["deadline"]), one["raw_cents"], one["exclusion"])
                for one in trace["shares"]
            ],
        )


def agrees(trace: Json) -> bool:
    """Say whether recomputing a stored trace gives the same trace, to the cent."""
    try:
        return recompute(trace).trace == trace
    except (traces.TraceError, PenaltyError):
        return False


def _price_as_dict(price: Price) -> Json:
    return {"cents": str(Fraction(price.cents)), "period": price.period}
