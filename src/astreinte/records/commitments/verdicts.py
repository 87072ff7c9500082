"""A verdict is frozen at the intervention; a breach exists from the first second late, and never disappears."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from astreinte.records.accounts.actors import system
from astreinte.records.commitments.facts import ClockStarted, CommitmentMissed, VerdictFrozen
from astreinte.records.commitments.models import Breach, Clock, Verdict
from astreinte.records.contracts import resolving
from astreinte.records.journal import writing
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import penalties, traces
from astreinte.rules.sla.penalties import Penalty


@lru_cache(maxsize=4096)
def _rerun(trace: str) -> rules.ClockRun:
    return rules.recompute(json.loads(trace))


def run_of(clock: Clock) -> rules.ClockRun:
    """Return the clock as the rules see it, from its stored trace alone. Raises traces.TraceError."""
    return _rerun(clock.trace)


def first_intervention(ticket: Ticket) -> Intervention | None:
    """Return the intervention that stops the clock: the first to start, on the ticket or on one merged into it."""
    mine = Intervention.objects.filter(ticket=ticket) | Intervention.objects.filter(
        ticket__merged_into=ticket
    )
    return mine.order_by("started_at", "pk").first()


def penalty_of(clock: Clock, late_seconds: int) -> Penalty | None:
    """Return the penalty of so many seconds late (> 0), at the fee in force at the deadline; None for no money."""
    if clock.kind != "contractual" or clock.deadline_at is None or late_seconds <= 0:
        return None
    fee = resolving.fee(clock.line, clock.deadline_at)
    return penalties.raw(run_of(clock).terms, fee, clock.deadline_at, late_seconds)


@transaction.atomic
def freeze(clock: Clock, *, at: datetime) -> Verdict | None:
    """Freeze the verdict of a clock whose ticket saw an intervention; an earlier one replaces what was said."""
    first = first_intervention(clock.ticket)
    if first is None:
        return None
    current = Verdict.objects.filter(clock=clock, replaced_at=None).first()
    if current is not None and current.stopped_at <= first.started_at:
        return current
    late = run_of(clock).late_seconds(first.started_at)
    penalty = penalty_of(clock, late)
    if current is not None:
        current.replaced_at = at
        current.save(update_fields=["replaced_at"])
    verdict = Verdict.objects.create(
        ticket_id=clock.ticket_id,
        clock=clock,
        intervention=first,
        stopped_at=first.started_at,
        late_seconds=late,
        charged_seconds=penalty.charged_seconds if penalty else None,
        opening_seconds=penalty.opening_seconds if penalty else None,
        raw_cents=penalty.raw_cents if penalty else None,
        trace=_trace(clock, first.started_at, penalty),
        stated_at=at,
    )
    fact = VerdictFrozen(
        at=at,
        provider_id=clock.ticket.provider_id,
        ticket_id=clock.ticket_id,
        clock_id=clock.pk,
        verdict_id=verdict.pk,
        late_seconds=late,
        raw_cents=verdict.raw_cents,
    )
    if late > 0:
        note_breach(clock, at=at)
    writing.append(fact, actor=system("commitments"), rows=[verdict, *([current] if current else [])])
    return verdict


def look(event: ClockStarted, *, at: datetime) -> None:
    """Note the breach, woken at the first second late; the verdict is computed from data, not from the waking."""
    ticket = Ticket.objects.select_for_update().get(pk=event.ticket_id)
    clock = Clock.objects.current().filter(pk=event.clock_id, kind="contractual").first()
    if clock is None or clock.first_late_at is None or at < clock.first_late_at:
        return
    first = first_intervention(ticket)
    if first is None or first.started_at >= clock.first_late_at:
        note_breach(clock, at=at)


def note_breach(clock: Clock, *, at: datetime) -> Breach | None:
    """Note that a contractual promise was missed, once a ticket; `Breach.at` is the first second late (A6.1)."""
    if clock.kind != "contractual" or clock.first_late_at is None:
        return None
    breach, made = Breach.objects.get_or_create(
        ticket_id=clock.ticket_id, defaults={"clock": clock, "at": clock.first_late_at, "stated_at": at}
    )
    if made:
        fact = CommitmentMissed(
            at=breach.at,
            provider_id=clock.ticket.provider_id,
            ticket_id=clock.ticket_id,
            clock_id=clock.pk,
            breach_id=breach.pk,
        )
        writing.append(fact, actor=system("commitments"), rows=[breach])
    return breach


def _trace(clock: Clock, until: datetime, penalty: Penalty | None) -> str:
    whole: dict[str, Any] = {
        "engine": traces.ENGINE,
        "kind": "verdict",
        "clock": traces.of_run(run_of(clock), None, until),
        "penalty": penalty.trace if penalty else None,
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)
