"""Traces: a computation as JSON values, from which alone its numbers can be found again.

A trace holds the resolved terms with the public holidays of the years it met, the facts, and what
came out. Instants are in civil time of the contract with their offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from astreinte.rules.sla import terms as terms_
from astreinte.rules.sla.calendar import Calendar
from astreinte.rules.sla.instants import EPOCH_DAY, parse_instant, to_datetime, to_seconds
from astreinte.rules.sla.meters import FOREVER
from astreinte.rules.sla.zones import DAY

if TYPE_CHECKING:
    from astreinte.rules.sla.clock import ClockRun, Readings

ENGINE = "sla/1"
"""The version of these rules, written into each trace."""

Json = dict[str, Any]


class TraceError(ValueError):
    """A trace that cannot be worked out again; the message says what stands in the way."""


@contextmanager
def reading(trace: Json, kind: str) -> Iterator[None]:
    """Turn whatever a broken trace raises into one TraceError; refuse another kind or engine."""
    if not isinstance(trace, dict) or trace.get("kind") != kind:
        raise TraceError(f"not a trace of a {kind}")
    if trace.get("engine") != ENGINE:
        raise TraceError(f"worked out by {trace.get('engine')}, which {ENGINE} does not know how to repeat")
    try:
        yield
    except (LookupError, TypeError, AttributeError, ArithmeticError, ValueError) as error:
        raise TraceError(f"this trace cannot be read: {error}") from error


def instant(text: str) -> datetime:
    """Return the instant of a trace in UTC."""
    return to_datetime(parse_instant(text))


def terms_in(trace: Json) -> terms_.Terms:
    """Return the terms of a trace, with the holidays frozen in it."""
    holidays = trace["holidays"].items()
    frozen = {int(year): [date.fromisoformat(day) for day in days] for year, days in holidays}
    return terms_.parse(trace["terms"], frozen=frozen)


def worked_out(trace: Json) -> Json:
    """Return a stored trace without its citation: who says the values, which no computation gives again."""
    return {key: value for key, value in trace.items() if key != "citation"}


def head(kind: str, terms: terms_.Terms, years: range) -> Json:
    """Return what every trace begins with: the engine, the terms, the holidays of the years met.

    Of the frozen years too: a lateness that runs into the next year is then counted from the trace alone.
    """
    calendar = terms.calendar
    return {
        "engine": ENGINE,
        "kind": kind,
        "terms": terms.as_dict(),
        "holidays": {
            str(year): [day.isoformat() for day in calendar.holidays(year)]
            for year in sorted({*years, *terms.frozen})
        },
    }


def of_run(run: ClockRun, readings: Readings | None, until: datetime | None = None) -> Json:
    """Return the trace of a clock; with `until`, its lateness at that instant too."""
    calendar = run.terms.calendar
    ends = [run.receipt.at, run.first_late_at, until, *(at for _, at in readings or ())]
    last = max(at for at in ends if at is not None)
    trace = head("deadline", run.terms, _years(calendar, run.receipt.at, last)) | {
        "priority": run.priority,
        "internal": run.internal,
        "receipts": [
            {
                "at": _text(calendar, one.at),
                "channel": one.channel,
                "counts": run.internal or one.channel in run.terms.clock_starts_on,
            }
            for one in sorted(run.receipts, key=lambda one: one.at)
        ],
        "suspensions": [
            {"from": _text(calendar, one.start), "to": one.end and _text(calendar, one.end)}
            for one in run.suspensions
        ],
        "start": {"at": _text(calendar, run.receipt.at), "channel": run.receipt.channel},
        "regime": run.regime,
        "mode": run.mode,
        "allowed_seconds": run.course.allowed,
        "spans": list(_spans(run)),
        "closed": _closed(run),
        "deadline": run.deadline and _text(calendar, run.deadline),
        "first_late_at": run.first_late_at and _text(calendar, run.first_late_at),
        "readings": {rule: at and _text(calendar, at) for rule, at in readings or ()},
    }
    if run.relapse is not None:
        trace["relapse"] = _text(calendar, run.relapse)
    if until is not None:
        trace |= {"until": _text(calendar, until), "late_seconds": run.late_seconds(until)}
    return trace


def _text(calendar: Calendar, at: datetime) -> str:
    return calendar.zone.text(to_seconds(at))


def _years(calendar: Calendar, first: datetime, last: datetime) -> range:
    zone = calendar.zone
    return range(zone.civil(to_seconds(first)).year, zone.civil(to_seconds(last)).year + 1)


def _last_second(run: ClockRun) -> int:
    """Return the deadline, or where the clock was suspended for good."""
    if run.end_second is not None:
        return run.end_second
    return max((since for since, until in _pauses(run) if until == FOREVER), default=run.start_second)


def _pauses(run: ClockRun) -> list[tuple[int, int]]:
    return [pause.seconds for pause in run.suspensions]


def _spans(run: ClockRun) -> Iterator[Json]:
    """Give what lies between receipt and deadline, cut where the regime or a suspension changes."""
    calendar, end = run.terms.calendar, _last_second(run)
    running = [(since, end if until is None else min(until, end)) for since, until in run.windows]
    for opens, closes, inside in calendar.openings.cut(run.start_second, end):
        edges = {opens, closes} | {edge for window in running for edge in window if opens < edge < closes}
        marks = sorted(edges)
        for since, until in pairwise(marks):
            suspended = not any(start <= since < stop for start, stop in running)
            yield {
                "from": calendar.zone.text(since),
                "to": calendar.zone.text(until),
                "regime": "business" if inside else "non_business",
                "suspended": suspended,
                "counts": not suspended and (inside or run.mode != "business"),
                "seconds": until - since,
            }


def _closed(run: ClockRun) -> list[Json]:
    """Return the public holidays and closed days from the day of the receipt to that of the deadline."""
    calendar = run.terms.calendar
    zone = calendar.zone
    first, last = ((second + zone.offset(second)) // DAY for second in (run.start_second, _last_second(run)))
    met: list[Json] = []
    for number in range(first, last + 1):
        day = date.fromordinal(number + EPOCH_DAY)
        if day in calendar.holidays(day.year):
            met.append({"date": day.isoformat(), "kind": "public_holiday"})
        elif day in calendar.closed_days:
            met.append({"date": day.isoformat(), "kind": "closed_day"})
    return met
