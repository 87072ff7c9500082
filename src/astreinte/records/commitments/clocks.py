"""The clock of a ticket starts, is worked out again when a receipt is added, and stops at an intervention."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q

from astreinte.records.accounts.actors import system
from astreinte.records.commitments.facts import ClockOver, ClockStarted, ClockWithdrawn
from astreinte.records.commitments.models import KINDS, Clock
from astreinte.records.commitments.verdicts import (
    first_intervention,
    freeze,
    interventions_of,
    lateness,
    lift,
)
from astreinte.records.contracts import quoting, resolving
from astreinte.records.contracts.resolving import InForce
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.tickets.facts import (
    IncidentRelapsed,
    TicketClosed,
    TicketMerged,
    TicketPlaced,
    TicketReceived,
    TicketReopened,
)
from astreinte.records.tickets.models import Receipt, Ticket
from astreinte.records.tickets.opening import TicketError, rooted
from astreinte.records.worklog import leaving
from astreinte.records.worklog.facts import InterventionStarted
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import traces
from astreinte.rules.sla.calendar import month_of
from astreinte.rules.sla.courses import HorizonReached
from astreinte.rules.sla.instants import to_seconds

Json = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Which outage of a ticket its clocks are about: the first, or one that began with a relapse.

    `over_at` is the relapse that began the next one, None for the last.
    """

    number: int = 1
    relapse_at: datetime | None = None
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Worked:
    """A clock as the rules work it out, before it is stated."""

    run: rules.ClockRun
    receipt: Receipt
    bound: InForce
    citation: Json


def start(event: TicketReceived) -> None:
    """Start the clocks of the ticket, or work them out again with this receipt (article 5)."""
    restate(event.ticket_id, at=event.recorded_at)


def stop(event: InterventionStarted) -> None:
    """Stop the clocks: the first intervention of a named person counts (A5.10).

    Those of an outage before a relapse too: what is written down afterwards may have been done for it.
    """
    root = rooted(event.ticket_id)
    for clock in Clock.objects.held().filter(ticket=root).order_by("pk"):
        freeze(clock, at=event.recorded_at)


def judge_closed(event: TicketClosed) -> None:
    """Judge a ticket that was closed without an intervention as of its closing (the client read the reason)."""
    for clock in Clock.objects.current().filter(ticket=rooted(event.ticket_id)):
        freeze(clock, at=event.at)


def run_on(event: TicketReopened) -> None:
    """Let the clocks run on as if the ticket had never been closed."""
    for clock in Clock.objects.current().filter(ticket=rooted(event.ticket_id)):
        lift(clock, at=event.at)


def run_again(event: IncidentRelapsed) -> None:
    """Start the clocks again, from the relapse of a fault that had been worked on (docs/rules/clock.md).

    Nobody had intervened: they never stopped. Somebody is intervening: what article 5 promises is under way.
    """
    if event.worsened:
        return
    ticket = rooted(event.ticket_id)
    if event.woke:
        # A forgotten end would keep every promise of the outages to come.
        work = interventions_of(ticket).filter(ended_at=None).select_related("ticket")
        leaving.end_left_open(work, at=ticket.closed_at or event.at)
    current = list(Clock.objects.current().filter(ticket=ticket).order_by("pk"))
    last = _turns(ticket)[-1]
    before = interventions_of(ticket).filter(started_at__lt=event.at)
    if last.relapse_at is not None:
        before = before.filter(started_at__gte=last.relapse_at)
    if not current or not before.exists():
        return
    if before.filter(Q(ended_at=None) | Q(ended_at__gt=event.at)).exists():
        return
    _begin(ticket, _Turn(last.number + 1, event.at), current, event)


def _begin(ticket: Ticket, turn: _Turn, current: list[Clock], event: IncidentRelapsed) -> None:
    """State the clocks of the outage that begins; where nothing is promised any more, the last ones stand."""
    worked = _worked_out(ticket, turn, {})
    if not worked:
        return
    for clock in current:
        freeze(clock, at=event.at)
        clock.over_at = max(event.at, clock.stated_at)
        clock.save(update_fields=["over_at"])
        fact = ClockOver(at=event.at, provider_id=event.provider_id, ticket_id=ticket.pk, clock_id=clock.pk)
        writing.append(fact, actor=system("commitments"), rows=[clock])
    for kind, one in worked.items():
        freeze(_stated(ticket, kind, one, event.at, turn=turn, replaced=None), at=event.at)


def _turns(ticket: Ticket) -> list[_Turn]:
    """Return the outages that the clocks of a ticket are about, in their order; the first for one without a clock."""
    held = Clock.objects.held().filter(ticket=ticket)
    begun = sorted(dict(held.values_list("turn", "relapse_at")).items())
    ends = [*(relapse_at for _, relapse_at in begun[1:]), None]
    return [_Turn(*one, over_at) for one, over_at in zip(begun, ends, strict=True)] if begun else [_Turn()]


def start_placed(event: TicketPlaced) -> None:
    """Start the clocks of a ticket whose server is known now, from the receipts that it has."""
    restate(event.ticket_id, at=event.at)


def carry_over(event: TicketMerged) -> None:
    """Let the earliest receipt that counts hold, after two tickets became one (A5.15).

    Raises TicketError, and nothing is merged, when a promise would be lengthened or what was missed wiped.
    """
    withdrawn = list(
        Clock.objects.current().filter(ticket_id=event.ticket_id).select_related("ticket", "line")
    )
    if any(clock.turn > 1 for clock in withdrawn):
        raise TicketError(
            f"ticket {withdrawn[0].ticket}: its fault came back after an intervention, and its clock runs from the"
            " relapse; merge the other one into it, or leave them apart",
            why="relapse",
        )
    promise = next((clock for clock in withdrawn if clock.kind == "contractual"), None)
    missed = lateness(promise, event.at) if promise else 0
    for clock in withdrawn:
        _replace(clock, event.at)
        fact = ClockWithdrawn(
            at=event.at, provider_id=event.provider_id, ticket_id=event.ticket_id, clock_id=clock.pk
        )
        writing.append(fact, actor=system("commitments"), rows=[clock])
    restate(event.into_id, at=event.at)
    if promise is not None:
        _keeps(promise, missed, event)


def _keeps(promise: Clock, missed: int, event: TicketMerged) -> None:
    into = Ticket.objects.get(pk=event.into_id)
    kept = Clock.objects.current().contractual().filter(ticket=into).select_related("ticket", "line").first()
    way_out = f"merge {into} into {promise.ticket} instead, or leave them apart"
    if kept is None or kept.line_id != promise.line_id:
        raise TicketError(f"ticket {into}: another order line governs it, or none; {way_out}", why="line")
    if kept.deadline_at is None or (promise.deadline_at and kept.deadline_at > promise.deadline_at):
        raise TicketError(
            f"ticket {into}: would be due later than {promise.ticket} was; {way_out}", why="later"
        )
    first = first_intervention(into)
    if missed and first is not None and first.started_at < promise.started_at:
        raise TicketError(
            f"ticket {promise.ticket}: was missed, and the intervention on {into} was before it was received;"
            f" {way_out}",
            why="before",
        )


def restate(ticket_id: int, *, at: datetime) -> None:
    """Work the clocks of each outage out from the receipts; state what changed, and judge again what was judged.

    What was received before a relapse is written down after it at times: the outage before has its promise of it.
    """
    ticket = rooted(ticket_id)
    for turn in _turns(ticket):
        _restate(ticket, turn, at=at)


def _restate(ticket: Ticket, turn: _Turn, *, at: datetime) -> None:
    rows = Clock.objects.held().select_related("line").filter(ticket=ticket, turn=turn.number)
    held = {one.kind: one for one in rows}
    worked = _worked_out(ticket, turn, held)
    for kind in KINDS:
        stated, found = held.get(kind), worked.get(kind)
        if stated is not None and (found is None or _same(stated, found)):
            freeze(stated, at=at)  # a merged ticket brings its interventions
        elif found is not None:
            if stated is not None:
                _replace(stated, at)
            freeze(_stated(ticket, kind, found, at, turn=turn, replaced=stated), at=at)


def receipts_of(ticket: Ticket) -> list[Receipt]:
    """Return everything received for a ticket and for those merged into it, earliest first."""
    mine = Receipt.objects.filter(ticket=ticket) | Receipt.objects.filter(ticket__merged_into=ticket)
    return list(mine.order_by("at", "pk"))


def _worked_out(ticket: Ticket, turn: _Turn, held: Mapping[str, Clock]) -> dict[str, _Worked]:
    """Return the clocks of one outage, by their kind, from what was received until the next one began.

    A clock that is `held` keeps its terms for as long as the same receipt starts it.
    """
    if ticket.server_id is None or ticket.nature != "incident":
        return {}
    server = Server.objects.get(pk=ticket.server_id)
    receipts = [one for one in receipts_of(ticket) if turn.over_at is None or one.at < turn.over_at]
    bound_at = cache(lambda at: resolving.in_force(server, at))
    found = {
        kind: _promised(
            ticket.priority,
            receipts,
            bound_at,
            internal=kind == "internal",
            relapse=turn.relapse_at,
            stated=held.get(kind),
        )
        for kind in KINDS
    }
    return {kind: one for kind, one in found.items() if one is not None}


def _promised(
    priority: str,
    receipts: list[Receipt],
    bound_at: Callable[[datetime], InForce | None],
    *,
    internal: bool,
    relapse: datetime | None,
    stated: Clock | None,
) -> _Worked | None:
    """Return the clock under the terms in force at what starts it; None when nothing is promised.

    That is a receipt; for a fault that was received before it came back, the relapse.
    """
    for receipt in receipts:
        same = stated if stated is not None and stated.receipt_id == receipt.pk else None
        bound = bound_at(max(receipt.at, relapse or receipt.at))
        bound = bound if same is None else _as_stated(same, bound)
        if bound is None or priority not in bound.terms.priorities:
            continue
        starts = bound.terms.clock_starts_on
        if not internal and receipt.channel not in starts:
            continue
        counted = [one for one in receipts if one.at >= receipt.at or internal or one.channel not in starts]
        run = _run(bound, priority, counted, internal=internal, relapse=relapse)
        return None if run is None else _Worked(run, receipt, bound, _citation(run, bound, same))
    return None


def _as_stated(clock: Clock, now: InForce | None) -> InForce:
    """Return what bound when a clock was stated: what was written down since does not re-price what runs."""
    terms = traces.terms_in(json.loads(clock.trace))
    alike = now is not None and now.terms.as_dict() == terms.as_dict()
    return InForce(clock.line, terms, (clock.origin,), now.values if now and alike else ())


def _citation(run: rules.ClockRun, bound: InForce, stated: Clock | None) -> Json:
    """Return who says what a clock counts with; one that is worked out again goes on citing what it cited."""
    if stated is None or stated.priority != run.priority:
        return quoting.citation(bound.values, run.priority, run.regime)
    return {key: said for key, said in json.loads(stated.trace).items() if key == "citation"}


def _run(
    bound: InForce, priority: str, receipts: list[Receipt], *, internal: bool, relapse: datetime | None
) -> rules.ClockRun | None:
    received = [rules.Receipt(one.at, one.channel) for one in receipts]
    try:
        return rules.run(bound.terms, priority, received, internal=internal, relapse=relapse)
    except HorizonReached:
        # A declaration is never lost for it: the ticket stands, without a promise that the terms cannot give.
        log.exception("no deadline within 400 days: line %s, priority %s", bound.line.number, priority)
        return None


def _same(clock: Clock, worked: _Worked) -> bool:
    """Whether a clock stands as worked out. One that is over changes for an earlier receipt alone: it was judged."""
    if clock.receipt_id != worked.receipt.pk:
        return False
    now = (worked.run.priority, worked.run.deadline)
    return clock.over_at is not None or (clock.priority, clock.deadline_at) == now


def _replace(clock: Clock, at: datetime) -> None:
    clock.replaced_at = max(at, clock.stated_at)
    clock.save(update_fields=["replaced_at"])


def _stated(
    ticket: Ticket, kind: str, worked: _Worked, at: datetime, *, turn: _Turn, replaced: Clock | None
) -> Clock:
    run, terms = worked.run, worked.bound.terms
    trace = run.trace | worked.citation
    clock = Clock.objects.create(
        ticket=ticket,
        kind=kind,
        line=worked.bound.line,
        receipt=worked.receipt,
        priority=run.priority,
        regime=run.regime,
        mode=run.mode,
        allowed_seconds=int(run.allowed.total_seconds()),
        started_at=run.receipt.at,
        deadline_at=run.deadline,
        first_late_at=run.first_late_at,
        safe_at=rules.safe_target(
            terms, run.priority, run.receipts, internal=run.internal, relapse=run.relapse
        ),
        month=month_of(terms.calendar, to_seconds(run.deadline)) if run.deadline else "",
        origin=" + ".join(worked.bound.origin)[:400],
        trace=json.dumps(trace, ensure_ascii=False, sort_keys=True),
        stated_at=at,
        turn=turn.number,
        relapse_at=turn.relapse_at,
        over_at=turn.over_at,
    )
    fact = ClockStarted(
        at=at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        clock_id=clock.pk,
        clock_kind=kind,
        deadline_at=clock.deadline_at,
        first_late_at=clock.first_late_at if kind == "contractual" else None,
    )
    rows = [clock] if replaced is None else [replaced, clock]
    writing.append(fact, actor=system("commitments"), rows=rows)
    return clock
