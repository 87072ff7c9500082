"""The watch process is started, and started again when it dies; one at a time, whatever dies."""

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LIVED_WELL_S = 60.0
LOCK_LOOK_S = 0.2
ORPHAN_SPEAKS_S = 3.0
"""A watch left by a hub that was killed finds the new hub within this time, and hands over what it kept."""
ORPHAN_ENDS_S = 10.0
STOP_WITHIN_S = 4.0

log = structlog.get_logger("astreinte.tend")


class Tended:
    """Keeps one process of `command` alive.

    The process inherits the lock on `lock` and holds it for as long as it lives, longer than a hub that is
    killed: so the next hub finds it, lets it hand over what it measured, ends it, and starts its own. Two
    at once would measure everything twice.
    """

    def __init__(self, command: Sequence[str], lock: Path) -> None:
        self._command, self._lock = tuple(command), lock
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Return the process id of the one that runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def run(self) -> None:
        """Start it, and again after it ended, later and later while it dies young; until `stop`."""
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            await self._retire_orphan()
            if self._stopping.is_set():
                return
            lived_s = await self._live()
            if self._stopping.is_set():
                return
            pause_s = FIRST_PAUSE_S if lived_s > LIVED_WELL_S else pause_s
            log.warning("watch ended, starting it again", lived_s=round(lived_s, 1), pause_s=pause_s)
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """End the process: it hands over what it has, and goes; killed if it does not within the time."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(within_s):
                await process.wait()
        except TimeoutError:
            log.error("watch did not stop in time, killed", within_s=within_s)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _live(self) -> float:
        """Start the process and wait for its end; return how long it lived, in seconds."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        born = time.monotonic()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A session of its own: Ctrl-C in the terminal reaches the hub alone, which ends it in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, pass_fds=(descriptor,), start_new_session=True
            )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{self._process.pid}\n".encode(), 0)
        finally:
            os.close(descriptor)
        self.starts += 1
        log.info("watch started", pid=self._process.pid)
        if self._stopping.is_set():
            self._process.terminate()
        await self._process.wait()
        return time.monotonic() - born

    async def _retire_orphan(self) -> None:
        if self._is_free():
            return
        pid = self._holder()
        log.info("a watch of an earlier hub still runs: taking over what it kept", pid=pid)
        if await self._freed(ORPHAN_SPEAKS_S):
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            pid = self._holder()
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if await self._freed(ORPHAN_ENDS_S):
                return
        log.error("the lock of the watch is held by an unknown process", lock=str(self._lock))

    async def _freed(self, within_s: float) -> bool:
        until = time.monotonic() + within_s
        while time.monotonic() < until and not self._stopping.is_set():
            if self._is_free():
                return True
            await self._pause(LOCK_LOOK_S)
        return self._is_free()

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
