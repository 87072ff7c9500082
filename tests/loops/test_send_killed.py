"""The sender is killed as by `kill -9` at each point of a hand-over: nothing is lost, doubles are marked."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.installing import Installation
from tests.records.notices.mailserver import MailServer, running

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[2]
NUMBER = 5


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running() as server:
        yield server


def process(
    installation: Installation, server: MailServer, *words: str, die_at: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**installation.environment, "ASTREINTE_SMTP": f"smtp://127.0.0.1:{server.port}"}
    if die_at:
        environment["ASTREINTE_DIE_AT"] = die_at
    return subprocess.run(
        [sys.executable, "-m", "tests.loops.sending_process", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("point", "arrived", "received"),
    [
        pytest.param("hand-over begun", 0, NUMBER, id="before the network is touched"),
        pytest.param("handed over, not written down", 1, NUMBER + 1, id="after the server took it"),
    ],
)
def test_a_sender_killed_in_the_middle_loses_nothing_and_marks_what_may_be_a_double(
    installation: Installation, mail_server: MailServer, point: str, arrived: int, received: int
) -> None:
    installation.prepare()
    killed = process(installation, mail_server, f"tell:{NUMBER}", "send", die_at=point)
    assert killed.returncode == -signal.SIGKILL
    assert len(mail_server.received) == arrived
    after = process(installation, mail_server, "send:10", "states")
    assert after.returncode == 0, after.stderr
    told = json.loads(after.stdout)

    assert len(mail_server.received) == received
    times = Counter(str(letter["Message-ID"]) for letter in mail_server.received)
    assert len(times) == NUMBER
    marked = [letter for letter in mail_server.received if "peut-être déjà reçu" in str(letter["Subject"])]
    assert len(marked) == 1
    assert times[str(marked[0]["Message-ID"])] == 1 + arrived
    ways = Counter(tuple(states) for states in told["states"].values())
    assert ways == {("queued", "handed_over"): NUMBER - 1, ("queued", "unknown", "handed_over"): 1}
    assert told["findings"] == []
