"""`append`: the one way into the journal, in the transaction of the fact itself."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from django.db import models, transaction
from django.utils import timezone

from astreinte.records.journal import canonical, points, reactions, rows, waking
from astreinte.records.journal.events import Event, kind_of, subject_of, written
from astreinte.records.journal.models import Delivery, Entry


class SupportsStr(Protocol):
    """An actor: its text is what entries keep."""

    def __str__(self) -> str: ...


class OutsideTransactionError(RuntimeError):
    """An event without its fact's transaction: one of the two could be lost."""


_stamp: Callable[[], datetime] = timezone.now


def stamp_with(clock: Callable[[], datetime]) -> None:
    """Have entries say by `clock` when they were recorded (installed at start: the clock that tests move)."""
    global _stamp  # noqa: PLW0603  # one clock for the process, set at start
    _stamp = clock


def append(event: Event, *, actor: str | SupportsStr, rows: Iterable[models.Model] = ()) -> Entry:
    """Write `event` down with every column of `rows` as they now stand; have the house react to it.

    Must run in the transaction of the fact (OutsideTransactionError otherwise). Reactions of now run at once,
    those of later get one delivery each, and wake when the transaction commits. Raises EventError or
    RowError, and whatever a reaction of now raises: then nothing of the fact is kept.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError(f"{kind_of(type(event))}: write it in the transaction of its fact")
    entry = _entry(event, str(actor), rows)
    entry.save(force_insert=True)
    points.reached("entry stored")
    for reaction in reactions.now_for(event):
        reaction(event)
    if owed := reactions.later_for(event):
        Delivery.objects.bulk_create(
            Delivery(entry=entry, reaction=name, subject=entry.subject, run_at=run_at)
            for name, run_at in owed
        )
        transaction.on_commit(_committed)
    return entry


def digest_of(entry: Entry) -> str:
    """Return the digest of everything in `entry` that lasts; the words count by their own digest."""
    parts = [
        canonical.instant(entry.at),
        canonical.instant(entry.recorded_at),
        entry.kind,
        entry.actor,
        entry.provider_id,
        entry.subject,
        entry.body,
        entry.words_digest,
    ]
    return canonical.digest(canonical.text(parts))


def digest_of_words(salt: str, words: str) -> str:
    """Return the digest of words: salted, so that nobody guesses them once they are erased."""
    return canonical.digest(salt, words)


def _entry(event: Event, actor: str, instances: Iterable[models.Model]) -> Entry:
    kept, words = rows.collect(instances)
    entry = Entry(
        at=event.at,
        recorded_at=_stamp(),
        kind=kind_of(type(event)),
        actor=actor,
        provider_id=event.provider_id,
        subject=subject_of(event),
        body=canonical.text({"event": written(event), "rows": kept}),
        words_digest="",
    )
    if words:
        entry.salt = secrets.token_hex(16)
        entry.words = canonical.text(words)
        entry.words_digest = digest_of_words(entry.salt, entry.words)
    entry.digest = digest_of(entry)
    return entry


def _committed() -> None:
    points.reached("between entry and reaction")
    waking.wake()
