"""The hub is killed at the worst moments, and the watch too: no result is lost, none counts twice.

The witness is the server that is watched: it counts its requests.
"""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.doors.cli.running import end_watch, seen
from tests.harness.installing import Installation

pytestmark = [pytest.mark.real, pytest.mark.long]

SCRIPT = """
import json
from astreinte.doors.cli.booting import ready; ready()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT name, slot, count(*) FROM came GROUP BY name, slot")
    came = cursor.fetchall()
    cursor.execute("SELECT coalesce(sum(many), 0) FROM kept")
    (kept,) = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM monitoring_transition WHERE after = 'stale'")
    (stale,) = cursor.fetchone()
print(json.dumps({"came": len(came), "repeated": sum(n - 1 for *_, n in came), "kept": int(kept), "stale": stale}))
"""


class Witness:
    """A web server that counts what it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.changed = threading.Condition()
        witness = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                with witness.changed:
                    witness.asked[self.path] += 1
                    witness.changed.notify_all()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def await_more(self, requests: int, within_s: float = 60) -> None:
        """Return once it was asked so many times more."""
        with self.changed:
            goal = self.asked.total() + requests
            assert self.changed.wait_for(lambda: self.asked.total() >= goal, within_s), self.asked

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def witness() -> Iterator[Witness]:
    with closing(Witness()) as one:
        yield one


class Story:
    """Hubs on one installation, one after the other."""

    def __init__(self, installation: Installation, port: int) -> None:
        self.installation, self.port = installation, port
        self.process: subprocess.Popen[str] | None = None

    def start(self, **more: str) -> None:
        """Start a hub, with its watch."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.loops.hub_process", str(self.port)],
            env={**self.installation.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def end(self, number: int = signal.SIGTERM) -> int:
        """End the hub by a signal; SIGTERM ends the watch as well, and in order."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(30)

    def notes(self) -> dict[str, int]:
        """Return what came, what came again, and what counted."""
        import json

        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=self.installation.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, int] = json.loads(done.stdout)
        return found


@pytest.fixture
def story(installation: Installation, witness: Witness) -> Iterator[Story]:
    installation.prepare()
    told = Story(installation, witness.port)
    yield told
    if told.process is not None and told.process.poll() is None:
        told.end(signal.SIGKILL)
    end_watch(installation)


def test_the_hub_is_killed_and_what_was_measured_meanwhile_counts_once(
    story: Story, witness: Witness
) -> None:
    story.start()
    witness.await_more(10)
    assert story.end(signal.SIGKILL) == -signal.SIGKILL
    witness.await_more(10)
    story.start()
    witness.await_more(10)
    assert story.end() == 0
    notes = story.notes()
    assert notes["came"] == witness.asked.total()
    assert notes["kept"] == notes["came"]


def test_killed_between_commit_and_receipt_a_batch_comes_again_and_counts_once(
    story: Story, witness: Witness
) -> None:
    story.start(ASTREINTE_DIE_AT="results recorded")
    assert story.ended() == -signal.SIGKILL
    story.start()
    assert story.end() == 0  # at once: the watch of the dead hub still holds what it measured
    notes = story.notes()
    assert notes["repeated"] > 0
    assert notes["kept"] == notes["came"] == witness.asked.total()


def test_an_absence_of_the_hub_is_no_silence_of_what_it_watches(story: Story, witness: Witness) -> None:
    story.start()
    witness.await_more(20)
    assert story.end(signal.SIGKILL) == -signal.SIGKILL
    witness.await_more(
        50
    )  # five checks, one a second each: longer than makes a check stale (7 s), before the start
    story.start()
    witness.await_more(60)  # longer than two looks for silence
    assert story.end() == 0
    notes = story.notes()
    assert notes["kept"] == notes["came"] == witness.asked.total()
    assert notes["stale"] == 0


def test_the_watch_is_killed_and_another_goes_on(story: Story, witness: Witness) -> None:
    import os

    story.start()
    witness.await_more(10)
    lock = story.installation.data / "watch.lock"
    first = int(lock.read_text())
    os.kill(first, signal.SIGKILL)
    seen(lambda: int(lock.read_text() or first) != first, within_s=30)
    witness.await_more(10)
    assert story.end() == 0
    notes = story.notes()
    # What the dead watch had measured and not yet handed over is a gap, at most one round of attempts.
    assert witness.asked.total() - 10 <= notes["came"] <= witness.asked.total()
    assert notes["kept"] == notes["came"]
