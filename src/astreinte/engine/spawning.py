"""A process is started without a copy of this one being made, and its end is awaited on the event loop.

uvloop forks. In a process with threads the copy can wait for ever for a lock that some thread held at that
moment, and uvloop waits for the copy: the whole hub stood still. `subprocess` goes through vfork, which runs
nothing of ours between the copy and the new program.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence


class Spawned:
    """One process of ours, in a session of its own: a Ctrl-C at the terminal does not reach it.

    Made on a running event loop. Raises OSError when there is no such program, or no process to be had.
    """

    def __init__(self, command: Sequence[str], *, pass_fds: Sequence[int] = ()) -> None:
        self._process = subprocess.Popen(command, pass_fds=pass_fds, start_new_session=True)
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._handle = os.pidfd_open(self._process.pid)
        self._loop.add_reader(self._handle, self._on_end)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Return how it ended (a signal as a negative number), or None while it runs."""
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; one that has ended is let alone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def wait(self) -> int:
        """Wait for its end; return how it ended."""
        await self._ended.wait()
        assert self._process.returncode is not None
        return self._process.returncode

    def _on_end(self) -> None:
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        self._process.wait()
        self._ended.set()
