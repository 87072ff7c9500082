"""The sender: outbox to mail server, outside any transaction; what goes wrong is seen and survived."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from astreinte.loops import send
from astreinte.loops.clock import Hand
from astreinte.project import places
from astreinte.records.journal import waking
from astreinte.records.notices import carriers, sending
from astreinte.records.notices.carriers import Answer, Kind
from astreinte.records.notices.letters import Letter
from astreinte.records.notices.models import Notice, Sending
from tests.records.notices.cast import Cast, a_notice, play, state, states
from tests.records.notices.mailserver import DROP, MailServer, named_by, nobody_listens


class Recording:
    """A carrier that looks at where it is called from."""

    def __init__(self, *outcomes: Answer | Exception) -> None:
        self.outcomes = list(outcomes)
        self.letters: list[Letter] = []
        self.in_transaction: list[bool] = []
        self.closed = 0

    def open(self) -> None:
        self.in_transaction.append(connection.in_atomic_block)

    def hand_over(self, letter: Letter) -> Answer:
        self.in_transaction.append(connection.in_atomic_block)
        self.letters.append(letter)
        outcome = self.outcomes.pop(0) if self.outcomes else Answer(Kind.HANDED_OVER, "taken")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def stage(transactional_db: None, hand: Hand) -> Cast:
    """The cast, without a transaction around the test."""
    return play()


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A real SMTP server, the one that the settings name."""
    with named_by(settings) as server:
        yield server


def send_all(hand: Hand, **more) -> int:
    """Send until nothing is due."""
    total = 0
    while done := send.send_due(hand.instant, **more):
        total += done
    return total


def told(cast: Cast, hand: Hand, number: int = 1, **more) -> list[Notice]:
    return [a_notice(cast, fact=f"x{turn}", at=hand.instant, **more) for turn in range(number)]


def test_what_stands_in_the_outbox_is_sent_once(stage: Cast, hand: Hand, mail_server: MailServer) -> None:
    notices = told(stage, hand, 45)
    assert send_all(hand) == 45
    assert send.send_due(hand.instant) == 0
    hand.advance(days=1)
    assert send.send_due(hand.instant) == 0
    assert len(mail_server.received) == 45
    assert {state(notice) for notice in notices} == {"handed_over"}


def test_the_network_is_touched_in_no_transaction(stage: Cast, hand: Hand) -> None:
    told(stage, hand, 2)
    carrier = Recording()
    assert send.send_due(hand.instant, carrier=carrier) == 2
    assert carrier.in_transaction == [False] * 4
    assert carrier.closed == 1


def test_with_nothing_due_no_carrier_is_opened(stage: Cast, hand: Hand) -> None:
    carrier = Recording()
    assert send.send_due(hand.instant, carrier=carrier) == 0
    assert carrier.in_transaction == []


def test_one_address_that_is_refused_stops_no_other(stage: Cast, hand: Hand, mail_server: MailServer) -> None:
    bad = a_notice(stage, stage.bob, fact="bad", at=hand.instant)
    (good,) = told(stage, hand)
    mail_server.at_rcpt = {stage.bob.email: "550 5.1.1 unknown"}
    send_all(hand)
    assert (state(bad), state(good)) == ("failed", "handed_over")


def test_one_letter_that_cannot_be_written_stops_no_other(
    stage: Cast, hand: Hand, mail_server: MailServer
) -> None:
    stage.bob.email = "bob@kermor.example\nBcc: charlie@brume.example"
    bad = a_notice(stage, stage.bob, fact="bad", at=hand.instant)
    (good,) = told(stage, hand)
    send_all(hand)
    assert (state(bad), state(good)) == ("failed", "handed_over")
    last = bad.steps.order_by("-id")[0]
    assert last.detail.startswith("this letter cannot be written: ")
    assert Sending.objects.get(notice=bad).attempts == 1


def test_a_carrier_that_breaks_in_our_own_code_leaves_a_doubt_and_stops_no_other(
    stage: Cast, hand: Hand
) -> None:
    first, second = told(stage, hand, 2)
    send.send_due(hand.instant, carrier=Recording(RuntimeError("a fault of ours")))
    assert (state(first), state(second)) == ("unknown", "handed_over")
    assert first.steps.get(state="unknown").detail.startswith("RuntimeError: a fault of ours; ")


def test_a_line_cut_after_the_text_is_sent_again_and_marked(
    stage: Cast, hand: Hand, mail_server: MailServer
) -> None:
    first, second = told(stage, hand, 2)
    mail_server.faults = [DROP]
    assert send.send_due(hand.instant) == 2
    assert (state(first), state(second)) == ("unknown", "handed_over")
    hand.advance(minutes=1)
    send_all(hand)
    assert states(first) == ["queued", "unknown", "handed_over"]
    assert len(mail_server.received) == 3
    doubles = [letter for letter in mail_server.received if first.public_id in str(letter["Message-ID"])]
    assert ["peut-être déjà reçu" in str(letter["Subject"]) for letter in doubles] == [False, True]
    assert f"n°\u00a0{first.number} ".replace("\u00a0", " ") in str(doubles[1]["Subject"]).replace(
        "\u00a0", " "
    )


def test_a_mail_server_down_for_an_hour_loses_nothing_and_doubles_nothing(
    stage: Cast, hand: Hand, settings, mail_server: MailServer
) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, nobody_listens()
    notices = told(stage, hand, 3)
    for _ in range(60):
        send_all(hand)
        hand.advance(minutes=1)
    assert {state(notice) for notice in notices} == {"queued"}
    detail = notices[0].steps.order_by("-id")[0].detail
    assert "refused; sent again from 2026-11-23T1" in detail
    settings.EMAIL_PORT = there
    hand.advance(minutes=15)
    send_all(hand)
    assert sorted(mail_server.recipients) == [stage.alice.email] * 3
    assert not any("peut-être" in subject for subject in mail_server.subjects)


def test_a_server_that_cannot_be_reached_is_tried_once_for_all_that_wait(stage: Cast, hand: Hand) -> None:
    class Gone(Recording):
        def open(self) -> None:
            super().open()
            raise carriers.Unreachable("127.0.0.1:25: connection refused")

    notices = told(stage, hand, 3)
    carrier = Gone()
    assert send.send_due(hand.instant, carrier=carrier) == 3
    assert len(carrier.in_transaction) == 1
    assert [row.attempts for row in Sending.objects.order_by("id")] == [1, 1, 1]
    assert {state(notice) for notice in notices} == {"queued"}


def test_what_was_taken_and_not_begun_is_given_back_when_the_database_fails(
    stage: Cast, hand: Hand, monkeypatch
) -> None:
    told(stage, hand, 3)

    def broken(*_args: object) -> bool:
        raise OSError("disk full")

    with monkeypatch.context() as broken_for_a_moment:
        broken_for_a_moment.setattr(sending, "settle", broken)
        with pytest.raises(OSError, match="disk full"):
            send.send_due(hand.instant, carrier=Recording())
    assert send.send_due(hand.instant, carrier=Recording()) == 2
    hand.advance(send.LEASE)
    again = Recording()
    assert send.send_due(hand.instant, carrier=again) == 1
    assert "peut-être déjà reçu" in str(again.letters[0].message.subject)


def test_who_is_told_to_stop_finishes_the_letter_in_hand_and_gives_the_others_back(
    stage: Cast, hand: Hand, mail_server: MailServer
) -> None:
    told(stage, hand, 3)
    stopping = threading.Event()
    mail_server.on_text = stopping.set
    assert send.send_due(hand.instant, stopping=stopping) == 1
    assert len(mail_server.received) == 1
    mail_server.on_text = None
    assert send.send_due(hand.instant) == 2
    assert not any("peut-être" in subject for subject in mail_server.subjects)


def test_two_senders_at_once_send_each_notice_once(stage: Cast, hand: Hand, mail_server: MailServer) -> None:
    told(stage, hand, 30)
    both = threading.Barrier(2)

    def work() -> None:
        both.wait()
        try:
            send_all(hand)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail_server.received) == 30
    assert len({str(letter["Message-ID"]) for letter in mail_server.received}) == 30


def test_the_loop_sends_what_is_queued_while_it_runs_and_stops_when_told(
    stage: Cast, hand: Hand, mail_server: MailServer
) -> None:
    stopping, arrived = threading.Event(), threading.Event()
    mail_server.on_text = arrived.set
    loop = threading.Thread(target=send.run, args=(stopping,))
    loop.start()
    try:
        told(stage, hand)
        assert arrived.wait(20)
    finally:
        stopping.set()
        waking.ring()
        loop.join(20)
    assert not loop.is_alive()
    assert Sending.objects.exclude(settled_at=None).count() == 1


def test_the_loop_survives_a_turn_that_fails(stage: Cast, hand: Hand, monkeypatch) -> None:
    stopping = threading.Event()
    turns = []

    def turn(_now: object, **_more: object) -> int:
        turns.append(1)
        if len(turns) == 1:
            raise OSError("the database is away")
        stopping.set()
        return 1

    monkeypatch.setattr(send, "send_due", turn)
    monkeypatch.setattr(send, "PAUSE_S", 0.01)
    send.run(stopping)
    assert len(turns) == 2


def test_a_lease_is_longer_than_the_slowest_server_may_take() -> None:
    """Connecting, greeting, MAIL, RCPT, DATA, text, answer: each may take the whole time limit."""
    limit = places.mail_settings(places.Places(data=Path(), smtp="smtp://mail.example"))["EMAIL_TIMEOUT"]
    assert timedelta(seconds=8 * limit) < send.LEASE
