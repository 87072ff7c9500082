"""Why this deadline, why this sum: words made from the stored trace alone, and whether it gives the number again."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from astreinte.records.commitments.models import Clock, Settlement
from astreinte.records.commitments.standing import Standing
from astreinte.records.commitments.verdicts import judged_penalty, run_of
from astreinte.records.contracts import quoting, resolving
from astreinte.rules.sla import alternatives, months, traces
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla.alternatives import Judged, Row
from astreinte.words import citing, why
from astreinte.words import standing as words
from astreinte.words.why import Said

_ARTICLES = {"deadline": "article_5", "penalty": "article_6"}


@dataclass(frozen=True, slots=True)
class Explained:
    """Words, and whether recomputing from the stored trace gave the stored number again."""

    said: Said
    agrees: bool


def sentence(one: Standing) -> str:
    """Say in the hearer's language how a ticket stands; where no clock runs, what would have started it."""
    promise, verdict = one.promise, one.verdict
    starting = promise or one.objective
    return words.sentence(
        words.Facts(
            state=one.state,
            deadline=None if promise is None else promise.deadline_at,
            left=one.left,
            late=one.late,
            stopped=None if verdict is None else verdict.stopped_at,
            due_cents=None if one.stake is None else one.stake.due_cents,
            intervened=verdict is None or verdict.intervention_id is not None,
            starts_on=() if starting is None else tuple(run_of(starting).terms.clock_starts_on),
        )
    )


def deadline(clock: Clock, *, provider: str) -> Explained:
    """Say why a clock ends when it does (article 5), from its stored trace alone."""
    trace = json.loads(clock.trace)
    said = _cited(why.why_deadline(trace, provider_name=provider), clock, trace, "deadline", provider)
    return Explained(said, agrees=_deadline_agrees(clock, trace))


def amount(standing: Standing, at: datetime, *, provider: str) -> Explained | None:
    """Say why a ticket is owed what it is (article 6); None when it owes nothing because it is not late.

    Judged tickets are explained from the settlement stated last, as it is stored; one that still runs late,
    from the computation at `at`.
    """
    promise, stake = standing.promise, standing.stake
    if promise is None or stake is None or stake.month is None:
        return None
    number = promise.label
    row = _settled(standing, number, at)
    trace = json.loads(row.trace) if row else stake.month.trace
    agrees = _month_agrees(trace, row, number, stake.due_cents)
    said = why.why_sum(trace, ticket=number, provider_name=provider)
    if _ground(trace, number) is None:
        said = _cited(said, promise, json.loads(promise.trace), "penalty", provider)
    return Explained(said, agrees=agrees)


def _cited(said: Said, clock: Clock, trace: dict[str, Any], what: str, provider: str) -> Said:
    """Name the document, article and sentence that the clock was counted by, and quote them (A0.1, A1.2)."""
    citations = trace.get("citation", {}).get(what, [])
    if not citations:
        return said
    quote = quoting.quote(citations, clock.line, clock.started_at, provider)
    return citing.as_cited(said, citations, _ARTICLES[what], quote)


def _ground(trace: dict[str, Any], number: str) -> str | None:
    """Return the exclusion that waived a ticket's penalty: then that clause is quoted, not the formula."""
    return next((one["exclusion"] for one in trace["shares"] if one["id"] == number), None)


def readings(standing: Standing, at: datetime) -> list[Row]:
    """Return the ticket under each reading of articles 5 and 6, as judged in front; none where nothing is promised.

    Judged until the intervention or `at`, on the fee of its deadline; where no promise runs, from what was received.
    """
    clock = standing.promise or standing.objective
    if clock is None:
        return []
    verdict = standing.verdict
    kept = judged_penalty(verdict) if verdict is not None else None
    fee = resolving.fee(clock.line, clock.deadline_at or clock.started_at) if kept is None else kept.price
    until = at if verdict is None else verdict.stopped_at
    return alternatives.rows(Judged(run_of(clock), until, fee))


def _settled(standing: Standing, number: str, at: datetime) -> Settlement | None:
    """Return the settlement that speaks of a judged ticket; None while it runs, or is not delivered yet."""
    promise, verdict = standing.promise, standing.verdict
    if promise is None or verdict is None:
        return None
    stated = Settlement.objects.filter(line=promise.line, month=promise.month, stated_at__lte=at)
    row = stated.filter(stated_at__gte=verdict.stated_at).order_by("-pk").first()
    return row if row and number in {one["id"] for one in json.loads(row.trace)["shares"]} else None


def _deadline_agrees(clock: Clock, trace: dict[str, object]) -> bool:
    try:
        run = rules.recompute(trace)
    except traces.TraceError:
        return False
    return run.deadline == clock.deadline_at and run.trace == traces.worked_out(trace)


def _month_agrees(trace: dict[str, Any], row: Settlement | None, number: str, shown_cents: int) -> bool:
    """Say whether the trace gives itself again, its row, and the amount that is shown for the ticket."""
    try:
        month = months.recompute(trace)
        due = month.due_of(number).cents
    except (traces.TraceError, ValueError, KeyError):
        return False
    same_row = row is None or (month.due_cents, month.raw_cents) == (row.due_cents, row.raw_cents)
    return month.trace == trace and same_row and due == shown_cents
