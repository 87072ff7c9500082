"""The *watch*: one process, one loop, scheduler and probes. No Django, no database, no other work."""

from __future__ import annotations

import asyncio
import gc
import importlib
import importlib.util
import os
import signal
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import structlog

from astreinte.engine.bus.courier import Courier
from astreinte.engine.bus.outbox import Outbox
from astreinte.engine.bus.ports import Assignment
from astreinte.engine.probes import plugin
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.resolving import Resolver
from astreinte.engine.scheduler import places
from astreinte.engine.scheduler.loop import Attempt, Scheduler
from astreinte.loops import clock

ATTEMPTS_WITHIN_S = 1.5
DELIVERY_WITHIN_S = 1.5
"""Both together, and what the interpreter needs to end, stay under the 5 s that a stop may take."""

COLLECTED_EVERY = 50_000
"""Objects made before rubbish is looked for. An attempt leaves none behind, and each look costs as much as ten."""

ORPHAN_S = 30.0
"""A watch whose parent died stops when no hub came back for so long: nobody would ever stop it."""

log = structlog.get_logger("astreinte.watch")


def run(socket_path: Path, plugins: str = plugin.DEBIANS_FOLDER) -> None:
    """Watch what the hub at `socket_path` assigns, until SIGTERM, SIGINT or another watch takes over.

    Nagios plugins are run out of the folders `plugins` (with colons between), whatever the hub says.

    The hub may come later, go and come back. A stop takes less than 5 s: attempts under way may end,
    and what was measured is handed over.
    """
    # A line in one write: hub and watch share a terminal, and their lines must not run into each other.
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stderr))
    plugin.shelf.folders = plugin.Shelf.of(plugins).folders
    gc.freeze()
    gc.set_threshold(COLLECTED_EVERY, 20, 100)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(watch(socket_path))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    # Where there is no wheel of uvloop, the loop of the standard library does the same, more slowly.
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory


async def watch(socket_path: Path) -> None:
    """Run the scheduler and the courier of one watch, until it is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    resolver = Resolver()

    def attempt_of(one: Assignment) -> Attempt:
        return prepare(one.kind, one.target, one.options, resolver, attempts=one.attempts)

    outbox = Outbox(uuid.uuid4().hex)
    descriptors = places.take_descriptors()
    quick, slow = places.affordable(descriptors)
    scheduler = Scheduler(attempt_of, outbox.put, wall=clock.now, quick_places=quick, slow_places=slow)

    def dismissed(reason: str) -> None:
        log.info("dismissed", reason=reason)
        stop.set()

    courier = Courier(socket_path, outbox, on_assign=scheduler.apply, on_dismissal=dismissed)
    log.info(
        "watch started", pid=os.getpid(), path=str(socket_path), descriptors=descriptors, places=quick + slow
    )
    sides = [
        asyncio.create_task(scheduler.run(), name="scheduler"),
        asyncio.create_task(courier.run(), name="courier"),
        asyncio.create_task(_orphaned(courier), name="orphan"),
        asyncio.create_task(stop.wait(), name="stop"),
    ]
    done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
    await scheduler.stop(grace_s=ATTEMPTS_WITHIN_S)
    if not await courier.deliver(within_s=DELIVERY_WITHIN_S):
        log.warning("results without a receipt at the end", kept=len(outbox))
    for side in sides:
        side.cancel()
    await asyncio.gather(*sides, return_exceptions=True)
    for side in done:
        # A side that failed ends the watch with its error: whoever started it starts another.
        if not side.cancelled() and (error := side.exception()) is not None:
            raise error
    log.info("watch stopped", missed=scheduler.missed, lost=outbox.lost)


async def _orphaned(courier: Courier) -> None:
    """Return when the process that started this one is dead and no hub came back."""
    parent = os.getppid()
    while True:
        await asyncio.sleep(1.0)
        if os.getppid() != parent and courier.away_for_s() > ORPHAN_S:
            break
    log.warning("stopping: the process that started this watch is gone, and so is the hub")


if __name__ == "__main__":
    run(Path(sys.argv[1]), *sys.argv[2:3])
