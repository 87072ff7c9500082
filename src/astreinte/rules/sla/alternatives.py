"""One ticket under each honest reading of articles 5 and 6: deadline, lateness and sum next to each other.

Each reading is one change of a key of the terms (docs/rules/readings.md), alone. What a reading does to the cap of a
whole month takes the month's other tickets: `simulating` judges those; here the ticket is alone in its month.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from astreinte.rules.sla import clock, penalties, terms
from astreinte.rules.sla.clock import ClockRun
from astreinte.rules.sla.courses import HorizonReached
from astreinte.rules.sla.penalties import PenaltyError, Price
from astreinte.rules.sla.terms import Terms

Json = dict[str, Any]

IN_FORCE = "in_force"
TARGET = "target"
"""`penalty.delay_unit` where terms do not name it: hours late are counted on the clock of the target."""
MORE_CHANNELS = ("monitoring", "email")
ELSEWHERE = "FR-57"
"""Alsace-Moselle, whose public holidays are two more."""


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket under one reading: its deadline (None: no clock, or none is reached), seconds late, cents owed.

    `raw_cents` is before the cap, `due_cents` after it, with the ticket alone in its month.
    """

    name: str
    deadline: datetime | None
    late_seconds: int
    raw_cents: int
    due_cents: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What is judged: the clock that runs or, where none does, the internal one; until when; the fee."""

    run: ClockRun
    until: datetime
    price: Price


def rows(judged: Judged) -> list[Row]:
    """Return the ticket as it is judged, and then under each reading that is another one.

    Where no clock runs as it is judged, only the readings that give it one follow.
    """
    held = judged.run.terms
    first = _row(IN_FORCE, held, judged)
    others = (_row(name, other, judged) for name, other in _readings(held, judged.run.priority))
    return [first, *(one for one in others if first.deadline is not None or one.deadline is not None)]


def _readings(held: Terms, priority: str) -> Iterator[tuple[str, Terms]]:
    body = held.as_dict()
    for name, change in CHANGES.items():
        patch = change(body, priority)
        if patch is not None:
            other = terms.merge(body, patch)
            frozen = held.frozen if other.get("calendar") == body.get("calendar") else None
            yield name, terms.parse(other, frozen=frozen)


def _row(name: str, under: Terms, judged: Judged) -> Row:
    run = judged.run
    try:
        again = clock.run(under, run.priority, run.receipts, suspensions=run.suspensions, relapse=run.relapse)
    except HorizonReached:
        again = None
    if again is None or again.deadline is None:
        return Row(name, None, 0, 0, 0)
    late = again.late_seconds(judged.until)
    raw = _raw(under, judged.price, again.deadline, late)
    cap = penalties.cap_cents(under, judged.price)
    return Row(name, again.deadline, late, raw, raw if cap is None else min(raw, cap))


def _raw(under: Terms, price: Price, deadline: datetime, late: int) -> int:
    try:
        return penalties.raw(under, price, deadline, late).raw_cents if late else 0
    except PenaltyError:
        return 0


def _rule(name: str) -> Callable[[Json, str], Json | None]:
    def change(body: Json, priority: str) -> Json | None:
        both = "non_business" in body["targets"].get(priority, {})
        return {"mixed_rule": name} if both and body["mixed_rule"] != name else None

    return change


def _penalty(key: str, value: str | None) -> Callable[[Json, str], Json | None]:
    def change(body: Json, _priority: str) -> Json | None:
        return {"penalty": {key: value}} if body["penalty"].get(key) != value else None

    return change


def _delay(unit: str) -> Callable[[Json, str], Json | None]:
    def change(body: Json, _priority: str) -> Json | None:
        kept = body["penalty"].get("delay_unit", TARGET)
        return {"penalty": {"delay_unit": unit}} if kept != unit else None

    return change


def _business_only(body: Json, priority: str) -> Json | None:
    if "non_business" not in body["targets"].get(priority, {}):
        return None
    return {"targets": {priority: {"non_business": None}}}


def _more_channels(body: Json, _priority: str) -> Json | None:
    known = body["clock_starts_on"]
    more = [channel for channel in MORE_CHANNELS if channel not in known]
    return {"clock_starts_on": [*known, *more]} if more else None


def _elsewhere(body: Json, _priority: str) -> Json | None:
    return {"calendar": ELSEWHERE} if body.get("calendar") == "FR" else None


CHANGES: dict[str, Callable[[Json, str], Json | None]] = {
    "reception": _rule("reception"),
    "proportional": _rule("proportional"),
    "separate": _rule("separate"),
    "business_only": _business_only,
    "more_channels": _more_channels,
    "elsewhere": _elsewhere,
    "business": _penalty("opening_hours", "business"),
    "elapsed": _penalty("opening_hours", "elapsed"),
    "late_on_target": _delay(TARGET),
    "late_elapsed": _delay("elapsed"),
    "late_business": _delay("business"),
    "started": _penalty("rounding", "started"),
    "completed": _penalty("rounding", "completed"),
    "prorata": _penalty("rounding", "prorata"),
    "no_cap": _penalty("cap", None),
}
"""By name, what each reading changes in complete terms for a priority; None where they read it so already."""
