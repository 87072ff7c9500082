"""What uses up an allowance: meters that count seconds, and the windows in which they move.

A meter is a function of time that never falls. The three readings of article 5 are three meters
over the same windows; a suspension is a hole between two windows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from astreinte.rules.sla.calendar import Openings
from astreinte.rules.sla.hours import union

BEYOND = 1 << 62
"""Later than every horizon: the allowance is not used up in reach of the calendar."""

FOREVER = 1 << 61
"""The end of a suspension that was not given back."""

Window = tuple[int, int | None]


class Meter(Protocol):
    """Counts units of an allowance between two seconds, and finds the second at which they run out."""

    def between(self, start: int, end: int) -> int:
        """Return the units that pass from `start` to `end`."""
        ...

    def reach(self, start: int, units: int, horizon: int) -> int | None:
        """Return the first second at which `units` (> 0) have passed since `start`, None past the horizon."""
        ...


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Every second is one."""

    def between(self, start: int, end: int) -> int:
        """Return the seconds."""
        return end - start

    def reach(self, start: int, units: int, horizon: int) -> int | None:
        """Return the second that many seconds later."""
        return start + units if start + units <= horizon else None


@dataclass(frozen=True, slots=True)
class Business:
    """Every second of business time is one."""

    openings: Openings

    def between(self, start: int, end: int) -> int:
        """Return the business seconds."""
        return self.openings.between(start, end)

    def reach(self, start: int, units: int, horizon: int) -> int | None:
        """Return the second at which they have run; at a closing, the closing."""
        return self.openings.reach(start, units, horizon)


@dataclass(frozen=True, slots=True)
class Other:
    """Every second outside business time is one."""

    openings: Openings

    def between(self, start: int, end: int) -> int:
        """Return the seconds outside business time."""
        return end - start - self.openings.between(start, end)

    def reach(self, start: int, units: int, horizon: int) -> int | None:
        """Return the second at which they have run; at an opening, the opening."""
        return self.openings.reach_outside(start, units, horizon)


@dataclass(frozen=True, slots=True)
class Shares:
    """A business second uses 1/business of the allowance, another one 1/other.

    Counted in units of 1/(business x other) so that it stays in whole numbers.
    """

    openings: Openings
    business: int
    other: int

    def between(self, start: int, end: int) -> int:
        """Return the units."""
        inside = self.openings.between(start, end)
        return inside * self.other + (end - start - inside) * self.business

    def reach(self, start: int, units: int, horizon: int) -> int | None:
        """Return the first whole second at which they have run: within a second, the one that follows."""
        # The fastest that units can pass bounds how near the end can be, so few spans are walked.
        here = start
        while here < horizon:
            step = max(units // max(self.business, self.other), 1)
            for since, until, inside in self.openings.cut(here, min(here + step + 86400, horizon)):
                rate = self.other if inside else self.business
                if units <= (until - since) * rate:
                    return since - (-units // rate)
                units -= (until - since) * rate
                here = until
        return None


def windows(start: int, suspensions: Iterable[tuple[int, int]]) -> Sequence[Window]:
    """Return the stretches after `start` in which the clock runs, the last without an end, unless suspended.

    Suspensions are (from, to), `FOREVER` for one that was not given back; their union counts.
    """
    running: list[Window] = []
    here = start
    for since, until in union(suspensions):
        if until <= here or since >= until:
            continue
        if since > here:
            running.append((here, since))
        here = until
    if here < FOREVER:
        running.append((here, None))
    return running


def run_out(meter: Meter, running: Sequence[Window], units: int, horizon: int) -> int | None:
    """Return the first second at which `units` have passed in the windows.

    None when the clock is suspended for good before that; `BEYOND` when it is not reached by the horizon.
    """
    for since, until in running:
        if since >= horizon:
            return BEYOND
        end = horizon if until is None else min(until, horizon)
        reached = meter.reach(since, units, end)
        if reached is not None:
            return reached
        if end == horizon:
            return BEYOND
        units -= meter.between(since, end)
    return None


def passed(meter: Meter, running: Sequence[Window], since: int, until: int) -> int:
    """Return the units that passed in the windows from `since` to `until`."""
    total = 0
    for start, end in running:
        first, last = max(start, since), until if end is None else min(end, until)
        if first < last:
            total += meter.between(first, last)
    return total
