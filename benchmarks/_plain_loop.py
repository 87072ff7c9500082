"""The replay as one would write it on a first day: datetimes, a walk from boundary to boundary, no table.

It is what `benchmarks/replay.py` compares with; it shares no code with the rules, and gives the same answers.
It knows what the cases of the benchmark hold, and holidays from the same library.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Json = dict[str, Any]
Pauses = list[tuple[datetime, datetime]]

PARIS = ZoneInfo("Europe/Paris")
SPANS = ((time(9), time(12)), (time(14), time(18)))
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
HOUR = timedelta(hours=1)
CHANNELS = ("web", "phone")


@lru_cache
def off(calendar: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    return frozenset(holidays.country_holidays("FR", subdiv=calendar[3:] or None, years=year))


def spans(day: date, calendar: str) -> list[tuple[datetime, datetime]]:
    """Return the business spans of a civil day."""
    if day.weekday() > 4 or day in off(calendar, day.year):
        return []
    return [
        (
            datetime.combine(day, opens, PARIS).astimezone(UTC),
            datetime.combine(day, closes, PARIS).astimezone(UTC),
        )
        for opens, closes in SPANS
    ]


def pieces(start: datetime, pauses: Pauses, calendar: str) -> Iterator[tuple[datetime, datetime, bool]]:
    """Give (start, end, in business time) from `start` on, without what is suspended."""
    here = start
    while True:
        day = here.astimezone(PARIS).date()
        today = spans(day, calendar)
        midnight = datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)
        edges = [edge for span in (*today, *pauses) for edge in span]
        end = min((edge for edge in edges if edge > here), default=midnight)
        end = min(end, midnight)
        if not any(since <= here < until for since, until in pauses):
            yield here, end, any(opens <= here < closes for opens, closes in today)
        here = end


def deadline(start: datetime, target: Json, rule: str, pauses: Pauses, calendar: str) -> datetime:
    """Return when the allowance is used up."""
    business, other = target["business"], target.get("non_business")
    regime = any(opens <= start < closes for opens, closes in spans(start.astimezone(PARIS).date(), calendar))
    allowed: timedelta = business if regime or other is None else other
    counted = {True: timedelta(), False: timedelta()}
    used = Fraction(0)
    for since, until, inside in pieces(start, pauses, calendar):
        length = until - since
        if other is None and not inside:
            continue
        left: timedelta
        if other is None or rule == "separate":
            left = (business if inside else other) - counted[inside]
        elif rule == "proportional":
            rate = business if inside else other
            left = _ceil((1 - used) * Fraction(rate // timedelta(seconds=1)))
            used += Fraction(length // timedelta(seconds=1), rate // timedelta(seconds=1))
        else:
            left = allowed - counted[True] - counted[False]
        if left <= length:
            return since + left
        counted[inside] += length
    raise AssertionError("the walk has no end")


def _ceil(seconds: Fraction) -> timedelta:
    return timedelta(seconds=-(-seconds.numerator // seconds.denominator))


def late(end: datetime, until: datetime, target: Json, pauses: Pauses, calendar: str) -> timedelta:
    """Return the lateness on the clock of the target."""
    total = timedelta()
    if until <= end:
        return total
    for since, stop, inside in pieces(end, pauses, calendar):
        if since >= until:
            return total
        if inside or "non_business" in target:
            total += min(stop, until) - since
    raise AssertionError("the walk has no end")


def opening(month: str, calendar: str) -> timedelta:
    """Return the business hours of a month."""
    day, total = date.fromisoformat(f"{month}-01"), timedelta()
    while day.isoformat()[:7] == month:
        total += sum((closes - opens for opens, closes in spans(day, calendar)), timedelta())
        day += timedelta(days=1)
    return total


def replay(lines: list[bytes], terms: dict[str, Json], now: datetime) -> list[Json]:
    """Return the answers; `terms` holds what the benchmark's terms come to."""
    contracts: dict[str, Json] = {}
    answers: list[Json] = []
    owed: dict[tuple[str, str], list[tuple[datetime, str, Json, Json]]] = defaultdict(list)
    for line in lines:
        read = json.loads(line)
        if "contract" in read:
            contracts[read["contract"]["id"]] = read["contract"]
        elif "ticket" in read:
            ticket = read["ticket"]
            contract = contracts[ticket["contract"]]
            answer, end = judge(ticket, contract, terms[contract["terms"]], now)
            answers.append(answer)
            if answer["late_seconds"] and end is not None:
                owed[contract["id"], answer["month"]].append((end, ticket["id"], answer, ticket))
    for (name, _), rows in owed.items():
        cap_month(rows, contracts[name])
    return answers


def judge(ticket: Json, contract: Json, terms: Json, now: datetime) -> tuple[Json, datetime | None]:
    """Return the answer of one ticket, its due still raw, and its deadline."""
    received = sorted((datetime.fromisoformat(one["at"]), one["channel"]) for one in ticket["receipts"])
    pauses = [
        (
            datetime.fromisoformat(one["from"]).astimezone(UTC),
            datetime.fromisoformat(one["to"]).astimezone(UTC),
        )
        for one in ticket.get("suspensions", ())
    ]
    target, stopped = terms["targets"][ticket["priority"]], ticket.get("intervention")
    until = datetime.fromisoformat(stopped).astimezone(UTC) if stopped else now
    starting = [at.astimezone(UTC) for at, channel in received if channel in CHANNELS]
    answer: Json = {
        "ticket": ticket["id"], "contract": contract["id"], "status": "no_target", "internal_deadline": None,
        "internal_late_seconds": 0, "clock_start": shown(starting[0]) if starting else None, "deadline": None,
        "late_seconds": 0, "charged_seconds": 0, "month": None, "opening_seconds": None, "raw": "0.00",
        "due": "0.00", "reason": None,
    }  # fmt: skip
    if not target:
        return answer, None
    how = target, terms["rule"], pauses, terms["calendar"]
    internal = deadline(received[0][0].astimezone(UTC), *how)
    behind = late(internal, until, target, pauses, terms["calendar"])
    answer |= {
        "internal_deadline": shown(internal),
        "internal_late_seconds": seconds(behind),
        "status": "no_clock",
    }
    if not starting:
        return answer, None
    end = deadline(starting[0], *how)
    behind = late(end, until, target, pauses, terms["calendar"])
    month = shown(end)[:7]
    hours = opening(month, terms["calendar"])
    status = "late" if behind else "met" if stopped else "running"
    answer |= {"status": status, "deadline": shown(end), "late_seconds": seconds(behind), "month": month,
               "opening_seconds": seconds(hours)}  # fmt: skip
    if behind:
        charged = -(-behind // HOUR)
        fee = Fraction(contract["price"]) / MONTHS[contract["period"]]
        raw = cents(terms["multiplier"] * fee * charged / Fraction(seconds(hours), 3600))
        answer |= {"charged_seconds": charged * 3600, "raw": euros(raw)}
    return answer, end


def cap_month(rows: list[tuple[datetime, str, Json, Json]], contract: Json) -> None:
    """Write what each late ticket of a month is due."""
    left = int(Fraction(contract["price"]) / MONTHS[contract["period"]] * 100)
    for _, _, answer, ticket in sorted(rows, key=lambda row: row[:2]):
        raw = int(answer["raw"].replace(".", ""))
        if ticket.get("exclusion"):
            answer["reason"] = ticket["exclusion"]
            continue
        due = min(raw, left)
        left -= due
        answer |= {"due": euros(due), "reason": "cap" if due < raw else None}


def shown(at: datetime) -> str:
    """Return an instant in Paris."""
    return at.astimezone(PARIS).isoformat()


def seconds(length: timedelta) -> int:
    """Return whole seconds."""
    return length // timedelta(seconds=1)


def cents(amount: Fraction) -> int:
    """Return euros as cents, half up."""
    return int(amount * 100 + Fraction(1, 2))


def euros(amount: int) -> str:
    """Return cents as euros."""
    return f"{amount // 100}.{amount % 100:02d}"
