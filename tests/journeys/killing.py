"""`kill -9` of the real `astreinte up` at named points, and what was received by the one who was told."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any

from tests.doors.cli.running import Up, end_watch, up
from tests.harness.installing import Installation
from tests.records.notices.mailserver import MailServer

ROOT = Path(__file__).parents[2]
AHEAD = 10
"""Minutes: longer than any lease that the dead process held."""
DOUBLE = "peut-être déjà reçu"
WAITING = 'deliveries{state="waiting"}'


class Postbox:
    """What was received, and a way to wait for it."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._came = Condition()
        server.on_text = self._ring

    def _ring(self) -> None:
        with self._came:
            self._came.notify_all()

    def await_letters(self, number: int) -> None:
        """Return once so many letters came; one that came twice is one."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.times()) >= number, 60), self.server.subjects

    def times(self) -> Counter[str]:
        """Return how often each letter came, by what it keeps when it is sent again."""
        return Counter(str(letter["Message-ID"]) for letter in self.server.received)

    def marked(self) -> set[str]:
        """Return the letters that say of themselves that they may have come before."""
        return {str(one["Message-ID"]) for one in self.server.received if DOUBLE in str(one["Subject"])}


def lives(installation: Installation, chapter: str, book: str = "late_call") -> str:
    """Have a process of its own prepare the installation, or say what is in it: a chapter of a book beside this."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.journeys.{book}", chapter],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def facts(installation: Installation, book: str = "late_call") -> Any:
    """Return what is in the records; the journal must be whole, no delivery dead."""
    found = json.loads(lives(installation, "facts", book))
    assert found["verified"] == [0, ""]
    assert found["dead"] == []
    return found


def dies(installation: Installation, point: str) -> None:
    """Start it, and see it die at the point."""
    process = installation.told(ASTREINTE_DIE_AT=point, ASTREINTE_LISTEN="127.0.0.1:0").start("up")
    try:
        assert process.wait(60) == -signal.SIGKILL
    finally:
        process.kill()
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def dying(installation: Installation, point: str) -> Iterator[Up]:
    """Start it, do what it dies over, and see it dead; it does not outlive the block."""
    hub = Up(installation.told(ASTREINTE_DIE_AT=point))
    try:
        hub.line_with("watch connected")
        yield hub
        assert hub.process.wait(60) == -signal.SIGKILL
    finally:
        hub.process.kill()
        end_watch(installation)  # it holds the pipe of its hub, which cannot be closed before
        hub.ended()


@contextmanager
def started_again(installation: Installation) -> Iterator[Up]:
    """Start it without the variable; it ends in order."""
    with up(installation) as again:
        yield again
        assert again.stop() == 0


def once_or_marked(postbox: Postbox, letters: int) -> None:
    """Whoever was to be told was told; a letter that came twice says so."""
    times = postbox.times()
    assert len(times) == letters, postbox.server.subjects
    assert {one for one, often in times.items() if often > 1} <= postbox.marked()
