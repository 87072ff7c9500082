"""A shop dies, and so does who watches it, at each line from the result to the letter: nothing is lost, nothing twice.

What is hushed meanwhile stays hushed, and stands in the record.
"""

import os
import signal
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from astreinte.loops import clock
from tests.doors.cli.running import Up, seen
from tests.harness.installing import Installation
from tests.journeys.killing import (
    AHEAD,
    WAITING,
    Postbox,
    dies,
    facts,
    lives,
    once_or_marked,
    started_again,
)

pytestmark = [pytest.mark.real, pytest.mark.long]

DUTY = ["Ada Morvan", "Hugo Lemaire"]
HUSH = "Migration de la boutique."
WITHOUT_A_GAP = 60
"""Seconds of timeout. A gap that is declared makes an outage sure anew: it would bring back a ticket that was lost."""
LAPSE = timedelta(seconds=4)
"""Longer than the shop may be unseen without a gap that is declared."""


class Shop:
    """Answers 200 until it dies; then cuts each line. It counts what it was asked since."""

    def __init__(self) -> None:
        self.dead = False
        self.asked = 0
        self._changed = threading.Condition()
        shop = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while self.rfile.readline().strip():
                    pass
                with shop._changed:
                    shop.asked += 1
                    shop._changed.notify_all()
                    if shop.dead:
                        return
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def dies(self) -> None:
        """Answer nobody from now on."""
        with self._changed:
            self.dead, self.asked = True, 0

    def await_asked(self, times: int) -> None:
        """Return once it was asked so many times since it died, or since the start."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.asked >= times, 60), self.asked

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def shop() -> Iterator[Shop]:
    one = Shop()
    yield one
    one.close()


def settled(running: Up, waiting: int) -> None:
    """Return once nothing is in hand any more but so many timers."""
    seen(lambda: running.measure(WAITING) == waiting, within_s=60)
    seen(lambda: running.measure("seal_lag_seconds") == 0, within_s=60)


def one_ticket(found: dict[str, Any]) -> None:
    """The outage is in the records once; each transition leads on from the one before."""
    assert [found[name] for name in ("incidents", "tickets", "receipts")] == [1, 1, ["monitoring"]]
    assert all(before != after for before, after in pairwise(found["transitions"])), found["transitions"]


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(["transition stored", "results recorded"], id="before and after the ticket"),
        pytest.param(
            ["between entry and reaction", "in the middle of a delivery", "hand-over begun"],
            id="on the way to the page",
        ),
    ],
)
def test_a_hub_that_dies_on_the_way_opens_one_ticket_and_tells_the_duty_once(
    mailing: Installation, postbox: Postbox, shop: Shop, points: list[str]
) -> None:
    lives(mailing, f"cast:{shop.port}:{WITHOUT_A_GAP}", "dead_shop")
    shop.dies()
    for turn, point in enumerate(points):
        dies(mailing.ahead(turn * AHEAD), point)
    with started_again(mailing.ahead(len(points) * AHEAD)) as again:
        postbox.await_letters(len(DUTY))
        settled(again, 0)
    found = facts(mailing, "dead_shop")
    one_ticket(found)
    assert found["transitions"] == ["critical"]
    assert (found["told"], found["held"]) == (DUTY, [])
    once_or_marked(postbox, len(DUTY))


@pytest.mark.parametrize(
    ("point", "tickets"),
    [
        pytest.param("transition stored", 0, id="between transition and ticket"),
        pytest.param("between entry and reaction", 1, id="between ticket and page"),
    ],
)
def test_what_is_hushed_while_the_hub_is_dead_stays_hushed_until_its_end_and_is_told_once_then(
    mailing: Installation, postbox: Postbox, shop: Shop, point: str, tickets: int
) -> None:
    lives(mailing, f"cast:{shop.port}:{WITHOUT_A_GAP}", "dead_shop")
    shop.dies()
    dies(mailing, point)
    assert facts(mailing, "dead_shop")["tickets"] == tickets
    lives(mailing, "hush", "dead_shop")
    dies(mailing.ahead(AHEAD), "in the middle of a delivery")
    with started_again(mailing.ahead(2 * AHEAD)) as again:
        seen(lambda: facts(mailing, "dead_shop")["held"], within_s=60)
        settled(again, 1)  # the end of the silence
    hushed = facts(mailing, "dead_shop")
    one_ticket(hushed)
    assert (hushed["told"], hushed["held"]) == ([], [[HUSH, None]])
    assert not postbox.times()

    after = 60 + 2 * AHEAD
    dies(mailing.ahead(after), "in the middle of a delivery")
    with started_again(mailing.ahead(after + AHEAD)) as again:
        postbox.await_letters(len(DUTY))
        settled(again, 0)
    found = facts(mailing, "dead_shop")
    one_ticket(found)
    assert (found["told"], found["held"]) == (DUTY, [[HUSH, "told"]])
    once_or_marked(postbox, len(DUTY))


@pytest.mark.parametrize("both", [pytest.param(False, id="the watch"), pytest.param(True, id="both")])
def test_who_dies_between_result_and_transition_loses_no_outage_and_declares_the_gap(
    mailing: Installation, postbox: Postbox, shop: Shop, both: bool
) -> None:
    lives(mailing, f"cast:{shop.port}:1", "dead_shop")
    running = Up(mailing)
    try:
        seen(lambda: running.measure('checks{level="ok"}') == 1, within_s=60)
        shop.dies()
        shop.await_asked(1)  # three make it sure
        watch = running.watch_pid()
        if both:
            running.process.kill()
        os.kill(watch, signal.SIGKILL)
        killed_at = clock.now()
        if both:
            running.ended()
            seen(lambda: clock.now() - killed_at > LAPSE, within_s=60)
            running = Up(mailing)
        postbox.await_letters(len(DUTY))
        settled(running, 0)
        assert running.stop() == 0
    finally:
        running.process.kill()
        running.ended()
    found = facts(mailing, "dead_shop")
    one_ticket(found)
    # A watch that is started again on a busy machine may take longer than a gap that is declared, too.
    assert [one for one in found["transitions"][:3] if one != "stale"] == ["ok", "critical"]
    assert not both or found["transitions"][1] == "stale"
    assert found["told"] == DUTY
    once_or_marked(postbox, len(DUTY))
