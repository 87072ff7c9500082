"""Why this deadline, why this sum: words made from the stored trace alone, and whether it gives the number again."""

import json
from dataclasses import dataclass
from datetime import datetime

from astreinte.records.commitments.models import Clock, Settlement
from astreinte.records.commitments.standing import Standing
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import months, traces
from astreinte.words import why
from astreinte.words.why import Said


@dataclass(frozen=True, slots=True)
class Explained:
    """Words, and whether recomputing from the stored trace gave the stored number again."""

    said: Said
    agrees: bool


def deadline(clock: Clock, *, provider: str) -> Explained:
    """Say why a clock ends when it does (article 5), from its stored trace alone."""
    trace = json.loads(clock.trace)
    return Explained(why.why_deadline(trace, provider_name=provider), agrees=_deadline_agrees(clock, trace))


def amount(standing: Standing, at: datetime, *, provider: str) -> Explained | None:
    """Say why a ticket is owed what it is (article 6); None when it owes nothing because it is not late.

    Judged tickets are explained from the settlement stated last, as it is stored; one that still runs late,
    from the computation at `at`.
    """
    promise, stake = standing.promise, standing.stake
    if promise is None or stake is None or stake.month is None:
        return None
    number = str(promise.ticket.number)
    if standing.verdict is None:
        trace, agrees = stake.month.trace, True
    else:
        row = (
            Settlement.objects.filter(line=promise.line, month=promise.month, stated_at__lte=at)
            .order_by("-pk")
            .first()
        )
        settled = row is not None and number in {one["id"] for one in json.loads(row.trace)["shares"]}
        trace = json.loads(row.trace) if row and settled else stake.month.trace
        agrees = _month_agrees(trace, row if settled else None)
    return Explained(why.why_sum(trace, ticket=number, provider_name=provider), agrees=agrees)


def _deadline_agrees(clock: Clock, trace: dict[str, object]) -> bool:
    try:
        run = rules.recompute(trace)
    except traces.TraceError:
        return False
    return run.deadline == clock.deadline_at and run.trace == trace


def _month_agrees(trace: dict[str, object], row: Settlement | None) -> bool:
    try:
        month = months.recompute(trace)
    except (traces.TraceError, ValueError):
        return False
    same_row = row is None or (month.due_cents, month.raw_cents) == (row.due_cents, row.raw_cents)
    return month.trace == trace and same_row
