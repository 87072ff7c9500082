"""The watch's end of the local bus: brings assignments, takes results away, survives the hub."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from astreinte.engine.bus.outbox import Outbox
from astreinte.engine.bus.ports import Assign, Dismissal, Hello, MessageError, Receipt
from astreinte.engine.bus.wire import LINE_LIMIT, Line, address_of

PATIENCE_S = 0.5
"""A result waits for others at most so long before it leaves."""

SEND_WITHIN_S = 10.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 1.0

log = structlog.get_logger("astreinte.bus")


class Courier:
    """Keeps one connection to the hub, for as long as `run` runs.

    A batch is sent again on each new connection until its receipt; the hub tells twins by check and slot.
    """

    def __init__(
        self,
        path: Path,
        outbox: Outbox,
        *,
        on_assign: Callable[[Assign], None],
        on_dismissal: Callable[[str], None],
    ) -> None:
        self._path, self._outbox = path, outbox
        self._on_assign, self._on_dismissal = on_assign, on_dismissal
        self._hurry = False
        self._away_since: float | None = time.monotonic()
        self._pause_s = FIRST_PAUSE_S

    def away_for_s(self) -> float:
        """Return for how long the hub has been away, in seconds; 0 while it is there."""
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    async def run(self) -> None:
        """Connect, carry, and connect again when the hub comes back, until cancelled."""
        while True:
            try:
                line = await self._connect()
            except OSError as error:
                self._say_away(error.strerror or str(error))
            else:
                await self._visit(line)
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    async def deliver(self, *, within_s: float) -> bool:
        """Hand over what is left, without waiting for full batches; say whether all got its receipt."""
        self._hurry = True
        try:
            async with asyncio.timeout(within_s):
                await self._outbox.emptied.wait()
        except TimeoutError:
            return False
        return True

    async def _connect(self) -> Line:
        with address_of(self._path) as address:
            return Line(*await asyncio.open_unix_connection(address, limit=LINE_LIMIT))

    async def _visit(self, line: Line) -> None:
        sides = [
            asyncio.create_task(self._hear(line), name="bus: from the hub"),
            asyncio.create_task(self._carry(line), name="bus: to the hub"),
        ]
        try:
            done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
            for side in done:
                self._say_away(_reason(side))
        finally:
            line.close()
            for side in sides:
                side.cancel()
            await asyncio.gather(*sides, return_exceptions=True)

    async def _hear(self, line: Line) -> None:
        while (message := await line.receive()) is not None:
            match message:
                case Assign():
                    self._say_back()
                    self._on_assign(message)
                case Receipt():
                    self._outbox.receipt(message.batch_id)
                case Dismissal():
                    self._on_dismissal(message.reason)
                case _:
                    raise MessageError(f"a hub does not send a {type(message).__name__}")

    async def _carry(self, line: Line) -> None:
        await line.send(Hello(self._outbox.watch, os.getpid()), within_s=SEND_WITHIN_S)
        for batch in self._outbox.unreceipted():
            await line.send(batch, within_s=SEND_WITHIN_S)
        while True:
            await self._outbox.ready(0.0 if self._hurry else PATIENCE_S)
            if (fresh := self._outbox.take()) is not None:
                await line.send(fresh, within_s=SEND_WITHIN_S)
            else:
                await self._outbox.room()

    def _say_away(self, reason: str) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()
            log.warning("hub away", path=str(self._path), reason=reason)

    def _say_back(self) -> None:
        self._pause_s = FIRST_PAUSE_S
        if self._away_since is not None:
            log.info("hub there", path=str(self._path), kept=len(self._outbox), lost=self._outbox.lost)
        self._away_since = None


def _reason(side: asyncio.Task[None]) -> str:
    error = None if side.cancelled() else side.exception()
    return "it closed the connection" if error is None else str(error) or type(error).__name__
