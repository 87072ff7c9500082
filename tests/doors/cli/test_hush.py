"""`hush` and `agenda` at a terminal: who is not told, why, until when; and what they refuse."""

from datetime import timedelta

import pytest

from astreinte.records.accounts import people
from tests.builders import BEGINNING, acting, paris, time_passes
from tests.records.monitoring.watching import CRITICAL, a_check, recorded

pytestmark = pytest.mark.django_db

HALF_PAST = paris("2026-11-23T11:30")


@pytest.fixture
def shop(cast, hand):
    return a_check(cast.web1, at=hand.instant - timedelta(minutes=5))


def ended(terminal, *words):
    return terminal.type(*words, as_="hugo@estran.example")


def said(terminal, *words):
    return terminal.json(*words, as_="hugo@estran.example")


def test_a_silence_is_said_listed_shown_with_what_it_held_back_and_ended(cast, hand, terminal, shop):
    row = said(terminal, "hush", "add", "web1.kermor.example", "--reason", "Migration", "--for", "2h")
    assert (row["number"], row["check"], row["author"], row["stands"]) == (
        1,
        None,
        "Hugo Lemaire",
        "in force",
    )
    assert row["until"] == (HALF_PAST + timedelta(hours=2)).isoformat()
    recorded(shop, [CRITICAL] * 3, start=hand.instant)
    time_passes()
    (held,) = said(terminal, "hush", "show", "1")["held_back"]
    assert (held["client"], held["by"], held["outcome"]) == ("Maison Kermor", "silence 1", None)
    assert said(terminal, "incident", "show", "1")["held_back"] == [held]
    hand.advance(minutes=1)
    assert said(terminal, "hush", "end", "1", "--dry-run")["stands"] == "over"
    assert [one["number"] for one in said(terminal, "hush", "list")] == [1]
    assert said(terminal, "hush", "end", "1")["stands"] == "over"
    time_passes()
    assert said(terminal, "hush", "show", "1")["held_back"][0]["outcome"] == "told"
    assert said(terminal, "hush", "list") == []
    assert [one["reason"] for one in said(terminal, "hush", "list", "web1.kermor.example", "--all")] == [
        "Migration"
    ]


def test_a_silence_of_one_check_says_so(cast, terminal, shop):
    done = ended(
        terminal,
        *("hush", "add", "web1.kermor.example", "shop", "--reason", "Bruit"),
        *("--until", "2026-11-23T12:00:00+01:00"),
    )
    assert done.code == 0
    assert done.err.startswith("nobody is told of web1.kermor.example: shop until 2026-11-23 12:00:00+01:00;")


def test_work_is_announced_listed_called_off_and_ended(cast, hand, terminal, shop):
    words = ("agenda", "add", "web1.kermor.example", "--title", "Disque", "--check", "shop")
    night = ("--from", "2026-11-23T22:00:00+01:00")
    assert said(terminal, *words, *night, "--for", "2h", "--dry-run")["stands"] == "to come"
    assert said(terminal, "agenda", "list") == []
    row = said(terminal, *words, *night, "--for", "2h")
    assert (row["client"], row["covers"], row["stands"]) == (
        "Maison Kermor",
        ["web1.kermor.example: shop"],
        "to come",
    )
    assert said(terminal, "agenda", "end", str(row["number"]))["stands"] == "called off"
    second = said(terminal, *words, *night, "--until", "2026-11-23T23:00:00+01:00")["number"]
    hand.move_to(paris("2026-11-23T22:10"))
    (one,) = said(terminal, "agenda", "list", "--client", "Maison Kermor")
    assert (one["number"], one["stands"]) == (second, "under way")
    assert said(terminal, "agenda", "end", str(second))["stands"] == "over"
    assert said(terminal, "agenda", "list") == []
    assert len(said(terminal, "agenda", "list", "--all")) == 2
    assert said(terminal, "agenda", "show", str(second))["held_back"] == []


def test_the_client_reads_its_windows_at_a_terminal_and_nobody_elses(cast, terminal):
    words = ("agenda", "add", "web1.kermor.example", "--title", "Disque", "--for", "1h")
    said(terminal, *words, "--from", "2026-11-23T22:00:00+01:00")
    assert len(terminal.json("agenda", "list", as_=cast.alice.email)) == 1
    assert terminal.json("agenda", "list", as_=cast.charlie.email) == []
    assert terminal.type("agenda", "end", "1", as_=cast.alice.email).code != 0


@pytest.mark.parametrize(
    ("zone", "until"),
    [("Europe/Paris", "2026-11-23 13:30:00+01:00"), ("America/Guadeloupe", "2026-11-23 08:30:00-04:00")],
)
def test_a_list_shows_instants_in_the_zone_of_who_reads_with_its_offset(cast, hand, terminal, zone, until):
    hugo = cast.house.hugo
    people.change(hugo, zone=zone, at=hand.instant, actor=acting(hugo, BEGINNING))
    ended(terminal, "hush", "add", "web1.kermor.example", "--reason", "Migration", "--for", "2h")
    assert until in ended(terminal, "hush", "list").out
    assert said(terminal, "hush", "list")[0]["until"] == "2026-11-23T12:30:00+00:00", "machines read UTC"
