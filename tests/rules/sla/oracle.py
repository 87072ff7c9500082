"""The clock of article 5 by counting one second at a time: slow, plain, and written apart from the rules.

It knows seconds, spans of the day by weekday and closed dates; it shares no code with what it checks.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class World:
    """A contract's civil time: `hours` are (start, end) of any day, in seconds; `shut` are dates."""

    zone: ZoneInfo
    hours: tuple[tuple[int, int], ...]
    shut: frozenset[date]

    def is_open(self, second: int) -> bool:
        """Say whether a second is in business time by its wall clock."""
        there = datetime.fromtimestamp(second, self.zone)
        clock = there.hour * 3600 + there.minute * 60 + there.second
        return there.date() not in self.shut and any(start <= clock < end for start, end in self.hours)


def runs(second: int, pauses: list[tuple[int, int]]) -> bool:
    """Say whether the clock moves at a second."""
    return not any(start <= second < end for start, end in pauses)


def deadline(
    world: World, rule: str, target: tuple[int, int | None], start: int, pauses: list[tuple[int, int]]
) -> int:
    """Return the first second at which the allowance is used up, counting from `start`."""
    business, other = target
    begins_open = world.is_open(start)
    inside = outside = 0
    second = start
    while not _used(rule, business, other, inside, outside, begins_open):
        if runs(second, pauses):
            if world.is_open(second):
                inside += 1
            else:
                outside += 1
        second += 1
    return second


def _used(rule: str, business: int, other: int | None, inside: int, outside: int, begins_open: bool) -> bool:
    if other is None:
        return inside >= business
    if rule == "reception":
        return inside + outside >= (business if begins_open else other)
    if rule == "proportional":
        return inside * other + outside * business >= business * other
    return inside >= business or outside >= other


def late(
    world: World,
    target: tuple[int, int | None],
    end: int,
    until: int,
    pauses: list[tuple[int, int]],
    unit: str = "target",
) -> int:
    """Return the seconds late from `end` to `until`, counted as the target is, or all as `unit` says."""
    every = unit == "elapsed" or (unit == "target" and target[1] is not None)
    return sum(1 for second in range(end, until) if runs(second, pauses) and (every or world.is_open(second)))
