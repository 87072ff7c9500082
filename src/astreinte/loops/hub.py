"""The hub: pages, the recorder, and what runs by itself, around one event loop.

The loop never touches the database: threads do, each with a connection of its own.
"""

import asyncio
import contextlib
import functools
import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog
import uvicorn
from django.db import connections

from astreinte.engine.bus import local
from astreinte.engine.bus.ports import Assignment
from astreinte.loops import clock, record, sight
from astreinte.loops.record import Recorder
from astreinte.loops.tend import Tended
from astreinte.loops.turn import Run, turning
from astreinte.records.journal import waking
from astreinte.records.monitoring import assigning

LOOK_S = 1.0
"""How often the hub looks whether something else is to be watched."""
WHOLE_LOOK_S = 60.0
"""How often it reads the whole set, whether anything was declared or not: some checks begin later."""
PAGES_END_S = 2
"""An open stream or a slow download holds up the stop no longer than this."""
THREADS_END_S = 1.5

log = structlog.get_logger("astreinte.hub")

T = TypeVar("T")


class _Pages(uvicorn.Server):
    """The web server; the hub, not the server, listens to signals."""

    on_up: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        if self.started:
            self.on_up()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hub is made of: the bound socket of its pages, the bus, the watch, and its threads by name.

    A thread runs until the event that it is given is set.
    """

    application: str
    listener: socket.socket
    bus: Path
    watch: Sequence[str]
    watch_lock: Path
    threads: Mapping[str, Run]


class Hub:
    """One hub, from `run` to `stop`."""

    def __init__(self, plan: Plan, recorder: Recorder | None = None) -> None:
        self.plan = plan
        self.recorder = recorder or Recorder()
        self._stopping = threading.Event()
        looking = turning("sight", self.recorder.sight.look, every_s=sight.LOOK_S, first_after_s=sight.LOOK_S)
        self._threads = [
            threading.Thread(target=run, args=(self._stopping,), name=name, daemon=True)
            for name, run in {**plan.threads, "sight": looking}.items()
        ]
        self.tended = Tended(plan.watch, plan.watch_lock)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="assigner")
        self._stop = asyncio.Event()
        self._pages = _Pages(
            uvicorn.Config(
                plan.application,
                lifespan="off",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=PAGES_END_S,
            )
        )

    def stop(self) -> None:
        """Ask the hub to end; `run` returns once nothing is in hand."""
        self._stop.set()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Run until `stop`; call `ready` when pages answer. Raises what any part of it died of."""
        global _running  # noqa: PLW0603  # one hub a process; /metrics asks for it
        _running = self
        self._pages.on_up = functools.partial(_settled, ready)
        self.recorder.start()
        bus = await local.serve(self.plan.bus, on_batch=self.recorder.take, assignments=self._assignments)
        for thread in self._threads:
            thread.start()
        try:
            async with asyncio.TaskGroup() as parts:
                pages = parts.create_task(self._serve_pages(), name="pages")
                parts.create_task(self._assign(bus), name="assigner")
                parts.create_task(self.tended.run(), name="watch")
                await self._stop.wait()
                self._pages.should_exit = True
                self._end_threads()
                await self.tended.stop()
                await pages
        finally:
            await self._end(bus)

    def standing(self) -> dict[str, bool]:
        """Say which parts run."""
        return {
            "recorder": self.recorder.alive,
            "watch": self.tended.pid is not None,
            **{thread.name: thread.is_alive() for thread in self._threads},
        }

    async def _serve_pages(self) -> None:
        await self._pages.serve(sockets=[self.plan.listener])
        if not self._stop.is_set():
            raise RuntimeError("the pages stopped by themselves")

    async def _assign(self, bus: local.Server) -> None:
        """Tell the watch what changed, within a second of it."""
        known, whole_at = 0, 0.0
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            try:
                changed, last = await self._read(functools.partial(assigning.changes, known))
                if changed or loop.time() >= whole_at:
                    await bus.assign(await self._assignments())
                    whole_at = loop.time() + WHOLE_LOOK_S
                known = last
            except Exception:
                # The watch goes on with what it was told; the database may be back at the next look.
                log.exception("assignments not read")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._stop.wait()

    async def _assignments(self) -> list[Assignment]:
        found = await self._read(lambda: record.assignments(clock.now()))
        self.recorder.sight.expect(found)
        return found

    async def _read(self, question: Callable[[], T]) -> T:
        def asked() -> T:
            try:
                return question()
            except Exception:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._reader, asked)

    async def _end(self, bus: local.Server) -> None:
        """End the parts from the outside in, so that what came in is recorded."""
        await self.tended.stop()
        await bus.close()
        await self.recorder.stop()
        self._end_threads()
        late = await asyncio.to_thread(self._join_threads)
        if late:
            log.warning(
                "left in the middle; what they did not settle is done at the next start", threads=late
            )
        await asyncio.get_running_loop().run_in_executor(self._reader, connections.close_all)
        self._reader.shutdown()
        log.info("hub stopped", **counts_of(self.recorder))

    def _end_threads(self) -> None:
        self._stopping.set()
        waking.ring()

    def _join_threads(self) -> list[str]:
        """Wait for the threads that were asked to end; return the names of those that did not in time."""
        until = time.monotonic() + THREADS_END_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]


def _settled(ready: Callable[[], None]) -> None:
    """Leave alone from now on what was loaded to stay: to look through it for rubbish stops every page."""
    gc.collect()
    gc.freeze()
    ready()


_running: Hub | None = None


def running() -> Hub | None:
    """Return the hub of this process, once it runs."""
    return _running


def counts_of(recorder: Recorder) -> dict[str, int]:
    """Return what the recorder counted, for a log line."""
    counted = recorder.counted
    return {
        "results": counted.kept,
        "repeated": counted.repeated,
        "transitions": counted.transitions,
        "commits": counted.commits,
        "waits_for_lock": counted.waits_for_lock,
    }
