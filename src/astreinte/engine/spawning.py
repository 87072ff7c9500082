"""A process is started without a copy of this one being made, and its end is awaited on the event loop.

uvloop forks. In a process with threads the copy can wait for ever for a lock that some thread held at that
moment, and uvloop waits for the copy: the whole hub stood still. `subprocess` goes through vfork, which runs
nothing of ours between the copy and the new program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO

KILLED_WITHIN_S = 1.0
"""A killed process has ended by then, unless it hangs in the kernel: that is not waited for."""
CHUNK = 64 * 1024
BREATH_S = 0.01
"""Between two readings of what nobody keeps: a process that writes without end must not take our loop."""


class Spawned:
    """One process of ours, in a session of its own: a Ctrl-C at the terminal does not reach it.

    With `keep`, its standard input is empty, and `printed` and `complained` hold the first `keep` bytes of
    what it writes; the rest is read and dropped, so that it never waits for us. `environment` replaces
    ours. Made on a running event loop. Raises OSError when there is no such program, or no process or
    descriptor to be had.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        pass_fds: Sequence[int] = (),
        environment: Mapping[str, str] | None = None,
        keep: int | None = None,
    ) -> None:
        piped = None if keep is None else subprocess.PIPE
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=None if keep is None else subprocess.DEVNULL,
            stdout=piped,
            stderr=piped,
            pass_fds=pass_fds,
            env=environment,
            start_new_session=True,
        )
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._outputs: list[_Output] = []
        try:
            self._handle = os.pidfd_open(self._process.pid)
        except OSError:
            # Nobody would hear of its end: it must not run.
            self._process.kill()
            self._process.communicate()
            raise
        self._loop.add_reader(self._handle, self._on_end)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None and keep is not None:
                self._outputs.append(_Output(self._loop, pipe, keep))

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Return how it ended (a signal as a negative number), or None while it runs."""
        return self._process.returncode

    @property
    def printed(self) -> bytes:
        """Return what it wrote to its standard output; empty without `keep`."""
        return bytes(self._outputs[0].kept) if self._outputs else b""

    @property
    def complained(self) -> bytes:
        """Return what it wrote to its standard error; empty without `keep`."""
        return bytes(self._outputs[1].kept) if self._outputs else b""

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; one that has ended is let alone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def kill_all(self) -> None:
        """Kill it with all that it started and that is still of its session's first group."""
        # Its number is nobody else's as long as its end was not taken note of.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def wait(self) -> int:
        """Wait for its end; return how it ended.

        What it wrote is known by then. One of its own children that lives on is not waited for.
        """
        await self._ended.wait()
        assert self._process.returncode is not None
        return self._process.returncode

    async def ended_within(self, seconds: float) -> int | None:
        """Wait for its end; return how it ended, or None when it took longer.

        It is then killed with all that it started, as it is when the waiting is cancelled.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self.wait()
        except TimeoutError:
            return None
        finally:
            if self.returncode is None:
                self.kill_all()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(KILLED_WITHIN_S):
                        await self.wait()

    def _on_end(self) -> None:
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        self._process.wait()
        for output in self._outputs:
            output.finish()
        self._ended.set()


class _Output:
    """One pipe, read as it fills."""

    def __init__(self, loop: asyncio.AbstractEventLoop, pipe: IO[bytes], keep: int) -> None:
        self.kept = bytearray()
        self._loop, self._pipe, self._keep = loop, pipe, keep
        os.set_blocking(pipe.fileno(), False)
        self._listen()

    def _listen(self) -> None:
        if not self._pipe.closed:
            self._loop.add_reader(self._pipe.fileno(), self._read)

    def finish(self) -> None:
        """Take what is still in the pipe, no more than a pipe holds, and close it."""
        for _ in range(16):
            if self._pipe.closed or not self._read():
                break
        self._close()

    def _read(self) -> int:
        try:
            data = os.read(self._pipe.fileno(), CHUNK)
        except BlockingIOError:
            return 0
        self.kept += data[: self._keep - len(self.kept)]
        if not data:
            self._close()
        elif len(self.kept) >= self._keep:
            self._loop.remove_reader(self._pipe.fileno())
            self._loop.call_later(BREATH_S, self._listen)
        return len(data)

    def _close(self) -> None:
        if not self._pipe.closed:
            self._loop.remove_reader(self._pipe.fileno())
            self._pipe.close()
