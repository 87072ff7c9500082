"""`astreinte notice`: what was said to whom, how far it came, and sending it again."""

import json
from datetime import timedelta

import pytest

from astreinte.doors.cli import run
from astreinte.loops.clock import Hand
from astreinte.records.notices import sending
from astreinte.records.notices.carriers import Answer, Kind
from astreinte.records.notices.models import Notice
from tests.records.notices.cast import AT, Cast, a_notice, play, state

LEASE = timedelta(minutes=5)


@pytest.fixture
def stage(db: None, hand: Hand) -> Cast:
    """The cast of these stories; the clock stands still."""
    hand.move_to(AT)
    return play()


def settled(cast: Cast, hand: Hand, kind: Kind, **more) -> Notice:
    notice = a_notice(cast, at=hand.instant, **more)
    (one,) = sending.claim(hand.instant, LEASE)
    sending.begin(one, hand.instant, LEASE)
    sending.settle(one, Answer(kind, "the server's words"), hand.instant)
    return notice


def test_the_list_is_one_json_array_the_newest_first(stage: Cast, hand: Hand, capsys) -> None:
    sent = settled(stage, hand, Kind.HANDED_OVER)
    waiting = a_notice(stage, stage.bob, fact="b", at=hand.instant, subject="Second")
    assert run(["notice", "list", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first == {
        "number": waiting.number,
        "id": waiting.public_id,
        "channel": "email",
        "to": stage.bob.email,
        "subject": "Second",
        "queued_at": "2026-11-23T10:30:00+00:00",
        "state": "queued",
        "state_at": "2026-11-23T10:30:00+00:00",
        "possible_duplicate": False,
        "attempts": 0,
        "next_at": "2026-11-23T10:30:00+00:00",
    }
    assert (second["number"], second["state"], second["next_at"]) == (sent.number, "handed_over", None)


def test_the_list_narrows_by_state_and_address(stage: Cast, hand: Hand, capsys) -> None:
    settled(stage, hand, Kind.REFUSED)
    a_notice(stage, stage.bob, fact="b", at=hand.instant)
    for words, numbers in (
        (["--state", "failed"], [1]),
        (["--to", stage.bob.email.upper()], [2]),
        (["--limit", "1"], [2]),
        (["--state", "delivered"], []),
    ):
        assert run(["notice", "list", "--json", *words]) == 0
        assert [line["number"] for line in json.loads(capsys.readouterr().out)] == numbers


def test_without_json_there_are_columns_and_the_good_news_on_stderr(stage: Cast, hand: Hand, capsys) -> None:
    assert run(["notice", "list"]) == 0
    empty = capsys.readouterr()
    assert (empty.out, empty.err) == ("", "no notice\n")
    a_notice(stage, at=hand.instant)
    assert run(["notice", "list"]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["number", "state"]
    assert line.split()[:3] == ["1", "queued", "no"]


def test_one_notice_shows_its_text_and_each_step(stage: Cast, hand: Hand, capsys) -> None:
    notice = settled(stage, hand, Kind.IN_DOUBT)
    assert run(["notice", "show", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["body"] == notice.body
    assert [(step["state"], step["attempt"]) for step in told["steps"]] == [("queued", 0), ("unknown", 1)]
    assert run(["notice", "show", "1"]) == 0
    out = capsys.readouterr().out
    assert "the server's words; sent again from 2026-11-23T10:30:30Z" in out
    assert out.endswith(notice.body)


def test_a_failed_notice_is_sent_again_and_a_good_one_is_not(stage: Cast, hand: Hand, capsys) -> None:
    notice = settled(stage, hand, Kind.REFUSED)
    assert run(["notice", "retry", "1", "--as", stage.hugo.email]) == 0
    assert capsys.readouterr().err == "notice 1: queued again\n"
    assert state(notice) == "queued"
    assert run(["notice", "retry", "1"]) == 1
    assert capsys.readouterr().err == "notice 1: not sent again, it is queued\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "7"], "error: notice 7: none of this number; `astreinte notice list` shows them\n"),
        (["retry", "7"], "error: notice 7: none of this number; `astreinte notice list` shows them\n"),
        (["list", "--state", "sent"], "write one of queued, handed_over, delivered, failed, unknown"),
        (["list", "--limit", "0"], "--limit"),
    ],
)
def test_wrong_use_is_named_and_exits_2(stage: Cast, capsys, words: list[str], message: str) -> None:
    assert run(["notice", *words]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_a_client_reads_no_list_and_another_providers_staff_sees_nothing(
    stage: Cast, hand: Hand, capsys
) -> None:
    others = play(name="Autre", host="autre.example")
    a_notice(stage, at=hand.instant)
    assert run(["notice", "list", "--as", stage.alice.email]) == 2
    assert "notices.read" in capsys.readouterr().err
    assert run(["notice", "list", "--json", "--as", others.hugo.email]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["notice", "show", "1", "--as", others.hugo.email]) == 2
