"""Results become states, transitions and incidents, in one transaction a batch. Each counts once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import Max

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import points, writing
from astreinte.records.monitoring import checking, incidents, remembering, samples
from astreinte.records.monitoring.facts import TransitionConfirmed
from astreinte.records.monitoring.measured import Measured
from astreinte.records.monitoring.models import Check, CheckState, Transition
from astreinte.records.monitoring.remembering import Memory, OutdatedError
from astreinte.rules.checks import freshness, state
from astreinte.rules.checks.outcome import Level

CLOCK_SLACK = timedelta(seconds=60)
"""A last slot later than this beyond now was given by a clock that was wrong: it blocks nothing."""
PATIENCE = timedelta(seconds=60)
"""While results keep coming, silence is judged as of the latest; without any for so long, as of now."""
COLUMNS = ("level", "since", "run", "stale_at", "last_level", "last_slot", "last_at", "text", "values")


@dataclass(slots=True)
class Recorded:
    """What became of the results of a batch. `refused`: of a check that is not, or no longer, watched."""

    kept: int = 0
    repeated: int = 0
    refused: int = 0
    transitions: int = 0


@dataclass(slots=True)
class _Desk:
    """The rows that a batch works on, by public id."""

    checks: dict[str, Check]
    states: dict[int, CheckState]
    touched: dict[int, CheckState] = field(default_factory=dict)


def record(
    results: Iterable[Measured], *, at: datetime, actor: Actor, memory: Memory | None = None
) -> Recorded:
    """Record what was seen, with the transitions and incidents that it makes sure; `at` is now.

    A result that was recorded before changes nothing. A blind period before a result is declared first.
    `memory` is what the caller kept from its last call, if any: it only saves time.
    """
    may(actor, "monitoring.change")
    ordered = sorted(results, key=attrgetter("check_id", "slot"))
    known = memory if memory is not None else Memory()
    try:
        return _record(ordered, known, at=at, actor=actor)
    except OutdatedError:
        known.forget()
        return _record(ordered, known, at=at, actor=actor)


@transaction.atomic
def _record(ordered: Sequence[Measured], memory: Memory, *, at: datetime, actor: Actor) -> Recorded:
    done = Recorded()
    steps, others = [], []
    kept: list[tuple[int, Measured]] = []
    for check_id, group in groupby(ordered, key=attrgetter("check_id")):
        row = list(group)
        step = memory.step(check_id, row)
        if step is None:
            others += row
        else:
            steps.append(step)
            kept += [(step.before.check_id, one) for one in row]
    memory.write(steps)
    desk = _laid_out({one.check_id for one in others})
    for one in others:
        check = desk.checks.get(one.check_id)
        if check is None or not _watched(check, one.at):
            done.refused += 1
        elif _repeated(desk.states[check.pk], one.slot, at):
            done.repeated += 1
        else:
            kept.append((check.pk, one))
            done.transitions += _take(desk, check, one, actor=actor)
    _write(list(desk.touched.values()))
    samples.keep(kept, at=at)
    done.kept = len(kept)
    memory.keep(steps)
    for check in desk.checks.values():
        memory.learn(check, desk.states[check.pk])
    return done


def heard_until() -> datetime | None:
    """Return when the latest result of any check was measured; None before the first."""
    found: datetime | None = CheckState.objects.aggregate(last=Max("last_at"))["last"]
    return found


@transaction.atomic
def mark_stale(*, at: datetime, actor: Actor, limit: int = 500) -> int:
    """Turn the checks from which nothing conclusive came for too long to stale; return how many.

    `at` is the instant up to which all that was measured has come: what waits on its way is no silence.
    """
    may(actor, "monitoring.change")
    late = (
        CheckState.objects.select_for_update(no_key=True, of=("self",))
        .select_related("check_ref__server")
        .filter(stale_at__lte=at, check_ref__until_at=None, check_ref__withdrawn_at=None)
        .exclude(level=Level.STALE.value)
        .order_by("stale_at")[:limit]
    )
    marked = [row for row in late if _age(row, row.check_ref, at, actor=actor)]
    _write(marked)
    return len(marked)


def _laid_out(public_ids: set[str]) -> _Desk:
    if not public_ids:
        return _Desk({}, {})
    checks = Check.objects.select_related("server").filter(public_id__in=public_ids, withdrawn_at=None)
    by_id = {check.public_id: check for check in checks}
    states = CheckState.objects.select_for_update(no_key=True, of=("self",)).filter(
        check_ref_id__in=[check.pk for check in by_id.values()]
    )
    return _Desk(by_id, {row.pk: row for row in states.order_by("check_ref_id")})


def _watched(check: Check, at: datetime) -> bool:
    # A result may be a little older than the check that was declared while its answer was under way: the
    # watch knows a check only once it is declared, so only its end counts.
    return check.until_at is None or at < check.until_at


def _repeated(row: CheckState, slot: int, at: datetime) -> bool:
    beyond = int((at + CLOCK_SLACK).timestamp())
    return slot <= row.last_slot <= beyond


def _take(desk: _Desk, check: Check, one: Measured, *, actor: Actor) -> int:
    """Put one new result on its check's state; return how many transitions it made sure."""
    row = desk.states[check.pk]
    desk.touched[check.pk] = row
    made = _age(row, check, one.at, actor=actor)
    before = remembering.state_of(row)
    now, sure = state.step(before, one.level, at=one.at, attempts=check.attempts, recoveries=check.recoveries)
    row.last_level, row.last_slot, row.last_at = one.level.value, one.slot, one.at
    _store(row, check, now)
    row.text, row.values = one.text, remembering.values_text(one)
    if sure is not None:
        _confirm(check, sure, text=one.text, slot=one.slot, actor=actor)
        made += 1
    return made


def _age(row: CheckState, check: Check, at: datetime, *, actor: Actor) -> int:
    """Declare the blind period that ends, or still goes on, at `at`; return 1 when there is one."""
    if row.level == Level.STALE.value or at < row.stale_at:
        return 0
    before = remembering.state_of(row)
    now, blind = freshness.age(before, at=at, every=_every(check), timeout=checking.timeout_of(check))
    if blind is None:
        return 0
    _store(row, check, now)
    _confirm(check, blind, text="", slot=None, actor=actor)
    return 1


def _store(row: CheckState, check: Check, now: state.State) -> None:
    row.level, row.since = now.level.value, now.since
    row.run = state.as_text(now, row.last_at)
    row.stale_at = freshness.stale_at(now, every=_every(check), timeout=checking.timeout_of(check))


def _every(check: Check) -> timedelta:
    return timedelta(seconds=check.every_s)


def _confirm(check: Check, sure: state.Transition, *, text: str, slot: int | None, actor: Actor) -> None:
    transition = Transition.objects.create(
        check_ref=check,
        at=sure.at.astimezone(UTC),
        first_at=sure.first_at.astimezone(UTC),
        before=sure.before.value,
        after=sure.after.value,
        text=text,
        slot=slot,
    )
    fact = TransitionConfirmed(
        at=transition.at,
        provider_id=check.server.provider_id,
        check_id=check.pk,
        server_id=check.server_id,
        transition_id=transition.pk,
        before=transition.before,
        after=transition.after,
    )
    writing.append(fact, actor=actor, rows=[transition])
    points.reached("transition stored")
    incidents.follow(transition, actor=actor)


def _write(rows: Sequence[CheckState]) -> None:
    """Write all states in one statement: five hundred single updates would hold the lock for long."""
    if rows:
        CheckState.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["check_ref"], update_fields=COLUMNS
        )
