"""Deliveries: claim one by lease, run its reaction and settle it by token in one transaction.

So the effects of a reaction in the database happen once. Order holds within (reaction, subject): one that
is dead keeps the others of its subject waiting, and nobody else.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from astreinte.records.journal import events, points, reactions, writing
from astreinte.records.journal.events import Event, EventError
from astreinte.records.journal.facts import DeliveryRetried, DeliverySkipped
from astreinte.records.journal.models import Delivery, Entry
from astreinte.records.journal.writing import SupportsStr

LEASE = timedelta(seconds=15)
WAITS = tuple(timedelta(seconds=each) for each in (2, 10, 60, 300))
"""How long to wait after the first, second… failed try; after one more it is dead."""
TRIES = len(WAITS) + 1

log = logging.getLogger(__name__)


class DeliveryError(ValueError):
    """A delivery that cannot be retried or skipped: names it and says why."""


class UnknownReactionError(Exception):
    """A delivery names a reaction that no code bears any more."""


class Came(Enum):
    """What came of running a delivery."""

    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"
    FENCED = "fenced"
    """The lease ran out and another has it: nothing was done."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease runs out."""

    id: int
    token: int
    entry_id: int
    reaction: str
    attempts: int


def claim(at: datetime, lease: timedelta = LEASE) -> Claimed | None:
    """Take the first delivery that is due at `at` for `lease`; None when nothing is due.

    One whose every try ran out of its lease (whoever ran it died) is declared dead instead.
    """
    # A look before the transaction: on SQLite that would take the write lock each second for nothing.
    while _due(at).exists():
        with transaction.atomic():
            found = _due(at).select_for_update(skip_locked=True, of=("self",)).first()
            if found is None:
                return None
            mine = Delivery.objects.filter(pk=found.pk)
            if found.attempts >= TRIES:
                error = found.error or f"{TRIES} tries, none came back: the process died each time"
                mine.update(dead_at=at, error=error)
                log.error("delivery dead: id=%s reaction=%s error=%s", found.pk, found.reaction, error)
                continue
            token, attempts = found.token + 1, found.attempts + 1
            mine.update(lease_until=at + lease, token=token, attempts=attempts)
            return Claimed(found.pk, token, found.entry_id, found.reaction, attempts)
    return None


def run(claimed: Claimed, at: datetime) -> Came:
    """Run the reaction and settle, in one transaction; note a failure in another. `at` is the present."""
    try:
        with transaction.atomic():
            # Settled first: that locks the row, so nobody takes it over while the reaction still works.
            if not _mine(claimed).update(done_at=at, error="", lease_until=None):
                return Came.FENCED
            _react(claimed, at)
            points.reached("in the middle of a delivery")
    except Exception as error:
        return _failed(claimed, error, at)
    points.reached("delivery settled")
    return Came.DONE


@transaction.atomic
def retry(delivery_id: int, *, at: datetime, actor: str | SupportsStr) -> Delivery:
    """Have a dead or waiting delivery tried again at once, with its tries counted anew."""
    found = _unsettled(delivery_id)
    found.dead_at, found.lease_until, found.attempts = None, None, 0
    found.token += 1
    found.save(update_fields=["dead_at", "lease_until", "attempts", "token"])
    event = DeliveryRetried(
        at=at,
        provider_id=found.entry.provider_id,
        delivery_id=found.pk,
        reaction=found.reaction,
    )
    writing.append(event, actor=actor)
    return found


@transaction.atomic
def skip(delivery_id: int, reason: str, *, at: datetime, actor: str | SupportsStr) -> Delivery:
    """Give a delivery up, with a reason: its reaction never happens, those behind it go on."""
    if not reason.strip():
        raise DeliveryError("reason: say why this reaction shall not happen; it stays in the journal")
    found = _unsettled(delivery_id)
    found.skipped_at = at
    found.token += 1
    found.save(update_fields=["skipped_at", "token"])
    event = DeliverySkipped(
        at=at,
        provider_id=found.entry.provider_id,
        delivery_id=found.pk,
        reaction=found.reaction,
        reason=reason.strip(),
    )
    writing.append(event, actor=actor)
    return found


def adopt_renamed() -> int:
    """Give what waits under the old name of a reaction its new one, so that their order holds together."""
    moved = 0
    for old, new in reactions.former_names().items():
        already = Delivery.objects.filter(entry=OuterRef("entry"), reaction=new)
        moved += Delivery.objects.unsettled().filter(~Exists(already), reaction=old).update(reaction=new)
    return moved


def event_of(entry: Entry) -> Event:
    """Return the event that an entry holds; EventError when no room knows it any more."""
    return events.read(entry.kind, json.loads(entry.body)["event"])


def _due(at: datetime) -> models.QuerySet[Delivery]:
    before = Q(run_at__lt=OuterRef("run_at")) | Q(run_at=OuterRef("run_at"), entry__lt=OuterRef("entry"))
    ahead = Delivery.objects.unsettled().filter(
        before, reaction=OuterRef("reaction"), subject=OuterRef("subject")
    )
    return (
        Delivery.objects.unsettled()
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at), dead_at__isnull=True, run_at__lte=at)
        .filter(~Exists(ahead))
        .order_by("run_at", "entry_id", "pk")
    )


def _mine(claimed: Claimed) -> models.QuerySet[Delivery]:
    return Delivery.objects.unsettled().filter(pk=claimed.id, token=claimed.token)


def _react(claimed: Claimed, at: datetime) -> None:
    reaction = reactions.find(claimed.reaction)
    if reaction is None:
        raise UnknownReactionError(
            f"{claimed.reaction}: no such reaction; if it was renamed, RENAMED in flow.py must say so"
        )
    reaction(event_of(Entry.objects.get(pk=claimed.entry_id)), at=at)


def _failed(claimed: Claimed, error: Exception, at: datetime) -> Came:
    hopeless = isinstance(error, UnknownReactionError | EventError)
    said = f"{type(error).__name__}: {error}"[:2000]
    if hopeless or claimed.attempts >= TRIES:
        kept = _mine(claimed).update(dead_at=at, lease_until=None, error=said)
        came = Came.DEAD
    else:
        kept = _mine(claimed).update(lease_until=at + WAITS[claimed.attempts - 1], error=said)
        came = Came.FAILED
    log.error("delivery %s: id=%s reaction=%s", came.value, claimed.id, claimed.reaction, exc_info=error)
    return came if kept else Came.FENCED


def _unsettled(delivery_id: int) -> Delivery:
    found = (
        Delivery.objects.unsettled()
        .select_for_update(of=("self",))
        .select_related("entry")
        .filter(pk=delivery_id)
    ).first()
    if found is None:
        raise DeliveryError(f"delivery {delivery_id}: does not exist, or is done or skipped already")
    return found
