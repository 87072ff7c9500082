"""The hub's one writer of results: a thread with its own connection. A receipt leaves after the commit.

The event loop only hands batches over and waits; it never touches the database.
"""

import asyncio
import itertools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import OperationalError, connection, connections

from astreinte.engine.bus.ports import Assignment, Batch, Result
from astreinte.loops import clock
from astreinte.loops.sight import Sight
from astreinte.records.accounts import actors
from astreinte.records.journal import points
from astreinte.records.monitoring import assigning, recording
from astreinte.records.monitoring.recording import Recorded
from astreinte.records.monitoring.remembering import Memory

ROWS = 500
"""A transaction takes this many results at the most: people wait for the lock behind it."""
PACE_S = 0.5
"""One transaction per this time, unless ROWS results are waiting."""
DEPTH = 64
"""Batches in hand; the next one waits in the watch, which keeps it until its receipt."""
LOCKED_PAUSE_S = 0.2
LOCK_WAIT_MS = 1_000
"""SQLite: one wait of the many, short enough that a stop is not held up by it."""
STOP_WITHIN_S = 3.0
LOGGED_TURNS = 50
SYSTEM = actors.system("monitoring")

log = structlog.get_logger("astreinte.record")

Record = Callable[..., Recorded]


@dataclass(slots=True)
class Counted:
    """What the recorder did since it started, for /metrics."""

    kept: int = 0
    repeated: int = 0
    refused: int = 0
    transitions: int = 0
    unusable: int = 0
    waits_for_lock: int = 0
    commits: int = 0
    lost_by_watch: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Work:
    batch: Batch
    done: Callable[[BaseException | None], None]


class Recorder:
    """Takes batches from the bus and records them, in order, one or several to a transaction."""

    def __init__(self, record: Record = recording.record) -> None:
        self.counted = Counted()
        self.sight = Sight()
        self._record, self._memory = record, Memory()
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(DEPTH)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Say whether the thread runs."""
        return self._thread.is_alive()

    async def take(self, batch: Batch) -> None:
        """Return once the batch is recorded, durably. Raises what made that impossible."""
        self.counted.lost_by_watch[batch.watch] = batch.lost
        async with self._room:
            loop = asyncio.get_running_loop()
            waiting: asyncio.Future[None] = loop.create_future()

            def done(error: BaseException | None) -> None:
                loop.call_soon_threadsafe(_settle, waiting, error)

            self._queue.put(_Work(batch, done))
            await waiting

    async def stop(self) -> None:
        """Record what is in hand, then end the thread. A lock that is not free no longer holds it back."""
        self._stopping.set()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, STOP_WITHIN_S)

    def _run(self) -> None:
        last = 0.0
        try:
            while (first := self._queue.get()) is not None:
                work = self._gathered(first, until=last + PACE_S)
                self._commit(work)
                last = time.monotonic()
        finally:
            connections.close_all()

    def _gathered(self, first: _Work, until: float) -> list[_Work]:
        """Return the batches of the next transaction: those waiting, up to ROWS results."""
        work, rows = [first], len(first.batch.results)
        while rows < ROWS:
            wait_s = 0.0 if self._stopping.is_set() else until - time.monotonic()
            try:
                more = self._queue.get(timeout=wait_s) if wait_s > 0 else self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            work.append(more)
            rows += len(more.batch.results)
        return work

    def _commit(self, work: Sequence[_Work]) -> None:
        results = [one for each in work for one in each.batch.results]
        error: BaseException | None = None
        try:
            for start in range(0, len(results), ROWS):
                self._keep(results[start : start + ROWS])
        except OperationalError as problem:  # only while stopping: the watch keeps the batch
            error = problem
        points.reached("results recorded")
        self.sight.note(results)
        for each in work:
            each.done(error)

    def _keep(self, results: Sequence[Result]) -> None:
        """Record in one transaction; find and log the result that cannot be, keep the others."""
        try:
            self._insist(results)
        except OperationalError:
            raise
        except Exception as error:
            if len(results) == 1:
                # It would come again for ever, and hold up every other check behind it.
                self.counted.unusable += 1
                log.error("result not recorded", result=repr(results[0]), reason=repr(error), exc_info=error)
                return
            middle = len(results) // 2
            self._keep(results[:middle])
            self._keep(results[middle:])

    def _insist(self, results: Sequence[Result]) -> None:
        """Record, waiting for the lock for ever: results have nowhere else to go. Each wait is counted."""
        for turn in itertools.count():
            try:
                _wait_briefly()
                done = self._record(results, at=clock.now(), actor=SYSTEM, memory=self._memory)
            except OperationalError as error:
                connections.close_all()
                if self._stopping.is_set():
                    raise
                self.counted.waits_for_lock += 1
                if turn % LOGGED_TURNS == 0:
                    log.warning("results wait for the database", results=len(results), reason=str(error))
                self._stopping.wait(LOCKED_PAUSE_S)
            else:
                self._count(done)
                return

    def _count(self, done: Recorded) -> None:
        self.counted.commits += 1
        self.counted.kept += done.kept
        self.counted.repeated += done.repeated
        self.counted.refused += done.refused
        self.counted.transitions += done.transitions


def _wait_briefly() -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")


def _settle(waiting: "asyncio.Future[None]", error: BaseException | None) -> None:
    if waiting.done():
        return
    if error is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(error)


def assignments(at: datetime) -> list[Assignment]:
    """Return what is to be watched at `at`, as the bus says it."""
    return [
        Assignment(
            check_id=one.check_id,
            kind=one.kind,
            target=one.target,
            options=one.options,
            every_s=one.every_s,
            retry_s=one.retry_s,
            attempts=one.attempts,
            recoveries=one.recoveries,
        )
        for one in assigning.duties(at)
    ]
