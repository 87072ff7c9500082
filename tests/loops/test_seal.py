"""The sealer: each entry gets its place soon after its commit, and at the latest at the end."""

import threading
from datetime import timedelta

import pytest

from astreinte.loops import clock, seal
from astreinte.records.journal import sealing, verifying
from astreinte.records.journal.models import Entry, Seal
from tests.records.journal.stories import AT, open_case, seal_all

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 30


def sealed_in(work, monkeypatch) -> None:
    """Run the sealer beside `work`, until what that wrote is sealed."""
    stopping, done = threading.Event(), threading.Event()
    turn = seal._turn

    def watched() -> None:
        turn()
        if Entry.objects.exists() and not Entry.objects.filter(seal__isnull=True).exists():
            done.set()

    monkeypatch.setattr(seal, "_turn", watched)
    thread = threading.Thread(target=seal.run, args=(stopping,))
    thread.start()
    try:
        work()
        assert done.wait(PATIENCE_S)
    finally:
        stopping.set()
        thread.join(PATIENCE_S)


def test_what_is_written_is_sealed(monkeypatch):
    sealed_in(lambda: [open_case() for _ in range(3)], monkeypatch)
    assert Seal.objects.count() == 3
    assert verifying.verify() == []


def test_a_turn_that_fails_is_tried_again(monkeypatch):
    real, failed = sealing.seal, threading.Event()

    def lose_the_database(at):
        if failed.is_set():
            return real(at)
        failed.set()
        raise ConnectionError("the database went away")

    monkeypatch.setattr(sealing, "seal", lose_the_database)
    sealed_in(open_case, monkeypatch)
    assert failed.is_set()


def test_a_seal_says_when_it_was_set():
    with clock.moved_to(AT + timedelta(hours=1)):
        open_case()
        seal_all()
    assert Seal.objects.get().at == AT + timedelta(hours=1)


def test_an_entry_that_waits_too_long_is_an_alarm(monkeypatch, capsys):
    with clock.moved_to(AT):
        open_case()
    monkeypatch.setattr(sealing, "seal", lambda at: 0)
    with clock.moved_to(AT + timedelta(seconds=90)):
        seal._turn()
    told = capsys.readouterr()
    assert "entries wait for their seal" in told.out + told.err
