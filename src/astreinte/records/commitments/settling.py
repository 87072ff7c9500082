"""What an order line owes for a month: each new fact makes a new settlement beside the old ones."""

import json
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import system
from astreinte.records.commitments.facts import (
    ClockStarted,
    ClockWithdrawn,
    CommitmentMissed,
    MonthSettled,
    VerdictFrozen,
)
from astreinte.records.commitments.models import Clock, Settlement, Share, Verdict
from astreinte.records.commitments.verdicts import penalty_of, run_of
from astreinte.records.contracts.models import OrderLine
from astreinte.records.journal import writing
from astreinte.rules.sla import months
from astreinte.rules.sla.months import Late, MonthOwed


def owed(line: OrderLine, month: str, at: datetime) -> MonthOwed | None:
    """Return what the line owes for the month as it stands at `at`; None when nothing was late.

    What was judged keeps its verdict; what still waits for an intervention is late until `at`.
    """
    clocks = (
        Clock.objects.current()
        .contractual()
        .filter(line=line, month=month, first_late_at__lte=at)
        .select_related("ticket", "line")
    )
    verdicts = {
        one.clock_id: one
        for one in Verdict.objects.filter(clock__in=clocks, replaced_at=None, stopped_at__lte=at)
    }
    lates = []
    for clock in clocks:
        verdict = verdicts.get(clock.pk)
        late = verdict.late_seconds if verdict else run_of(clock).late_seconds(at)
        penalty = penalty_of(clock, late)
        if penalty is not None:
            lates.append(Late(str(clock.ticket.number), penalty))
    return months.owed(lates) if lates else None


def settle_month(event: CommitmentMissed | VerdictFrozen, *, at: datetime) -> None:
    """Settle the month of the clock that was missed or judged."""
    clock = Clock.objects.select_related("line").get(pk=event.clock_id)
    if clock.kind == "contractual" and clock.month:
        settle(clock.line, clock.month, at=at)


def settle_again(event: ClockStarted | ClockWithdrawn, *, at: datetime) -> None:
    """Settle again the months in which the ticket has a share: its clock was worked out again, or moved."""
    held = (
        Settlement.objects.filter(shares__ticket_id=event.ticket_id)
        .values_list("line_id", "month")
        .distinct()
    )
    for line_id, month in list(held):
        settle(OrderLine.objects.get(pk=line_id), month, at=at)


@transaction.atomic
def settle(line: OrderLine, month: str, *, at: datetime) -> Settlement | None:
    """State what the line owes for the month, when it differs from what was stated last."""
    OrderLine.objects.select_for_update().get(pk=line.pk)
    last = Settlement.objects.filter(line=line, month=month).order_by("-pk").first()
    found = owed(line, month, at)
    if found is None and (last is None or last.raw_cents == 0):
        return last
    trace = json.dumps(
        found.trace if found else {"kind": "month", "month": month, "shares": []}, sort_keys=True
    )
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
    )
    writing.append(fact, actor=system("commitments"), rows=[row, *shares])
    return row


def _shares(row: Settlement, found: MonthOwed) -> list[Share]:
    clocks = (
        Clock.objects.current().contractual().filter(line=row.line, month=row.month).select_related("ticket")
    )
    tickets = {str(clock.ticket.number): clock.ticket_id for clock in clocks}
    shares = [
        Share(
            settlement=row,
            ticket_id=tickets[late.id],
            late_seconds=late.penalty.late_seconds,
            raw_cents=late.penalty.raw_cents,
            due_cents=due.cents,
            reason=due.reason or "",
        )
        for late, due in zip(found.lates, found.dues, strict=True)
    ]
    for share in shares:
        share.save(force_insert=True)
    return shares
