"""How a ticket stands at an instant: time left, lateness, what is at stake. The same for page, CLI and API."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache, partial

from astreinte.records.commitments.models import Breach, Clock, Verdict
from astreinte.records.commitments.settling import owed
from astreinte.records.commitments.verdicts import penalty_of, run_of
from astreinte.records.contracts.models import OrderLine
from astreinte.records.tickets.models import Ticket
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import penalties
from astreinte.rules.sla.months import MonthOwed

MonthOfLine = Callable[[OrderLine, str], MonthOwed | None]


@dataclass(frozen=True, slots=True)
class Stake:
    """The money of a promise, in cents: what each charged hour costs, what is due now, when it grows, its cap."""

    hour_cents: int
    due_cents: int
    raw_cents: int
    next_at: datetime | None
    next_due_cents: int | None
    cap_cents: int | None
    reason: str | None
    month: MonthOwed | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket at an instant. `state`: uncovered, no_target, no_clock, running, late, met, missed, closed, merged.

    `closed`: in time when it was closed without an intervention, with a reason that the client read.

    `left` is the time left to intervene on the target's own clock, below zero when late; `late` the lateness;
    `promise` and `objective` are the contractual and the internal clock, None where none runs. `earlier`: how its
    promises stood that were over when the fault came back, the first of all in front.
    """

    ticket: Ticket
    state: str
    promise: Clock | None
    objective: Clock | None
    verdict: Verdict | None
    breach: Breach | None
    left: timedelta | None
    late: timedelta
    used: Fraction | None
    stake: Stake | None
    earlier: tuple["Standing", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether time still runs against the provider."""
        return self.state in {"running", "late"}


def of(ticket: Ticket, at: datetime) -> Standing:
    """Return how one ticket stands."""
    return of_all([ticket], at)[0]


def of_all(tickets: Iterable[Ticket], at: datetime) -> list[Standing]:
    """Return how each ticket stands, in their order, with as many queries for fifty as for one."""
    several = list(tickets)
    keys = [ticket.pk for ticket in several]
    promises: dict[int, Clock] = {}
    objectives: dict[int, Clock] = {}
    over: dict[int, list[Clock]] = {}
    clocks = Clock.objects.held().filter(ticket__in=keys).select_related("line", "receipt", "ticket")
    for clock in clocks.prefetch_related("line__prices").order_by("turn"):
        contractual = clock.kind == "contractual"
        if clock.over_at is None:
            (promises if contractual else objectives)[clock.ticket_id] = clock
        elif contractual:
            over.setdefault(clock.ticket_id, []).append(clock)
    verdicts = {
        one.clock_id: one
        for one in Verdict.objects.filter(
            clock__ticket__in=keys, replaced_at=None, stopped_at__lte=at
        ).select_related("intervention__person")
    }
    breaches = {(one.ticket_id, one.turn): one for one in Breach.objects.filter(ticket__in=keys)}
    month_of_line = cache(lambda line, month: owed(line, month, at))
    judge = partial(_standing, at=at, verdicts=verdicts, breaches=breaches, month_of_line=month_of_line)
    return [
        judge(
            ticket,
            promise=promises.get(ticket.pk),
            objective=objectives.get(ticket.pk),
            earlier=tuple(judge(ticket, promise=one, objective=None) for one in over.get(ticket.pk, ())),
        )
        for ticket in several
    ]


def _standing(
    ticket: Ticket,
    *,
    at: datetime,
    promise: Clock | None,
    objective: Clock | None,
    verdicts: dict[int, Verdict],
    breaches: dict[tuple[int, int], Breach],
    month_of_line: MonthOfLine,
    earlier: tuple[Standing, ...] = (),
) -> Standing:
    left, late, used = None, timedelta(0), None
    clock = promise or objective
    verdict = verdicts.get(clock.pk) if clock else None
    if clock is not None:
        run = run_of(clock)
        until = verdict.stopped_at if verdict else at
        late = timedelta(seconds=run.late_seconds(until))
        left, used = rules.remaining(run, until), rules.share_used(run, until)
    return Standing(
        ticket=ticket,
        state=_state(ticket, promise, objective, verdict, late),
        promise=promise,
        objective=objective,
        verdict=verdict,
        breach=breaches.get((ticket.pk, clock.turn if clock else 1)),
        left=left,
        late=late,
        used=used,
        stake=None if promise is None else _stake(promise, at, late, verdict, month_of_line),
        earlier=earlier,
    )


def _state(
    ticket: Ticket, promise: Clock | None, objective: Clock | None, verdict: Verdict | None, late: timedelta
) -> str:
    if promise is None:
        if ticket.state == "merged":
            return "merged"
        if objective is not None:
            return "no_clock"
        return "no_target" if _covered(ticket) else "uncovered"
    if verdict is not None:
        return "missed" if late else ("met" if verdict.intervention_id else "closed")
    return "late" if late else "running"


def _covered(ticket: Ticket) -> bool:
    server = ticket.server
    return server is not None and OrderLine.objects.covering(server, ticket.opened_at).exists()


def _stake(
    clock: Clock, at: datetime, late: timedelta, verdict: Verdict | None, month_of_line: MonthOfLine
) -> Stake | None:
    hour = penalty_of(clock, penalties.HOUR)
    if hour is None:
        return None
    month = month_of_line(clock.line, clock.month) if late else None
    due = month.due_of(clock.label) if month else None
    next_at = next_due = None
    if verdict is None:
        next_at = penalties.next_started_at(run_of(clock), max(at, clock.deadline_at or at))
        more = (
            penalty_of(clock, run_of(clock).late_seconds(next_at + timedelta(seconds=1))) if next_at else None
        )
        next_due = more.raw_cents if more else None
    return Stake(
        hour_cents=hour.raw_cents,
        due_cents=due.cents if due else 0,
        raw_cents=due.share.raw_cents if due else 0,
        next_at=next_at,
        next_due_cents=next_due,
        cap_cents=penalties.cap_cents(hour.terms, hour.price),
        reason=due.reason if due else hour.reason,
        month=month,
    )


def trace_of(clock: Clock) -> dict[str, object]:
    """Return the stored computation of a clock."""
    found: dict[str, object] = json.loads(clock.trace)
    return found
