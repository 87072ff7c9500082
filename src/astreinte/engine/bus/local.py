"""The bus on one machine: a Unix socket in the data folder. The hub serves, the watch connects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import structlog

from astreinte.engine.bus.ports import (
    Assign,
    Assignment,
    Batch,
    Dismissal,
    Hello,
    MessageError,
    Receipt,
)
from astreinte.engine.bus.wire import LINE_LIMIT, Line, listen

SEND_WITHIN_S = 5.0
"""A watch that does not read for so long is cut off: it comes back and gets the whole set."""

HELLO_WITHIN_S = 5.0
CLOSE_WITHIN_S = 2.0

log = structlog.get_logger("astreinte.bus")

OnBatch = Callable[[Batch], Awaitable[None]]
Assignments = Callable[[], Awaitable[list[Assignment]]]


async def serve(path: Path, *, on_batch: OnBatch, assignments: Assignments) -> Server:
    """Open the hub's side of the bus at `path` and return it.

    Each watch that connects gets the whole of `assignments()`. `on_batch` is awaited for each batch, one
    at a time and watch; its receipt is sent only after `on_batch` has returned, so `on_batch` returns
    when the results are durable. If it raises, the connection is dropped, and the batch comes again:
    a result that must not be recorded (an unknown check) is for `on_batch` to pass over, not to
    refuse. The same batch, or the same (check_id, slot) in another, may come twice. Raises BusError.
    """
    server = Server(path, on_batch=on_batch, assignments=assignments)
    await server.open()
    return server


class Server:
    """The hub's side of the bus."""

    def __init__(self, path: Path, *, on_batch: OnBatch, assignments: Assignments) -> None:
        self.path = path
        self._on_batch, self._assignments = on_batch, assignments
        self._watches: dict[Line, _Watch] = {}
        self._visits: set[asyncio.Task[None]] = set()
        self._said = asyncio.Lock()
        self._listener: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. Raises BusError."""
        self._listener = await asyncio.start_unix_server(
            self._visit, sock=listen(self.path), limit=LINE_LIMIT
        )

    async def assign(self, checks: Iterable[Assignment]) -> None:
        """Make `checks` the whole of what is watched: each watch is told what changed and what ended."""
        wanted = {one.check_id: one for one in checks}
        async with self._said:
            for line, watch in list(self._watches.items()):
                await self._tell_changes(line, watch, wanted)

    async def close(self) -> None:
        """Stop listening, let the batches in hand get their receipt, and drop the watches."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        for watch in self._watches.values():
            watch.listening.cancel()
        if self._visits:
            _, late = await asyncio.wait(self._visits, timeout=CLOSE_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:  # a coroutine that runs is in a task
            raise RuntimeError("visited outside a task")
        self._visits.add(task)
        line = Line(reader, writer)
        try:
            await self._serve_watch(line)
        except (MessageError, OSError, TimeoutError) as error:
            log.warning("watch cut off", reason=str(error) or type(error).__name__)
        except Exception:
            log.exception("batch not recorded, watch cut off")
        finally:
            self._watches.pop(line, None)
            self._visits.discard(task)
            line.close()

    async def _serve_watch(self, line: Line) -> None:
        async with asyncio.timeout(HELLO_WITHIN_S):
            hello = await line.receive()
        if not isinstance(hello, Hello):
            return
        async with self._said:
            await self._welcome(line, hello)
        while (message := await self._next(line)) is not None:
            if not isinstance(message, Batch):
                raise MessageError(f"a watch sends batches, not {type(message).__name__}")
            await self._on_batch(message)
            await line.send(Receipt(message.id), within_s=SEND_WITHIN_S)

    async def _next(self, line: Line) -> object:
        """Return the next message, or None when the watch has gone or the hub closes."""
        watch = self._watches.get(line)
        if watch is None or self._listener is None:
            return None
        watch.listening = asyncio.ensure_future(line.receive())
        await asyncio.wait({watch.listening})
        return None if watch.listening.cancelled() else watch.listening.result()

    async def _welcome(self, line: Line, hello: Hello) -> None:
        checks = await self._assignments()
        await line.send(Assign(tuple(checks)), within_s=SEND_WITHIN_S)
        for other, watch in list(self._watches.items()):
            if watch.name != hello.watch:
                # Left by a hub that was killed: two would measure everything twice.
                log.info("watch replaced", pid=watch.pid, by_pid=hello.pid)
                with contextlib.suppress(OSError, TimeoutError):
                    await other.send(Dismissal("another watch took over"), within_s=SEND_WITHIN_S)
        self._watches[line] = _Watch(hello, {one.check_id: one for one in checks})
        log.info("watch connected", pid=hello.pid, checks=len(checks))

    async def _tell_changes(self, line: Line, watch: _Watch, wanted: dict[str, Assignment]) -> None:
        changed = tuple(one for name, one in wanted.items() if watch.knows.get(name) != one)
        gone = tuple(name for name in watch.knows if name not in wanted)
        if not changed and not gone:
            return
        try:
            await line.send(Assign(changed, gone, whole=False), within_s=SEND_WITHIN_S)
        except (OSError, TimeoutError):
            line.close()
            return
        watch.knows = wanted


class _Watch:
    """One connected watch: who, what it was told, and the read that the hub may interrupt."""

    def __init__(self, hello: Hello, knows: dict[str, Assignment]) -> None:
        self.name, self.pid, self.knows = hello.watch, hello.pid, knows
        self.listening: asyncio.Future[object] = asyncio.get_running_loop().create_future()
