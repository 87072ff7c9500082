"""What would other terms have cost? The same tickets judged under two sets of terms, side by side.

Nothing is changed by it: lines of the interchange format in, numbers out.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from astreinte.rules import money
from astreinte.rules.sla import lines as lines_
from astreinte.rules.sla.lines import Refused, ReplayError
from astreinte.rules.sla.replay import Replay, replay

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One set of terms over all tickets: how many have a promise that was kept or missed, and cents due."""

    judged: int
    late: int
    due_cents: int

    @property
    def kept(self) -> int:
        """How many were in time."""
        return self.judged - self.late


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the deadlines: late tickets and cents due, under each of the two sets of terms."""

    month: str
    late: tuple[int, int]
    due_cents: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Changed:
    """A ticket that comes to something else: its deadline, seconds late and cents due under each."""

    ticket: str
    contract: str
    deadline: tuple[str | None, str | None]
    late_seconds: tuple[int, int]
    due_cents: tuple[int, int]

    @property
    def more_cents(self) -> int:
        """What the second set of terms costs more, below zero for less."""
        return self.due_cents[1] - self.due_cents[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of terms side by side; `changed` has the greatest differences in money in front."""

    tickets: int
    sides: tuple[Side, Side]
    months: tuple[Month, ...]
    changed: tuple[Changed, ...]

    @property
    def more_cents(self) -> int:
        """What the second set of terms would have cost more, below zero for less."""
        return self.sides[1].due_cents - self.sides[0].due_cents

    def as_dict(self) -> Json:
        """Return the comparison as JSON values; amounts are euros as text."""
        return {
            "tickets": self.tickets,
            "sides": [
                {"judged": one.judged, "kept": one.kept, "late": one.late, "due": money.text(one.due_cents)}
                for one in self.sides
            ],
            "more": money.text(self.more_cents),
            "months": [
                {"month": one.month, "late": list(one.late), "due": _euros(one.due_cents)}
                for one in self.months
            ],
            "changed": [
                {
                    "ticket": one.ticket,
                    "contract": one.contract,
                    "deadline": list(one.deadline),
                    "late_seconds": list(one.late_seconds),
                    "due": _euros(one.due_cents),
                }
                for one in self.changed
            ],
        }


def compare(
    cases: Iterable[bytes | str], first: Json | None, second: Json | None, *, now: datetime
) -> Comparison:
    """Judge the tickets of the lines under two sets of terms; None stands for those that the lines name.

    Raises ReplayError for a line that cannot be accepted, also when it is only under one of the two that it cannot.
    """
    given = list(cases)
    sides = [replay(given if terms is None else under(given, terms), now=now) for terms in (first, second)]
    return _compared(*sides)


def read(found: Json) -> Comparison:
    """Return the comparison that `as_dict` wrote."""
    first, second = (Side(one["judged"], one["late"], _cents(one)) for one in found["sides"])
    return Comparison(
        tickets=found["tickets"],
        sides=(first, second),
        months=tuple(
            Month(one["month"], (one["late"][0], one["late"][1]), _both(one["due"]))
            for one in found["months"]
        ),
        changed=tuple(
            Changed(
                ticket=one["ticket"],
                contract=one["contract"],
                deadline=(one["deadline"][0], one["deadline"][1]),
                late_seconds=(one["late_seconds"][0], one["late_seconds"][1]),
                due_cents=_both(one["due"]),
            )
            for one in found["changed"]
        ),
    )


def under(cases: Iterable[bytes | str], terms: Json) -> Iterator[str]:
    """Give the lines with every contract under these terms (an object that may extend others), without their id.

    A line keeps its number, so that what is refused is found in the file. Raises ReplayError.
    """
    other = {key: value for key, value in terms.items() if key != "id"}
    for number, line in enumerate(cases, 1):
        try:
            kind, obj = lines_.read(lines_.text_of(line))
        except Refused as error:
            raise ReplayError(number, error.key, error.value, error.way_out) from None
        if kind == "contract":
            obj = obj | {"terms": other}
        elif kind == "ticket" and isinstance(obj.get("contract"), dict):
            obj = obj | {"contract": obj["contract"] | {"terms": other}}
        yield json.dumps({kind: obj})


def _compared(first: Replay, second: Replay) -> Comparison:
    answers = [[json.loads(line) for line in side.answers] for side in (first, second)]
    changed = [
        Changed(
            ticket=one["ticket"],
            contract=one["contract"],
            deadline=(one["deadline"], other["deadline"]),
            late_seconds=(one["late_seconds"], other["late_seconds"]),
            due_cents=(_cents(one), _cents(other)),
        )
        for one, other in zip(*answers, strict=True)
        if (one["late_seconds"], one["due"]) != (other["late_seconds"], other["due"])
    ]
    return Comparison(
        tickets=len(first.answers),
        sides=(_side(answers[0]), _side(answers[1])),
        months=tuple(_months(answers)),
        changed=tuple(sorted(changed, key=lambda one: (-abs(one.more_cents), one.contract, one.ticket))),
    )


def _side(answers: list[Json]) -> Side:
    judged = [one for one in answers if one["status"] in {"met", "late"}]
    late = sum(one["status"] == "late" for one in judged)
    return Side(len(judged), late, sum(_cents(one) for one in answers))


def _months(answers: list[list[Json]]) -> Iterator[Month]:
    late: list[Counter[str]] = [Counter(), Counter()]
    due: list[Counter[str]] = [Counter(), Counter()]
    for place, side in enumerate(answers):
        for one in side:
            if one["status"] == "late":
                late[place][one["month"]] += 1
                due[place][one["month"]] += _cents(one)
    for month in sorted({*late[0], *late[1]}):
        yield Month(month, (late[0][month], late[1][month]), (due[0][month], due[1][month]))


def _cents(answer: Json) -> int:
    return int(money.parse_euros(answer["due"]))


def _both(euros: list[str]) -> tuple[int, int]:
    return int(money.parse_euros(euros[0])), int(money.parse_euros(euros[1]))


def _euros(pair: tuple[int, int]) -> list[str]:
    return [money.text(cents) for cents in pair]
