"""The watch process is started, and started again when it dies; one at a time, whatever dies."""

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from astreinte.engine.spawning import Spawned

LOCK_LOOK_S = 0.1

log = structlog.get_logger("astreinte.tend")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for what, in seconds.

    A watch left by a hub that was killed finds the new hub within `orphan_speaks_s`, hands over what it
    kept, and is then told to end within `orphan_ends_s`, first by SIGTERM, then by SIGKILL.
    """

    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    lived_well_s: float = 60.0
    orphan_speaks_s: float = 3.0
    orphan_ends_s: float = 10.0
    stop_within_s: float = 4.0


class Tended:
    """Keeps one process of `command` alive.

    The process inherits the lock on `lock` and holds it for as long as it lives, longer than a hub that is
    killed: so the next hub finds it, lets it hand over what it measured, ends it, and starts its own. Two
    at once would measure everything twice.
    """

    def __init__(self, command: Sequence[str], lock: Path, patience: Patience | None = None) -> None:
        self._command, self._lock = tuple(command), lock
        self._patience = patience or Patience()
        self._process: Spawned | None = None
        self._stopping = asyncio.Event()
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Return the process id of the one that runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def run(self) -> None:
        """Start it, and again after it ended, later and later while it dies young; until `stop`."""
        pause_s = self._patience.first_pause_s
        while not self._stopping.is_set():
            lived_s = await self._try_to_live() if await self._retire_orphan() else 0.0
            if self._stopping.is_set():
                return
            if lived_s > self._patience.lived_well_s:
                pause_s = self._patience.first_pause_s
            log.warning("no watch, starting it again", lived_s=round(lived_s, 1), pause_s=pause_s)
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, self._patience.longest_pause_s)

    async def stop(self) -> None:
        """End the process: it hands over what it has, and goes; killed if it does not in time."""
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            await self._end_own(process)
        elif not self._is_free():  # that of an earlier hub: nobody else would take what it holds
            await self._end_orphan(self._patience.stop_within_s)

    async def _end_own(self, process: Spawned) -> None:
        process.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(self._patience.stop_within_s):
                await process.wait()
        except TimeoutError:
            log.error("watch did not stop in time, killed", pid=process.pid)
            process.send(signal.SIGKILL)
            await process.wait()

    async def _try_to_live(self) -> float:
        try:
            return await self._live()
        except OSError as error:  # no memory, no process to be had: the hub goes on, and tries again
            log.error("watch not started", reason=str(error))
            return 0.0

    async def _live(self) -> float:
        """Start the process and wait for its end; return how long it lived, in seconds."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        born = time.monotonic()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._process = Spawned(self._command, pass_fds=(descriptor,))
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{self._process.pid}\n".encode(), 0)
        finally:
            os.close(descriptor)
        self.starts += 1
        log.info("watch started", pid=self._process.pid)
        if self._stopping.is_set():
            self._process.send(signal.SIGTERM)
        await self._process.wait()
        return time.monotonic() - born

    async def _retire_orphan(self) -> bool:
        """End the watch of an earlier hub, if there is one; say whether one may be started."""
        if self._is_free():
            return True
        log.info("a watch of an earlier hub still runs: taking over what it kept", pid=self._holder())
        await self._pause(self._patience.orphan_speaks_s)
        if self._stopping.is_set():
            return False  # `stop` ends it
        return await self._end_orphan(self._patience.orphan_ends_s)

    async def _end_orphan(self, within_s: float) -> bool:
        for number in (signal.SIGTERM, signal.SIGKILL):
            pid = self._holder()
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if await self._freed(within_s):
                return True
        log.error("the lock of the watch is held by an unknown process", lock=str(self._lock))
        return False

    async def _freed(self, within_s: float) -> bool:
        until = time.monotonic() + within_s
        while not self._is_free():
            if time.monotonic() >= until:
                return False
            await asyncio.sleep(LOCK_LOOK_S)
        return True

    def _is_free(self) -> bool:
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(descriptor)

    def _holder(self) -> int | None:
        """Return the process that the lock file names, if that is a watch of ours: numbers are used again."""
        try:
            pid = int(self._lock.read_text(encoding="ascii"))
            running = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if [os.fsencode(part) for part in self._command[1:]] == running[1:-1] else None

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
