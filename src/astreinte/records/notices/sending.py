"""The sender's side of the outbox: claim by lease, begin, settle by token; each is one short transaction.

The network is touched between `begin` and `settle`, in no transaction. Whoever dies there leaves `begun_at`
behind: the next claim says that this sending is in doubt, and the letter that follows says so too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from django.db import transaction
from django.db.models import F, Q, QuerySet

from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing
from astreinte.records.journal.events import Event
from astreinte.records.notices.carriers import Answer, Kind
from astreinte.records.notices.facts import (
    NoticeFailed,
    NoticeHandedOver,
    NoticeInDoubt,
    NoticePostponed,
    NoticeRetried,
)
from astreinte.records.notices.models import ATTEMPTS, Notice, NoticeStep, Sending, State

ACTOR = actors.system("notices")
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that is ours to send until the lease runs out, as long as our token stands."""

    sending_id: int
    notice: Notice
    token: str
    attempt: int
    possible_duplicate: bool


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after the given number of sendings: 30 s, doubled up to 15 min."""
    doublings = min(attempt - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def claim(at: datetime, lease: timedelta, *, limit: int = 20) -> list[Claimed]:
    """Take the notices that are due, the most overdue first; nobody else gets them before `at + lease`."""
    if not _due(at).exists():  # the write lock is not taken each second for nothing
        return []
    with transaction.atomic():
        rows = _due(at).select_for_update(skip_locked=True, of=("self",)).select_related("notice")
        taken = [_taken(row, at, lease) for row in rows.order_by("due_at", "id")[:limit]]
    return [claimed for claimed in taken if claimed is not None]


def begin(claimed: Claimed, at: datetime, lease: timedelta) -> bool:
    """Say that this sending starts now, and renew its lease; False when it is no longer ours."""
    return bool(
        Sending.objects.filter(pk=claimed.sending_id, token=claimed.token, settled_at=None).update(
            begun_at=at, lease_until=at + lease, attempts=F("attempts") + 1
        )
    )


def release(claimed: Iterable[Claimed]) -> int:
    """Give back what was taken and not begun, so that it does not wait for the lease; return how many."""
    tokens = [one.token for one in claimed]
    mine = Sending.objects.filter(token__in=tokens, begun_at=None, settled_at=None)
    return mine.update(token="", lease_until=None)


@transaction.atomic
def settle(claimed: Claimed, answer: Answer, at: datetime) -> bool:
    """Write down what came of a sending; False when the lease was lost in the meantime.

    What is known of our own sending is written all the same; when it was handed over and the one who took
    over has not begun, that one is stopped.
    """
    row = Sending.objects.select_for_update(of=("self",)).get(pk=claimed.sending_id)
    if row.token != claimed.token or row.settled_at is not None:
        _settle_without_lease(row, claimed, answer, at)
        return False
    row.attempts = max(row.attempts, claimed.attempt)
    row.lease_until, row.token, row.begun_at = None, "", None
    if answer.kind in {Kind.HANDED_OVER, Kind.REFUSED} or row.attempts >= row.allowed:
        row.settled_at = at
        detail = answer.detail
        if answer.kind in {Kind.LATER, Kind.IN_DOUBT}:
            detail = f"{detail}; given up after {row.attempts} sendings"
    else:
        row.due_at = at + wait_after(row.attempts)
        detail = f"{answer.detail}; sent again from {row.due_at:%Y-%m-%dT%H:%M:%SZ}"
    row.save(update_fields=["attempts", "lease_until", "token", "begun_at", "due_at", "settled_at"])
    _step(claimed, answer.kind, detail, at, final=row.settled_at is not None)
    return True


@transaction.atomic
def retry(notice: Notice, *, at: datetime, actor: Actor) -> bool:
    """Put a notice that was given up back in the queue; False when there is nothing to send again.

    A notice in doubt was perhaps received: its new letter says so.
    """
    may(actor, "notices.retry", notice)
    row = Sending.objects.select_for_update(of=("self",)).get(notice=notice)
    known = Notice.objects.in_state(State.FAILED, State.UNKNOWN).filter(pk=notice.pk).exists()
    if row.settled_at is None or not known or not notice.address:
        return False
    row.settled_at, row.due_at, row.allowed = None, at, row.attempts + ATTEMPTS
    row.save(update_fields=["settled_at", "due_at", "allowed"])
    step = NoticeStep.objects.create(
        notice=notice, at=at, state=State.QUEUED, detail=f"put back in the queue by {actor}"
    )
    fact = NoticeRetried(at=at, provider_id=notice.provider_id, notice_id=notice.pk)
    writing.append(fact, actor=actor, rows=[step])
    return True


def _due(at: datetime) -> QuerySet[Sending]:
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    return Sending.objects.filter(free, settled_at=None, due_at__lte=at)


def _taken(row: Sending, at: datetime, lease: timedelta) -> Claimed | None:
    """Put our token on the row; None when the sendings that ended without an answer used up the tries."""
    if row.begun_at is not None:
        ended = Claimed(row.pk, row.notice, row.token, row.attempts, _in_doubt(row.notice))
        lost = Answer(Kind.IN_DOUBT, f"sending {row.attempts} began and its sender never came back")
        if row.attempts >= row.allowed:
            settle(ended, lost, at)
            return None
        _step(ended, lost.kind, lost.detail, at, final=False)
    row.token, row.lease_until, row.begun_at = token_hex(8), at + lease, None
    row.save(update_fields=["token", "lease_until", "begun_at"])
    return Claimed(row.pk, row.notice, row.token, row.attempts + 1, _in_doubt(row.notice))


def _in_doubt(notice: Notice) -> bool:
    """Tell whether an earlier sending may have arrived."""
    return notice.steps.filter(state=State.UNKNOWN).exists()


def _settle_without_lease(row: Sending, claimed: Claimed, answer: Answer, at: datetime) -> None:
    detail = f"{answer.detail}; known only after its lease ran out"
    _step(claimed, answer.kind, detail, at, final=False)
    if answer.kind is Kind.HANDED_OVER and row.settled_at is None and row.begun_at is None:
        row.settled_at, row.token, row.lease_until = at, "", None
        row.save(update_fields=["settled_at", "token", "lease_until"])


def _step(claimed: Claimed, kind: Kind, detail: str, at: datetime, *, final: bool) -> None:
    notice, attempt = claimed.notice, claimed.attempt
    step = NoticeStep.objects.create(
        notice=notice,
        at=at,
        state=_state(kind, final=final),
        attempt=attempt,
        detail=detail,
        possible_duplicate=claimed.possible_duplicate and kind in {Kind.HANDED_OVER, Kind.IN_DOUBT},
    )
    writing.append(_fact(claimed, State(step.state), at, final=final), actor=ACTOR, rows=[step])


def _state(kind: Kind, *, final: bool) -> State:
    if kind is Kind.LATER:
        return State.FAILED if final else State.QUEUED
    return {
        Kind.HANDED_OVER: State.HANDED_OVER,
        Kind.REFUSED: State.FAILED,
        Kind.IN_DOUBT: State.UNKNOWN,
    }[kind]


def _fact(claimed: Claimed, state: State, at: datetime, *, final: bool) -> Event:
    notice, attempt = claimed.notice, claimed.attempt
    if state is State.FAILED:
        return NoticeFailed(
            at=at,
            provider_id=notice.provider_id,
            notice_id=notice.pk,
            person_id=notice.person_id,
            channel=notice.channel,
        )
    if state is State.UNKNOWN:
        return NoticeInDoubt(
            at=at, provider_id=notice.provider_id, notice_id=notice.pk, attempt=attempt, given_up=final
        )
    kind = NoticeHandedOver if state is State.HANDED_OVER else NoticePostponed
    return kind(at=at, provider_id=notice.provider_id, notice_id=notice.pk, attempt=attempt)
