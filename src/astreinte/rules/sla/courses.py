"""How one target counts, by the regime of its receipt: the three readings of article 5."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from astreinte.rules.sla.calendar import Openings
from astreinte.rules.sla.meters import (
    BEYOND,
    Business,
    Elapsed,
    Meter,
    Other,
    Shares,
    Window,
    passed,
    run_out,
)
from astreinte.rules.sla.terms import Target, Terms

HORIZON_DAYS = 400
HORIZON = HORIZON_DAYS * 86400
"""A deadline not reached this long after its receipt is a mistake in the terms."""

_UNREACHED = (
    f"the deadline is not reached within {HORIZON_DAYS} days; "
    "check business_hours, closed_days, the target and the suspensions"
)


class HorizonReached(ValueError):
    """The allowance is not used up within 400 days: business hours or suspensions leave no time to count."""


@dataclass(frozen=True, slots=True)
class Course:
    """The way to a deadline. The first of `meters` to use up its units ends it.

    `mode` is "elapsed", "business", "proportional" or "separate"; `allowed` is what the target
    promises for the regime, in seconds. `runs_on` is the clock of the target, which says what is left of it;
    `late_on` counts lateness, on the same unless the terms say otherwise (`penalty.delay_unit`).
    """

    mode: str
    allowed: int
    meters: tuple[tuple[Meter, int], ...]
    runs_on: Meter
    late_on: Meter

    @property
    def is_late_in_business(self) -> bool:
        """Whether lateness counts business time alone."""
        return isinstance(self.late_on, Business)

    def end(self, start: int, running: Sequence[Window]) -> int | None:
        """Return the deadline, None when the clock is suspended for good before it; raise HorizonReached."""
        return self.end_of(1, 1, start, running)

    def end_unsuspended(self, start: int) -> int:
        """Return the deadline of a clock that nothing suspends; raise HorizonReached."""
        if self.mode == "elapsed" and self.allowed <= HORIZON:
            return start + self.allowed
        horizon, ends = start + HORIZON, []
        for meter, units in self.meters:
            end = meter.reach(start, units, horizon)
            if end is not None:
                ends.append(end)
        if not ends:
            raise HorizonReached(_UNREACHED)
        return min(ends)

    def end_of(self, share: int, of: int, start: int, running: Sequence[Window]) -> int | None:
        """Return the first second at which `share`/`of` of the allowance is used; raise HorizonReached."""
        horizon = start + HORIZON
        ends = [run_out(meter, running, -(-units * share // of), horizon) for meter, units in self.meters]
        reached = [end for end in ends if end is not None]
        if not reached:
            return None
        if min(reached) == BEYOND:
            raise HorizonReached(_UNREACHED)
        return min(reached)

    def late(self, end: int | None, until: int, running: Sequence[Window]) -> int:
        """Return the lateness in seconds on the clock that counts it (article 6), suspended time excluded."""
        return 0 if end is None else passed(self.late_on, running, end, until)


@lru_cache(maxsize=4096)
def courses(terms: Terms, priority: str) -> tuple[Course, Course] | None:
    """Return the courses of a receipt in business hours and of one outside; None without a promise.

    Raises TermsError for an unknown priority.
    """
    target = terms.target(priority)
    if target is None:
        return None
    openings = terms.calendar.openings
    if target.non_business is None:
        # « 8 heures (heures ouvrées) » is more than a working day has: a counter over several days.
        business = Business(openings)
        late_on = _late_on(terms, business)
        alone = Course("business", target.business, ((business, target.business),), business, late_on)
        return alone, alone
    return _of_both(openings, terms.mixed_rule, target, target.non_business, _late_on(terms, Elapsed()))


def _late_on(terms: Terms, runs_on: Meter) -> Meter:
    """Return what counts hours late (AMB-14): the clock of the target, or one for every target."""
    every: dict[object, Meter] = {"elapsed": Elapsed(), "business": Business(terms.calendar.openings)}
    return every.get(terms.value("penalty.delay_unit"), runs_on)


def _of_both(
    openings: Openings, rule: str, target: Target, other: int, late_on: Meter
) -> tuple[Course, Course]:
    elapsed, business = Elapsed(), target.business
    if rule == "reception":
        return (
            Course("elapsed", business, ((elapsed, business),), elapsed, late_on),
            Course("elapsed", other, ((elapsed, other),), elapsed, late_on),
        )
    meters: tuple[tuple[Meter, int], ...]
    if rule == "proportional":
        meters = ((Shares(openings, business, other), business * other),)
    else:
        meters = ((Business(openings), business), (Other(openings), other))
    inside = Course(rule, business, meters, elapsed, late_on)
    return inside, replace(inside, allowed=other)
