"""That we see nothing ourselves stands on the first page, in the words of who reads it, and goes when we see again."""

import socket
from contextlib import closing

import pytest

from astreinte.doors.cli import up
from astreinte.engine.bus.ports import Assignment, Result
from astreinte.loops import hub as hubs
from astreinte.records.accounts import people
from astreinte.rules.checks.outcome import Level
from tests.builders import BEGINNING, acting
from tests.doors.browsing import Reading

EXHAUSTED = "port 80: cannot connect: Too many open files"
FRENCH = (
    "Nous ne voyons plus rien depuis lundi 23 novembre 2026 à 11:30 :"
    " il n'y a plus de descripteurs de fichiers sur cette machine."
)
ENGLISH = (
    "We have seen nothing since Monday 23 November 2026 at 11:30: this machine has no file descriptors left."
)


@pytest.fixture
def sight(cast, monkeypatch):
    """What the hub of this process sees; the hub is not started, its pages are those of the test."""
    with closing(socket.socket()) as listener:
        hub = up.hub_of(listener)
        monkeypatch.setattr(hubs, "_running", hub)
        hub.recorder.sight.expect([Assignment(str(place), "tcp", "host", every_s=15) for place in range(4)])
        yield hub.recorder.sight


def came(sight, at, level, text=""):
    sight.note([Result(str(place), int(at.timestamp()), at, level, text) for place in range(4)])
    sight.look(at)


def test_the_first_page_says_it_in_french_and_again_nothing_once_we_see(sight, hand, at_hugos):
    assert "Nous ne voyons plus rien" not in at_hugos.get("/desk/").text
    came(sight, hand.instant, Level.INCONCLUSIVE, EXHAUSTED)
    page = at_hugos.get("/desk/")
    assert FRENCH in page.text
    assert 'role="status"' in page.html, "it is read out"
    hand.advance(minutes=2)
    assert FRENCH in at_hugos.get("/desk/").text, "since when it began, not since now"
    came(sight, hand.instant, Level.OK)
    assert "Nous ne voyons plus rien" not in at_hugos.get("/desk/").text


def test_an_english_reader_reads_it_in_english(cast, sight, hand):
    people.change(
        cast.house.hugo, language="en-gb", at=hand.instant, actor=acting(cast.house.hugo, BEGINNING)
    )
    cast.house.hugo.refresh_from_db()
    came(sight, hand.instant, Level.INCONCLUSIVE, EXHAUSTED)
    page = Reading(cast.house.hugo).get("/desk/").text
    assert ENGLISH in page
    assert "Nous ne voyons" not in page


def test_a_client_is_told_nothing_of_our_own_trouble(sight, hand, at_alices):
    came(sight, hand.instant, Level.INCONCLUSIVE, EXHAUSTED)
    assert "descripteurs" not in at_alices.get("/").text
