"""`kill -9` at the worst moments of the real `astreinte up`, and a start: all is there, once.

What counts is what was received by the one who was told: a real SMTP server on loopback.
"""

from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlsplit

import pytest

from astreinte.loops import clock
from tests.doors.cli.running import seen
from tests.harness.installing import Installation
from tests.journeys.killing import (
    AHEAD,
    WAITING,
    Postbox,
    dies,
    dying,
    facts,
    lives,
    once_or_marked,
    started_again,
)
from tests.journeys.late_call import PASSWORD
from tests.journeys.visitor import Fields, Visitor

pytestmark = pytest.mark.real

DECLARE = "/declare/"


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
