"""Sealing: each second, after the commits, entries get their dense place in their provider's chain.

`chain` = SHA-256 of the previous chain, the place, the entry's number and its digest. There is one sealer
at a time; writers never wait for it. On PostgreSQL numbers are given before commits, so "greater than the
last sealed" would lose entries: only those of transactions below the oldest that still runs are sealed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, models, transaction

from astreinte.records.journal import canonical, points
from astreinte.records.journal.models import Entry, Seal

LIMIT = 2_000
_ONE_SEALER = 0x4153_5452_4549


class Bounds(NamedTuple):
    """Transactions below `low` are over; those of `high` and above have not begun."""

    low: int
    high: int


def beginning(provider_id: int) -> str:
    """Return what the first seal of a provider's chain continues."""
    return canonical.digest("astreinte journal", str(provider_id))


def chained(previous: str, seq: int, entry_id: int, digest: str) -> str:
    """Return the chain at `seq`, which continues `previous` with an entry."""
    return canonical.digest(previous, str(seq), str(entry_id), digest)


def seal(at: datetime, *, limit: int = LIMIT) -> int:
    """Seal at most `limit` entries that wait, oldest first, and return how many; 0 when another is at it."""
    # A look before the transaction: on SQLite that would take the write lock each second for nothing.
    if not _ready(_last(), _bounds()).exists():
        return 0
    with transaction.atomic():
        return _seal(at, limit) if _alone() else 0


def _seal(at: datetime, limit: int) -> int:
    last, bounds = _last(), _bounds()
    entries = list(_ready(last, bounds)[:limit])
    if not entries:
        return 0
    if bounds is None:
        bounds = Bounds(entries[-1].pk + 1, entries[-1].pk + 1)
    elif len(entries) == limit:
        # Others below the bound still wait: the next turn must look for them again.
        bounds = bounds._replace(low=last.low if last else 0)
    Seal.objects.bulk_create(_seals(entries, bounds, at))
    points.reached("while sealing")
    return len(entries)


def lag(at: datetime) -> timedelta:
    """Return for how long the oldest entry has waited for its seal; zero when none waits."""
    oldest = _ready(_last(), _bounds(), running_too=True).first()
    return max(at - oldest.recorded_at, timedelta()) if oldest else timedelta()


def _last() -> Seal | None:
    return Seal.objects.order_by("-pk").first()


def _seals(entries: Iterable[Entry], bounds: Bounds, at: datetime) -> Iterator[Seal]:
    heads: dict[int, tuple[int, str]] = {}
    for entry in entries:
        provider = entry.provider_id
        seq, previous = heads.get(provider) or _head(provider)
        chain = chained(previous, seq + 1, entry.pk, entry.digest)
        heads[provider] = (seq + 1, chain)
        yield Seal(
            provider_id=provider,
            seq=seq + 1,
            entry=entry,
            digest=entry.digest,
            chain=chain,
            at=at,
            low=bounds.low,
            high=bounds.high,
        )


def _head(provider_id: int) -> tuple[int, str]:
    last = Seal.objects.filter(provider_id=provider_id).order_by("-seq").first()
    return (last.seq, last.chain) if last else (0, beginning(provider_id))


def _ready(last: Seal | None, bounds: Bounds | None, *, running_too: bool = False) -> models.QuerySet[Entry]:
    waiting = Entry.objects.order_by("pk")
    if bounds is None:
        return waiting.filter(pk__gte=last.low if last else 0)
    waiting = waiting.filter(~models.Exists(Seal.objects.filter(entry=models.OuterRef("pk"))))
    if last and last.low > bounds.high:
        # The numbers of transactions began anew: restored into another cluster. Look at every entry, once.
        return waiting.filter(models.Q(tx__lt=bounds.low) | models.Q(tx__gte=bounds.high))
    waiting = waiting.filter(tx__gte=last.low if last else 0)
    return waiting if running_too else waiting.filter(tx__lt=bounds.low)


def _bounds() -> Bounds | None:
    """Return the bounds of the running transactions; None where writers take turns (SQLite)."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint"
            " FROM pg_current_snapshot() AS now"
        )
        low, high = cursor.fetchone()
    return Bounds(low, high)


def _alone() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_SEALER])
        return bool(cursor.fetchone()[0])
