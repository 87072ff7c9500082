"""The deliverer: woken by a commit here or elsewhere, by its timers, and not stopped by what fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from astreinte.loops import clock, deliver
from astreinte.records.journal import claiming, waking, writing
from astreinte.records.journal.models import Delivery
from astreinte.records.journal.reactions import timed
from tests.records.journal.stories import AT, change_case, installed, open_case
from tests.records.sample.facts import CaseChanged, CaseOpened, ClockStarted
from tests.records.sample.models import Case, Effect

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 30


class Told:
    """A reaction that counts, and says when it has run so many times."""

    __module__ = "tests.loops.told"
    __name__ = "told"

    def __init__(self) -> None:
        self.seen: list[tuple[str, object]] = []
        self.changed = threading.Condition()

    def __call__(self, event: CaseOpened, at: object = None) -> None:
        with self.changed:
            self.seen.append((event.__class__.__name__, at))
            self.changed.notify_all()

    def times(self, count: int, within_s: float = PATIENCE_S) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.seen) >= count, within_s)


@contextmanager
def running(work: Callable[[threading.Event], None] = deliver.run) -> Iterator[threading.Event]:
    stopping = threading.Event()
    thread = threading.Thread(target=work, args=(stopping,))
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        waking.ring()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_what_is_written_while_it_runs_is_delivered():
    told = Told()
    with installed(later={CaseOpened: (told,)}), running():
        for count in range(1, 4):
            open_case()
            assert told.times(count)


def test_what_was_written_before_it_ran_is_delivered():
    told = Told()
    with installed(later={CaseOpened: (told,)}):
        open_case()
        with running():
            assert told.times(1)


class Bell(threading.Event):
    """What the deliverer waits for; says when it has begun to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_for = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waited_for.set()
        return super().wait(timeout)


def test_a_commit_in_another_process_wakes_it(monkeypatch):
    """On PostgreSQL NOTIFY alone does, however long it would sleep; on SQLite it looks by itself."""
    told, bell = Told(), Bell()
    notified = connection.vendor == "postgresql"
    monkeypatch.setattr(deliver, "PAUSE_S", 3_600 if notified else deliver.PAUSE_S)
    waking._listening.add(bell)
    monkeypatch.setattr(waking, "listen", lambda: bell)
    with installed(later={CaseOpened: (told,)}), running():
        assert bell.waited_for.wait(PATIENCE_S)
        monkeypatch.setattr(waking, "wake", lambda: None)  # the other process has other bells
        open_case()
        for _ in range(PATIENCE_S):
            if notified:
                with connection.cursor() as cursor:
                    cursor.execute(f"NOTIFY {waking.CHANNEL}")
            if told.times(1, within_s=1):
                break
        assert told.times(1, within_s=0)


def test_a_process_that_does_not_deliver_notifies_the_one_that_does():
    if connection.vendor != "postgresql":
        waking.wake()  # nobody to tell: the other process looks by itself
        return
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    import psycopg

    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute(f"LISTEN {waking.CHANNEL}")
        with installed(later={CaseOpened: (Told(),)}):
            open_case()
        heard = list(listening.notifies(timeout=PATIENCE_S, stop_after=1))
    assert [notice.channel for notice in heard] == [waking.CHANNEL]


def test_a_timer_runs_once_its_instant_has_come():
    told = Told()
    with (
        installed(later={ClockStarted: (timed(told, "deadline_at"),), CaseOpened: (told,)}),
        clock.moved_to(AT) as hand,
        running(),
    ):
        with transaction.atomic():
            event = ClockStarted(at=AT, provider_id=1, case_id=12, deadline_at=AT + timedelta(hours=2))
            writing.append(event, actor="system:sample")
        open_case()
        assert told.times(1)
        assert [name for name, _ in told.seen] == ["CaseOpened"]
        due = hand.advance(hours=2)
        waking.ring()
        assert told.times(2)
        assert told.seen[1] == ("ClockStarted", due)


def test_a_reaction_that_fails_holds_up_only_its_subject():
    told = Told()

    def fail(event, at):
        raise ValueError("no calendar")

    with installed(later={CaseOpened: (fail, told)}), running():
        open_case()
        open_case()
        assert told.times(2)
    assert Delivery.objects.unsettled().count() == 2


def test_what_a_reaction_causes_is_delivered_too():
    told = Told()

    def change(event, at):
        change_case(Case.objects.get(pk=event.case_id), cents=0)

    with installed(later={CaseOpened: (change,), CaseChanged: (told,)}):
        open_case()
        assert deliver.deliver_due() == 2
    assert told.seen[0][0] == "CaseChanged"


def test_a_turn_that_fails_is_tried_again(monkeypatch):
    told = Told()
    claim, failed = claiming.claim, threading.Event()

    def lose_the_database(at, lease):
        if failed.is_set():
            return claim(at, lease)
        failed.set()
        raise ConnectionError("the database went away")

    monkeypatch.setattr(claiming, "claim", lose_the_database)
    with installed(later={CaseOpened: (told,)}):
        open_case()
        with running():
            assert told.times(1)
    assert failed.is_set()


def test_it_ends_when_it_is_told_to():
    with running() as stopping:
        stopping.set()
    assert Effect.objects.count() == 0
