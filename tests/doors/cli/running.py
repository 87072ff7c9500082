"""A real `astreinte up`, for the stories that need it."""

import json
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.harness.installing import Installation

UP_WITHIN_S = 60.0
LOOK_S = 0.5


class Up:
    """A running installation. Its lines are read as they come: a full pipe would stop it."""

    def __init__(self, installation: Installation, *words: str, listen: str = "127.0.0.1:0") -> None:
        self.installation = installation
        self.process = installation.start("up", *words, ASTREINTE_LISTEN=listen, PYTHONUNBUFFERED="1")
        self.lines: list[str] = []
        self._heard: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.address = self.line_with("Astreinte runs on ").split()[3]
        except BaseException:
            self.process.kill()
            raise

    def line_with(self, text: str, within_s: float = UP_WITHIN_S) -> str:
        """Return the next line that holds `text`."""
        until = time.monotonic() + within_s
        while (left_s := until - time.monotonic()) > 0:
            try:
                line = self._heard.get(timeout=left_s)
            except queue.Empty:
                break
            if line is None:
                raise AssertionError(f"up ended before it said {text!r}:\n" + "".join(self.lines))
            if text in line:
                return line
        raise AssertionError(f"up did not say {text!r} within {within_s:g} s:\n" + "".join(self.lines))

    def measure(self, name: str) -> float:
        """Return one value of /metrics, for instance `checks{level="ok"}`: cheaper than a command."""
        with urlopen(f"{self.address}/metrics", timeout=10) as page:
            lines = page.read().decode().splitlines()
        return float(next(line.split()[-1] for line in lines if line.startswith(f"astreinte_{name} ")))

    def watch_pid(self) -> int:
        """Return the process id of the watch."""
        return int((self.installation.data / "watch.lock").read_text(encoding="ascii"))

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to end as Ctrl-C does; return its exit code."""
        self.process.send_signal(number)
        return self.ended()

    def kill(self) -> None:
        """Kill the hub at once, and nothing else."""
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Wait for the end of the hub; return its exit code."""
        code = self.process.wait(timeout=30)
        self._reader.join(timeout=10)
        if not self._reader.is_alive() and self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self._heard.put(line)
        self._heard.put(None)


@contextmanager
def up(installation: Installation, *words: str) -> Iterator[Up]:
    """Start it, and end it at the end of the block, whatever happened meanwhile."""
    running = Up(installation, *words)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        end_watch(installation)


def end_watch(installation: Installation) -> None:
    """End a watch that outlived its hub."""
    try:
        pid = int((installation.data / "watch.lock").read_text(encoding="ascii"))
        if b"astreinte.loops.watch" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    except (OSError, ValueError):
        return


def said_json(installation: Installation, *words: str) -> Any:
    """Return what a command prints with `--json`; a command that fails fails the test."""
    done = installation.run(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def seen(question: Callable[[], Any], within_s: float) -> Any:
    """Return the first true answer; the last one is shown when none comes in time."""
    until = time.monotonic() + within_s
    while True:
        if answer := question():
            return answer
        assert time.monotonic() < until, f"not seen within {within_s:g} s"
        time.sleep(LOOK_S)
