"""What the tests of the journal begin with: cases opened and changed, reactions that can be counted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from astreinte.loops.seal import seal_waiting
from astreinte.records.journal import reactions, sealing, writing
from astreinte.records.journal.models import Entry
from tests.records.sample.facts import CaseChanged, CaseOpened
from tests.records.sample.models import Case, Effect

SEALED_APART = connection.vendor == "postgresql"
"""Whether an entry is only sealed once its transaction is over: then the test needs real ones, which cost more."""

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def in_thread(work: Callable[[], object]) -> threading.Thread:
    """Start a thread that works, with a connection of its own, and closes it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@contextmanager
def installed(now=(), later=(), renamed=()) -> Iterator[None]:
    """Have only these reactions, until the end."""
    before = reactions._installed
    reactions.install(now=dict(now), later=dict(later), renamed=dict(renamed))
    try:
        yield
    finally:
        reactions._installed = before


@transaction.atomic
def open_case(provider_id: int = 1, at: datetime = AT, **columns) -> Entry:
    case = Case.objects.create(**{"opened_at": at, "title": "down", "cents": 5_357} | columns)
    event = CaseOpened(at=at, provider_id=provider_id, case_id=case.pk)
    return writing.append(event, actor="person:12", rows=[case])


@transaction.atomic
def change_case(case: Case, provider_id: int = 1, at: datetime = AT, **columns) -> Entry:
    Case.objects.filter(pk=case.pk).update(**columns)
    return writing.append(
        CaseChanged(at=at, provider_id=provider_id, case_id=case.pk), actor="person:12", rows=[case]
    )


def seal_all() -> None:
    """Seal until nothing waits: on PostgreSQL a neighbour's long transaction may hold the sealer up."""
    end = time.monotonic() + 120
    while seal_waiting() or Entry.objects.filter(seal__isnull=True).exists():
        assert time.monotonic() < end, f"not sealed in 120 s, for {sealing.lag(AT)}"


def note(event: CaseOpened, at: datetime | None = None) -> None:
    """React: leave an effect to be counted."""
    Effect.objects.create(text=f"{type(event).__name__} {event.case_id}")
