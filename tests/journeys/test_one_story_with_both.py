"""A real nginx dies under the eyes of a real watch, and the real hub brings it to the cent: nobody else moves a hand.

Only the clock is moved: from the declaration over the deadline. Letters come to a real SMTP server.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test.html import Element

from astreinte.loops import clock
from tests.builders import paris
from tests.doors.cli.running import Up, seen, up
from tests.harness.installing import Installation
from tests.harness.nginx import Nginx
from tests.journeys.killing import Postbox
from tests.journeys.shown import Page, amounts, parts, readable
from tests.journeys.visitor import Form, Visitor
from tests.journeys.watched_shop import PASSWORD
from tests.records.notices.mailserver import running as mail_server

pytestmark = [pytest.mark.real, pytest.mark.long]

ROOT = Path(__file__).parents[2]
HAND = ROOT / "tests/harness/hand.py"
TWO_O_CLOCK = paris("2026-11-23 14:00")
LATE = timedelta(minutes=65)
WELL = 'checks{level="ok"}'
PORTAL, DESK = "/tickets/1/", "/desk/tickets/1/"
SUBJECT = "web1.kermor.example: shop"
STORY = (
    *("Vu par nos sondes", "Confirmé par nos sondes", "Reçu : l’horloge démarre", "La promesse est manquée"),
    *("Hugo Lemaire commence l’intervention", "Nos sondes revoient le service", "Fin de l’intervention"),
)


class Hand:
    """The clock of the installation, which runs, and is moved ahead."""

    def __init__(self, file: Path, start: datetime) -> None:
        self._file = file
        self._ahead = start - clock.now()
        self.advance(timedelta(0))

    def now(self) -> datetime:
        """Return what time it is there."""
        return clock.now() + self._ahead

    def advance(self, length: timedelta) -> None:
        """Move it on."""
        self._ahead += length
        written = self._file.with_suffix(".new")
        written.write_text(str(self._ahead.total_seconds()), encoding="ascii")
        written.replace(self._file)


class Opened(Page):
    """A page that a browser of its own was answered with."""

    def __init__(self, root: Element) -> None:
        self.status, self.root = 200, root


class Person:
    """Somebody who signed in over HTTP, with a browser without JavaScript."""

    def __init__(self, running: Up, email: str) -> None:
        self.browser = Visitor()
        self.browser.address = running.address
        form = self.browser.form("/", "password")
        self.browser.sends(form.target, form.filled(login=email, password=PASSWORD))

    def reads(self, path: str) -> Opened:
        """Return a page."""
        return Opened(self.browser.opens(path))

    def does(self, path: str, act: str, **typed: str) -> None:
        """Fill in the form of a page that leads to `act`, and send it."""
        page = self.browser.opens(path)
        forms = [Form(one, self.browser.page) for one in parts(page) if one.name == "form"]
        form = next(one for one in forms if urlsplit(one.target).path.endswith(act))
        self.browser.sends(form.target, form.filled(**typed))


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as server:
        yield Postbox(server)


def subjects(postbox: Postbox, to: str) -> list[str]:
    """What somebody was sent, in the order in which it came."""
    letters = [one for one in postbox.server.received if to in str(one["To"])]
    return [readable(str(one["Subject"])) for one in letters]


def moved_by(hand: Path, installation: Installation, postbox: Postbox) -> Installation:
    """The installation, whose every process goes by the hand, and which sends its letters to the postbox."""
    told = installation.told(ASTREINTE_SMTP=f"smtp://127.0.0.1:{postbox.server.port}", PYTHONPATH=str(ROOT))
    return replace(told, command=(sys.executable, "-P", str(HAND), str(hand)))


def ran(installation: Installation, *words: str) -> None:
    """Run a module to its end; it must go well."""
    done = installation.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_dead_nginx_is_seen_told_declared_missed_mended_and_owed_to_the_cent(
    installation: Installation, tmp_path: Path, postbox: Postbox
) -> None:
    hand = Hand(tmp_path / "hand", TWO_O_CLOCK)
    ours = moved_by(tmp_path / "hand", installation, postbox)
    with closing(Nginx(tmp_path)) as web:
        web.start()
        ran(ours, "tests.journeys.watched_shop", web.address, str(web.port))
        with up(ours) as running:
            seen(lambda: running.measure(WELL) == 1, within_s=60)
            web.kill()
            postbox.await_letters(2)  # Ada and Hugo are on duty; nobody declared anything yet
            assert subjects(postbox, "hugo@") == [f"Ticket n° 1 · Maison Kermor : {SUBJECT}"]
            alice, hugo = Person(running, "alice@kermor.example"), Person(running, "hugo@estran.example")
            for page in (alice.reads(PORTAL), hugo.reads(DESK)):
                assert re.search(r"De la détection au ticket : \d{1,2} s ", page.says("times")), page.text
                assert page.part("sum") is None
            assert "Aucun délai garanti ne court" in alice.reads(PORTAL).text
            assert "Aucune horloge contractuelle ne court" in hugo.reads(DESK).text

            words = {"which": "1", "blocked": "yes", "essential": "yes", "text": "Tout est mort."}
            alice.does("/declare/?which=1", "/declare/", **words)
            postbox.await_letters(5)
            assert subjects(postbox, "alice@") == [f"Ticket n° 1 reçu : {SUBJECT}"]
            assert subjects(postbox, "hugo@")[1:] == ["Déclaré : ticket n° 1 · Maison Kermor"]
            promised = alice.reads(PORTAL)
            assert "dans l’interface web le lundi 23 novembre 2026 à 14:0" in str(promised.why("why"))
            assert "Reste pour intervenir" in promised.says("left")

            hand.advance(timedelta(hours=2))
            postbox.await_letters(7)
            assert subjects(postbox, "sofia@") == ["Échéance dépassée : ticket n° 1 · Maison Kermor"]
            hand.advance(LATE)
            hugo.does(DESK, "/start/")
            web.start()
            seen(lambda: running.measure(WELL) == 1, within_s=60)
            hugo.does(DESK, "/end/", **{"end-text": "nginx relancé."})
            for page in (alice.reads(PORTAL), hugo.reads(DESK)):
                assert amounts(page) == ["35,71 €"]
                assert "5 × 500,00 € ÷ 140 h × 2 h = 35,71 €" in str(page.why("sum"))
                assert "Non garanti par l’article 5" in page.says("left")
                told = " / ".join(page.steps())
                for step in STORY:
                    assert step in told
                    told = told[told.index(step) :]

            hand.advance(timedelta(minutes=31))
            postbox.await_letters(
                11
            )  # what Hugo wrote to Alice, and the recovery to whoever knew of the trouble
            for who in ("alice@", "ada@", "hugo@"):
                assert subjects(postbox, who)[-1] == f"Rétabli : ticket n° 1 · {SUBJECT}"
        ran(ours, "astreinte.doors.cli", "journal", "verify")
