"""A verdict is frozen at the intervention; a breach exists from the first second late, and never disappears."""

import json
import logging
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from astreinte.records.accounts.actors import system
from astreinte.records.accounts.reach import Visible
from astreinte.records.commitments.facts import (
    ClockStarted,
    CommitmentMissed,
    VerdictFrozen,
    VerdictLifted,
)
from astreinte.records.commitments.models import Breach, Clock, Verdict
from astreinte.records.contracts import resolving
from astreinte.records.journal import writing
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import penalties, traces
from astreinte.rules.sla.penalties import Penalty, PenaltyError

log = logging.getLogger(__name__)


@lru_cache(maxsize=4096)
def _rerun(trace: str) -> rules.ClockRun:
    return rules.recompute(json.loads(trace))


def run_of(clock: Clock) -> rules.ClockRun:
    """Return the clock as the rules see it, from its stored trace alone. Raises traces.TraceError."""
    return _rerun(clock.trace)


def first_intervention(ticket: Ticket, since: datetime | None = None) -> Intervention | None:
    """Return the intervention that stops a clock: the first to start, on the ticket or on one merged into it.

    `since`: the relapse that the clock is about; what was done before it was done for the outage before.
    """
    found = interventions_of(ticket)
    if since is not None:
        found = found.filter(started_at__gte=since)
    return found.order_by("started_at", "pk").first()


def interventions_of(ticket: Ticket) -> Visible[Intervention]:
    """Return the interventions on a ticket and on those merged into it."""
    return Intervention.objects.filter(ticket=ticket) | Intervention.objects.filter(
        ticket__merged_into=ticket
    )


def stopped_at(clock: Clock) -> tuple[datetime | None, Intervention | None]:
    """Return when a clock stopped, and by which intervention: else by the closing of its ticket, else not at all."""
    first = first_intervention(clock.ticket, clock.relapse_at)
    if first is not None:
        return first.started_at, first
    closed_at = clock.ticket.closed_at
    of_this_turn = closed_at is not None and (clock.relapse_at is None or closed_at >= clock.relapse_at)
    return (closed_at if of_this_turn else None), None


def penalty_of(clock: Clock, late_seconds: int) -> Penalty | None:
    """Return the penalty of so many seconds late (> 0), at the fee in force at the deadline; None for no money.

    None too for a month without opening hours: the formula gives no rate there, and nothing else stops for it.
    """
    if clock.kind != "contractual" or clock.deadline_at is None or late_seconds <= 0:
        return None
    fee = resolving.fee(clock.line, clock.deadline_at)
    try:
        return penalties.raw(run_of(clock).terms, fee, clock.deadline_at, late_seconds)
    except PenaltyError:
        log.exception("no penalty for want of a rate: clock %s", clock.pk)
        return None


def judged_penalty(verdict: Verdict) -> Penalty | None:
    """Return the penalty that a verdict froze, from its trace alone: a later price changes nothing of it."""
    trace = json.loads(verdict.trace)["penalty"]
    found = penalties.recompute(trace) if trace is not None else None
    return found if isinstance(found, Penalty) else None


def lateness(clock: Clock, at: datetime) -> int:
    """Return the seconds late: as judged, or until `at`."""
    verdict = Verdict.objects.filter(clock=clock, replaced_at=None).first()
    return verdict.late_seconds if verdict else run_of(clock).late_seconds(at)


@transaction.atomic
def freeze(clock: Clock, *, at: datetime) -> Verdict | None:
    """Freeze the verdict of a clock whose ticket saw an intervention, or was closed without one.

    An earlier intervention that is proved later replaces what was said, beside it.
    """
    stopped, first = stopped_at(clock)
    if stopped is None:
        return None
    current = Verdict.objects.filter(clock=clock, replaced_at=None).first()
    if current is not None and current.stopped_at <= stopped:
        return current
    late = run_of(clock).late_seconds(stopped)
    penalty = penalty_of(clock, late)
    if current is not None:
        _replace(current, at)
    verdict = Verdict.objects.create(
        ticket_id=clock.ticket_id,
        clock=clock,
        intervention=first,
        stopped_at=stopped,
        late_seconds=late,
        charged_seconds=penalty.charged_seconds if penalty else None,
        opening_seconds=penalty.opening_seconds if penalty else None,
        raw_cents=penalty.raw_cents if penalty else None,
        trace=_trace(clock, stopped, penalty),
        stated_at=at,
    )
    if late > 0:
        note_breach(clock, at=at)
    _tell(verdict, at, replaced=current)
    return verdict


@transaction.atomic
def lift(clock: Clock, *, at: datetime) -> None:
    """Take back the verdict of a closing without an intervention: the ticket is open again."""
    current = Verdict.objects.filter(clock=clock, replaced_at=None, intervention=None).first()
    if current is None:
        return
    _replace(current, at)
    fact = VerdictLifted(
        at=at,
        provider_id=clock.ticket.provider_id,
        ticket_id=clock.ticket_id,
        clock_id=clock.pk,
        verdict_id=current.pk,
        first_late_at=clock.first_late_at if clock.kind == "contractual" else None,
    )
    writing.append(fact, actor=system("commitments"), rows=[current])


def _replace(verdict: Verdict, at: datetime) -> None:
    verdict.replaced_at = max(at, verdict.stated_at)
    verdict.save(update_fields=["replaced_at"])


def _tell(verdict: Verdict, at: datetime, *, replaced: Verdict | None) -> None:
    fact = VerdictFrozen(
        at=at,
        provider_id=verdict.ticket.provider_id,
        ticket_id=verdict.ticket_id,
        clock_id=verdict.clock_id,
        verdict_id=verdict.pk,
        late_seconds=verdict.late_seconds,
        raw_cents=verdict.raw_cents,
        lowered_from=replaced.late_seconds if replaced else None,
    )
    writing.append(fact, actor=system("commitments"), rows=[verdict, *([replaced] if replaced else [])])


class TooEarly(Exception):
    """The clock of the machine went back between two looks: the delivery is tried again."""


def look(event: ClockStarted | VerdictLifted, *, at: datetime) -> None:
    """Note the breach, woken at the first second late; the verdict is computed from data, not from the waking."""
    Ticket.objects.select_for_update(no_key=True).get(pk=event.ticket_id)
    current = Clock.objects.current().filter(pk=event.clock_id, kind="contractual")
    clock = current.select_related("ticket").first()
    if clock is None or clock.first_late_at is None:
        return
    if at < clock.first_late_at:
        raise TooEarly(f"{at.isoformat()} is before {clock.first_late_at.isoformat()}")
    stopped, _ = stopped_at(clock)
    if stopped is None or stopped >= clock.first_late_at:
        note_breach(clock, at=at)


def note_breach(clock: Clock, *, at: datetime) -> Breach | None:
    """Note that a contractual promise was missed, once a ticket and turn; `at`: the first second late (A6.1)."""
    if clock.kind != "contractual" or clock.first_late_at is None:
        return None
    breach, made = Breach.objects.get_or_create(
        ticket_id=clock.ticket_id,
        turn=clock.turn,
        defaults={"clock": clock, "at": clock.first_late_at, "stated_at": at},
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
