"""The clock of article 5: when it starts, when the promise ends, how late an intervention came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from astreinte.rules.sla import meters, traces
from astreinte.rules.sla.calendar import CalendarError
from astreinte.rules.sla.courses import HORIZON, Course, HorizonReached, courses
from astreinte.rules.sla.instants import to_datetime, to_seconds
from astreinte.rules.sla.terms import MIXED_RULES, Terms

Json = dict[str, Any]

RELAPSE = "relapse"
"""What starts the clock of a fault that was declared, was worked on, and came back: no channel, the relapse itself."""

__all__ = [
    "RELAPSE",
    "ClockRun",
    "HorizonReached",
    "Readings",
    "Receipt",
    "Suspension",
    "agrees",
    "instant_of_share",
    "readings",
    "recompute",
    "remaining",
    "run",
    "safe_target",
    "share_used",
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report of an anomaly: the instant the provider's server got it, and the channel it came by."""

    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time during which the client gave no access; `end` is None until it is given back."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a suspension ends before it begins: {self.start} .. {self.end}")

    @property
    def seconds(self) -> tuple[int, int]:
        """The suspension as seconds, `FOREVER` for the end that is not known."""
        return to_seconds(self.start), meters.FOREVER if self.end is None else to_seconds(self.end)


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One promise that runs, or ran: all that is needed to say its deadline, and why.

    `receipt` is the one that starts the clock; `regime` ("business" or "non_business") is that of
    its instant; `mode` says how it counts ("elapsed", "business", "proportional", "separate");
    `allowed` is what the target promises for the regime; `deadline` is in UTC, None when the clock
    is suspended for good before it. `relapse` is the instant at which the fault came back after an
    intervention, None for the first outage.
    """

    terms: Terms
    priority: str
    receipts: tuple[Receipt, ...]
    suspensions: tuple[Suspension, ...]
    internal: bool
    receipt: Receipt
    regime: str
    deadline: datetime | None
    course: Course
    relapse: datetime | None = None

    @property
    def mode(self) -> str:
        """How the clock counts."""
        return self.course.mode

    @property
    def allowed(self) -> timedelta:
        """The time promised for the regime of the receipt."""
        return timedelta(seconds=self.course.allowed)

    @property
    def start_second(self) -> int:
        """The second at which the clock starts."""
        return to_seconds(self.receipt.at)

    @property
    def end_second(self) -> int | None:
        """The second of the deadline."""
        return None if self.deadline is None else to_seconds(self.deadline)

    @property
    def windows(self) -> Sequence[meters.Window]:
        """The stretches in which the clock runs, in seconds."""
        return meters.windows(self.start_second, (pause.seconds for pause in self.suspensions))

    @property
    def first_late_at(self) -> datetime | None:
        """The first whole second whose lateness is more than zero: the breach exists from here (A6.1).

        For a business-only target due at a closing, the next opening and one second. None if never.
        """
        return self.late_reaches(1)

    @property
    def trace(self) -> Json:
        """The computation as JSON values, from which alone `recompute` gives the same numbers."""
        return traces.of_run(self, self.readings)

    def judged(self, until: datetime) -> Json:
        """Return the trace with the lateness at `until`: the intervention, or the instant of judgement."""
        return traces.of_run(self, self.readings, until=until)

    @property
    def readings(self) -> "Readings | None":
        """The deadlines of the three readings on the same receipts."""
        return readings(
            self.terms,
            self.priority,
            self.receipts,
            suspensions=self.suspensions,
            internal=self.internal,
            relapse=self.relapse,
        )

    def late_seconds(self, until: datetime) -> int:
        """Return the lateness at an instant, on the clock of the target, suspended time excluded."""
        return self.course.late(self.end_second, to_seconds(until), self.windows)

    def late_reaches(self, seconds: int) -> datetime | None:
        """Return the first second at which the lateness is that many seconds (> 0), None if never."""
        end = self.end_second
        if end is None:
            return None
        left = [(max(since, end), until) for since, until in self.windows if until is None or until > end]
        try:
            reached = meters.run_out(self.course.late_on, left, seconds, end + HORIZON + 20 * seconds)
        except CalendarError:
            return None
        return None if reached is None or reached == meters.BEYOND else to_datetime(reached)


def run(
    terms: Terms,
    priority: str,
    receipts: Iterable[Receipt],
    *,
    suspensions: Iterable[Suspension] = (),
    internal: bool = False,
    relapse: datetime | None = None,
) -> ClockRun | None:
    """Return the clock of a ticket, contractual or `internal` (from the first receipt of all, no money).

    With `relapse` the clock is that of the fault that came back then: it starts at the relapse where the fault had
    been received before by a channel that counts (it is the same incident, and nobody has to declare it twice),
    else at the first such receipt that follows.

    None when the priority has no promise, or no receipt came by a channel that starts the clock.
    Raises TermsError for an unknown priority, HorizonReached for a deadline beyond 400 days.
    """
    pair = courses(terms, priority)
    received = tuple(receipts)
    first = _starting(terms, received, internal, relapse)
    if pair is None or first is None:
        return None
    pauses = tuple(suspensions)
    start = to_seconds(first.at)
    # The regime is that of the receipt even when access is missing at that instant.
    inside = terms.calendar.openings.holds(start)
    course = pair[0] if inside else pair[1]
    end = course.end(start, meters.windows(start, (pause.seconds for pause in pauses)))
    return ClockRun(
        terms=terms,
        priority=priority,
        receipts=received,
        suspensions=pauses,
        internal=internal,
        receipt=first,
        regime="business" if inside else "non_business",
        deadline=None if end is None else to_datetime(end),
        course=course,
        relapse=relapse,
    )


def _starting(
    terms: Terms, received: Sequence[Receipt], internal: bool, relapse: datetime | None
) -> Receipt | None:
    counting = [one for one in received if internal or one.channel in terms.clock_starts_on]
    if relapse is not None and any(one.at <= relapse for one in counting):
        return Receipt(relapse, RELAPSE)
    return min(counting, key=lambda one: one.at, default=None)


@dataclass(frozen=True, slots=True)
class Readings:
    """The deadline under each reading of « 2 heures (heures ouvrées) et 4 heures (heures non ouvrées) ».

    None when that reading has no deadline: suspended for good, or not within 400 days.
    """

    reception: datetime | None
    proportional: datetime | None
    separate: datetime | None

    def __iter__(self) -> Iterator[tuple[str, datetime | None]]:
        return iter((rule, getattr(self, rule)) for rule in MIXED_RULES)


def readings(
    terms: Terms,
    priority: str,
    receipts: Iterable[Receipt],
    *,
    suspensions: Iterable[Suspension] = (),
    internal: bool = False,
    relapse: datetime | None = None,
) -> Readings | None:
    """Return the deadlines of the three readings, side by side; None when no clock runs."""
    received, pauses = tuple(receipts), tuple(suspensions)
    due: dict[str, datetime | None] = {}
    for rule in MIXED_RULES:
        try:
            one = run(
                replace(terms, mixed_rule=rule),
                priority,
                received,
                suspensions=pauses,
                internal=internal,
                relapse=relapse,
            )
        except HorizonReached:
            due[rule] = None
            continue
        if one is None:
            return None
        due[rule] = one.deadline
    return Readings(**due)


def safe_target(
    terms: Terms,
    priority: str,
    receipts: Iterable[Receipt],
    *,
    suspensions: Iterable[Suspension] = (),
    internal: bool = False,
    relapse: datetime | None = None,
) -> datetime | None:
    """Return the earliest of `reception` and `proportional`: what staff aim at (AMB-01).

    `proportional` is never later than `separate`, so no reading is missed by who keeps it.
    """
    found = readings(terms, priority, receipts, suspensions=suspensions, internal=internal, relapse=relapse)
    due = [] if found is None else [at for at in (found.reception, found.proportional) if at is not None]
    return min(due, default=None)


def remaining(clock: ClockRun, at: datetime) -> timedelta:
    """Return what is left to run at an instant, on the target's own clock; below zero, the lateness.

    Business time for a target that runs in business time alone, else elapsed time; suspended time
    excluded. Under a suspension that was not given back: what would be left if it were, now.
    """
    clock = _as_if_given_back(clock, at)
    now, end = to_seconds(at), clock.end_second
    if end is None:
        return clock.allowed
    if now <= end:
        left = meters.passed(clock.course.runs_on, clock.windows, now, end)
        return timedelta(seconds=left)
    return timedelta(seconds=-clock.course.late(end, now, clock.windows))


def share_used(clock: ClockRun, at: datetime) -> Fraction:
    """Return the part of the allowance used at an instant: 1 at the deadline, more after."""
    now = to_seconds(at)
    return max(
        Fraction(meters.passed(meter, clock.windows, clock.start_second, now), units)
        for meter, units in clock.course.meters
    )


def instant_of_share(clock: ClockRun, share: Fraction) -> datetime | None:
    """Return the first whole second at which that part of the allowance is used, None if never."""
    if share <= 0:
        return to_datetime(clock.start_second)
    try:
        second = clock.course.end_of(share.numerator, share.denominator, clock.start_second, clock.windows)
    except HorizonReached:
        return None
    return None if second is None else to_datetime(second)


def recompute(trace: Json) -> ClockRun:
    """Return the clock that a stored trace comes to, from it alone; raise TraceError when it cannot."""
    with traces.reading(trace, "deadline"):
        again = run(
            traces.terms_in(trace),
            trace["priority"],
            [Receipt(traces.instant(one["at"]), one["channel"]) for one in trace["receipts"]],
            suspensions=[
                Suspension(traces.instant(one["from"]), one["to"] and traces.instant(one["to"]))
                for one in trace["suspensions"]
            ],
            internal=trace["internal"],
            relapse=traces.instant(trace["relapse"]) if "relapse" in trace else None,
        )
    if again is None:
        raise traces.TraceError("the receipts of this trace start no clock under its terms")
    return again


def agrees(trace: Json) -> bool:
    """Say whether recomputing a stored trace gives the same trace, deadline and lateness included."""
    try:
        again = recompute(trace)
        found = again.judged(traces.instant(trace["until"])) if "until" in trace else again.trace
        return found == traces.worked_out(trace)
    except (traces.TraceError, HorizonReached):
        return False


def _as_if_given_back(clock: ClockRun, at: datetime) -> ClockRun:
    if clock.deadline is not None or all(pause.end is not None for pause in clock.suspensions):
        return clock
    given_back = tuple(
        pause if pause.end is not None else Suspension(pause.start, max(pause.start, at))
        for pause in clock.suspensions
    )
    again = run(
        clock.terms,
        clock.priority,
        clock.receipts,
        suspensions=given_back,
        internal=clock.internal,
        relapse=clock.relapse,
    )
    return clock if again is None else again
