"""What an order line owes for a month: each new fact makes a new settlement beside the old ones."""

import json
from datetime import datetime, timedelta

from django.db import transaction

from astreinte.records.accounts.actors import system
from astreinte.records.commitments.facts import (
    ClockStarted,
    ClockWithdrawn,
    CommitmentMissed,
    MonthSettled,
    VerdictFrozen,
    VerdictLifted,
)
from astreinte.records.commitments.models import Clock, Settlement, Share, Verdict
from astreinte.records.commitments.verdicts import judged_penalty, penalty_of, run_of
from astreinte.records.contracts.models import OrderLine
from astreinte.records.journal import writing
from astreinte.rules.sla import months, traces
from astreinte.rules.sla.months import Late, MonthOwed
from astreinte.rules.sla.penalties import next_started_at


def owed(line: OrderLine, month: str, at: datetime) -> MonthOwed | None:
    """Return what the line owes for the month as it stands at `at`; None when nothing was late.

    What was judged keeps its verdict, whenever that was; what still waits for an intervention is late until `at`.
    """
    clocks = list(
        Clock.objects.held()
        .contractual()
        .filter(line=line, month=month)
        .select_related("ticket", "line")
        .prefetch_related("line__prices")
    )
    verdicts = {one.clock_id: one for one in Verdict.objects.filter(clock__in=clocks, replaced_at=None)}
    lates = []
    for clock in clocks:
        verdict = verdicts.get(clock.pk)
        penalty = judged_penalty(verdict) if verdict else penalty_of(clock, run_of(clock).late_seconds(at))
        if penalty is not None:
            first = clock.turn == 1
            lates.append(Late(clock.label, penalty, ticket=None if first else f"{clock.ticket.number}"))
    return months.owed(lates) if lates else None


def settle_month(event: CommitmentMissed | VerdictFrozen, *, at: datetime) -> None:
    """Settle the month of the clock that was missed or judged."""
    clock = Clock.objects.select_related("line").get(pk=event.clock_id)
    if clock.kind == "contractual" and clock.month:
        settle(clock.line, clock.month, at=at)


def settle_again(event: ClockStarted | ClockWithdrawn | VerdictLifted, *, at: datetime) -> None:
    """Settle again the months in which the ticket has a share, or has one now: its clock changed or moved."""
    held = Settlement.objects.filter(shares__ticket_id=event.ticket_id).values_list("line_id", "month")
    missed = (
        Clock.objects.current()
        .contractual()
        .filter(ticket_id=event.ticket_id, ticket__breaches__isnull=False)
    )
    for line_id, month in sorted({*held, *missed.exclude(month="").values_list("line_id", "month")}):
        settle(OrderLine.objects.get(pk=line_id), month, at=at)


def settle_next(event: MonthSettled, *, at: datetime) -> None:
    """Settle the month again when another hour of a ticket that is still late begins to count."""
    settle(OrderLine.objects.get(pk=event.line_id), event.month, at=at)


@transaction.atomic
def settle(line: OrderLine, month: str, *, at: datetime) -> Settlement | None:
    """State what the line owes for the month, when it differs from what was stated last."""
    OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    last = Settlement.objects.filter(line=line, month=month).order_by("-pk").first()
    found = owed(line, month, at)
    if found is None and (last is None or last.raw_cents == 0):
        return last
    empty = {"engine": traces.ENGINE, "kind": "month", "month": month, "shares": []}
    trace = json.dumps(found.trace if found else empty, ensure_ascii=False, sort_keys=True)
    if last is not None and last.trace == trace:
        return last
    row = Settlement.objects.create(
        line=line,
        month=month,
        raw_cents=found.raw_cents if found else 0,
        due_cents=found.due_cents if found else 0,
        cap_cents=found.cap_cents if found else None,
        trace=trace,
        stated_at=at,
    )
    shares = _shares(row, found) if found else []
    fact = MonthSettled(
        at=at,
        provider_id=line.provider_id,
        line_id=line.pk,
        settlement_id=row.pk,
        month=month,
        due_cents=row.due_cents,
        next_at=_next_at(row, shares, at),
    )
    writing.append(fact, actor=system("commitments"), rows=[row, *shares])
    return row


def _next_at(row: Settlement, shares: list[Share], at: datetime) -> datetime | None:
    """Return when the next hour begins to count of a ticket that is still late, and whose cap is not used up."""
    clocks = (
        Clock.objects.current().contractual().filter(line=row.line, month=row.month, first_late_at__lte=at)
    )
    running = clocks.exclude(pk__in=Verdict.objects.filter(replaced_at=None).values("clock_id"))
    due = {share.ticket_id: share.due_cents for share in shares}
    after = []
    for clock in running:
        run = run_of(clock)
        monthly = run.terms.penalty.cap_scope == "month"
        used = row.due_cents if monthly else due.get(clock.ticket_id, 0)
        if row.cap_cents is None or used < row.cap_cents:
            after.append(next_started_at(run, at))
    return min((one + timedelta(seconds=1) for one in after if one is not None), default=None)


def _shares(row: Settlement, found: MonthOwed) -> list[Share]:
    clocks = (
        Clock.objects.held().contractual().filter(line=row.line, month=row.month).select_related("ticket")
    )
    tickets = {clock.label: clock.ticket_id for clock in clocks}
    shares: dict[int, Share] = {}
    for late, due in zip(found.lates, found.dues, strict=True):
        # A fault that came back may be late twice: its ticket has one share, of both.
        ticket_id = tickets[late.id]
        share = shares.setdefault(
            ticket_id, Share(settlement=row, ticket_id=ticket_id, late_seconds=0, raw_cents=0, due_cents=0)
        )
        share.late_seconds += late.penalty.late_seconds
        share.raw_cents += late.penalty.raw_cents
        share.due_cents += due.cents
        share.reason = due.reason or share.reason
    for share in shares.values():
        share.save(force_insert=True)
    return list(shares.values())
