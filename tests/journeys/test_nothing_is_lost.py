"""`kill -9` at the worst moments of the real `astreinte up`, and a start: all is there, once.

What counts is what was received by the one who was told: a real SMTP server on loopback.
"""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

import pytest

from astreinte.loops import clock
from tests.doors.cli.running import Up, end_watch, seen, up
from tests.harness.installing import Installation
from tests.journeys.late_call import PASSWORD
from tests.journeys.visitor import Fields, Visitor
from tests.records.notices.mailserver import MailServer, running

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
AHEAD = 10
"""Minutes: longer than any lease that the dead process held."""
DOUBLE = "peut-être déjà reçu"
DECLARE = "/declare/"
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


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with running() as server:
        yield Postbox(server)


@pytest.fixture
def mailing(installation: Installation, postbox: Postbox) -> Iterator[Installation]:
    """The installation of the story, which sends its letters to the postbox."""
    yield installation.told(ASTREINTE_SMTP=f"smtp://127.0.0.1:{postbox.server.port}")
    end_watch(installation)


def lives(installation: Installation, chapter: str) -> str:
    """Have a process of its own prepare the installation, or say what is in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.late_call", chapter],
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


def facts(installation: Installation) -> Any:
    """Return what is in the records; the journal must be whole, no delivery dead."""
    found = json.loads(lives(installation, "facts"))
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


class Declaring:
    """Alice declares at the portal, with the session and the forms of one browser, whatever dies meanwhile."""

    def __init__(self) -> None:
        self.browser = Visitor()

    def signs_in(self) -> None:
        """Sign in, and stay signed in."""
        form = self.browser.form("/", "password")
        self.browser.sends(form.target, form.filled(login="alice@kermor.example", password=PASSWORD))
        assert urlsplit(self.browser.page).path == "/"

    def fills_in(self, text: str, place: int) -> Fields:
        """Answer the four questions about one of her servers; return what is sent."""
        form = self.browser.form(DECLARE, "key")
        server = form.offered["server"][place]
        return form.filled(server=server, blocked="yes", essential="yes", text=text)

    def is_cut_off(self, said: Fields) -> None:
        """Send it to a hub that dies over it."""
        with pytest.raises((OSError, HTTPException)):
            self.browser.sends(DECLARE, said)

    def sends(self, said: Fields) -> str:
        """Send it; return the page that answers."""
        self.browser.sends(DECLARE, said)
        return urlsplit(self.browser.page).path


def test_a5_6_a_declaration_is_there_once_with_its_own_instant_after_the_hub_was_killed(
    mailing: Installation, postbox: Postbox
) -> None:
    lives(mailing, "cast")
    alice = Declaring()
    sent: dict[str, Fields] = {}
    between: dict[str, tuple[datetime, datetime]] = {}
    for place, point in enumerate(("entry stored", "receipt stored", "between entry and reaction")):
        with dying(mailing, point) as hub:
            alice.browser.address = hub.address
            if not sent:
                alice.signs_in()
            sent[point] = alice.fills_in(f"Plus rien ne répond ({point}).", place)
            before = clock.now()
            alice.is_cut_off(sent[point])
        between[point] = (before, clock.now())

    with started_again(mailing.ahead(AHEAD)) as again:
        alice.browser.address = again.address
        for said in sent.values():
            receipt = alice.sends(said)
            assert receipt.startswith("/tickets/")
            assert alice.sends(said) == receipt
        postbox.await_letters(4 * len(sent))
        seen(lambda: again.measure(WAITING) == len(sent), within_s=60)  # the timers of the deadlines

    found = facts(mailing)
    at = {text: datetime.fromisoformat(instant) for text, instant in found["declared"]}
    assert len(found["receipts"]) == len(at) == len(sent)
    for point, (before, after) in between.items():
        received = at[f"Plus rien ne répond ({point})."]
        # Killed before the commit, nothing was received and nothing was shown: the second sending is the first.
        kept = point != "entry stored"
        assert (before <= received <= after) == kept, point
        assert kept or received > after + timedelta(minutes=AHEAD - 1)
    assert found["breaches"] == 0
    once_or_marked(postbox, 4 * len(sent))


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(
            [
                "in the middle of a delivery",
                "in the middle of a delivery",
                "delivery settled",
                "while sealing",
            ],
            id="over deliveries and seals",
        ),
        pytest.param(["hand-over begun", "handed over, not written down"], id="over a letter"),
    ],
)
def test_a_missed_promise_is_told_once_and_owed_once_after_the_hub_was_killed(
    mailing: Installation, postbox: Postbox, points: list[str]
) -> None:
    lives(mailing, "call")
    for turn, point in enumerate(points):
        dies(mailing.ahead(turn * AHEAD), point)
    with started_again(mailing.ahead(len(points) * AHEAD)) as again:
        postbox.await_letters(6)
        seen(lambda: again.measure(WAITING) == 0, within_s=60)
        seen(lambda: again.measure("seal_lag_seconds") == 0, within_s=60)

    found = facts(mailing)
    assert [found[name] for name in ("breaches", "verdicts", "shares")] == [1, 1, 1]
    ((due, cap, shares),) = found["settlements"]
    assert 0 < due <= cap == 500_00
    assert shares == 1
    assert [(number, channel) for number, channel, _ in found["receipts"]] == [(1, "phone")]
    assert len(found["notices"]) == 6
    in_doubt = [one for one, states in found["notices"].items() if "unknown" in states]
    assert len(in_doubt) == len(postbox.marked())
    # Killed elsewhere, the sender may have had a letter in hand as well: another thread, another moment.
    assert 0 < len(in_doubt) <= 2 if "hand-over begun" in points else len(in_doubt) <= len(points)
    once_or_marked(postbox, 6)


def once_or_marked(postbox: Postbox, letters: int) -> None:
    """Whoever was to be told was told; a letter that came twice says so."""
    times = postbox.times()
    assert len(times) == letters, postbox.server.subjects
    assert {one for one, often in times.items() if often > 1} <= postbox.marked()
