"""The one writer of results: a receipt after the commit, the lock waited for, one bad result alone."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, TypeVar

import pytest
from django.db import OperationalError, connection, connections

from astreinte.engine.bus.ports import Batch, Result
from astreinte.loops.record import ROWS, Recorder
from astreinte.records.monitoring.models import CheckState
from astreinte.records.monitoring.recording import Recorded
from tests import builders
from tests.records.monitoring.watching import NOON, OK, a_check, result

T = TypeVar("T")


class Book:
    """Stands for the room: remembers each transaction, and fails as it is told."""

    def __init__(self, fails: Iterable[Exception] = (), poison: str = "") -> None:
        self.transactions: list[list[str]] = []
        self.fails, self.poison = list(fails), poison

    def __call__(self, results: list[Result], **_: Any) -> Recorded:
        if self.fails:
            raise self.fails.pop(0)
        names = [one.check_id for one in results]
        if self.poison in names:
            raise ValueError("a result that cannot be")
        self.transactions.append(names)
        return Recorded(kept=len(names))


async def aside(question: Callable[[], T]) -> T:
    """Ask the database from a thread, and leave no connection behind: the test database is dropped at the end."""

    def asked() -> T:
        try:
            return question()
        finally:
            connections.close_all()

    return await asyncio.to_thread(asked)


def batch(*names: str, id_: str = "") -> Batch:
    return Batch(id_ or "-".join(names[:3]), tuple(Result(name, 1, NOON, OK, "") for name in names))


@pytest.fixture
async def recorder() -> AsyncIterator[Any]:
    began: list[Recorder] = []

    def begin(book: Any = None) -> Recorder:
        began.append(Recorder(book) if book else Recorder())
        began[-1].start()
        return began[-1]

    yield begin
    for one in began:
        await one.stop()
        assert not one.alive


@pytest.mark.django_db(transaction=True)
async def test_what_has_its_receipt_is_in_the_database(recorder) -> None:
    check = await aside(lambda: a_check(builders.a_server(builders.a_client(builders.a_house()))))
    await recorder().take(Batch("b", (result(check, OK, NOON),)))
    stored = await aside(lambda: CheckState.objects.get(pk=check.pk))
    assert stored.last_slot == int(NOON.timestamp())


@pytest.mark.django_db(transaction=True)
async def test_it_waits_for_the_lock_of_a_busy_database(recorder) -> None:
    check = await aside(lambda: a_check(builders.a_server(builders.a_client(builders.a_house()))))
    free, held = threading.Event(), threading.Event()

    def hold() -> None:
        other = connection.copy()
        try:
            other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with other.cursor() as cursor:
                cursor.execute("UPDATE monitoring_checkstate SET text = text")
                held.set()
                free.wait(20)
            other.rollback()
        finally:
            other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    await asyncio.to_thread(held.wait)
    taking = asyncio.ensure_future(recorder().take(Batch("b", (result(check, OK, NOON),))))
    done, _ = await asyncio.wait({taking}, timeout=0.3)
    assert not done
    free.set()
    await asyncio.wait_for(taking, 20)
    await asyncio.to_thread(holder.join)


@pytest.mark.django_db
async def test_a_database_that_refuses_is_asked_again_and_each_time_is_counted(recorder) -> None:
    book = Book(fails=[OperationalError("database is locked")] * 3)
    one = recorder(book)
    await one.take(batch("a"))
    assert book.transactions == [["a"]]
    assert one.counted.waits_for_lock == 3


@pytest.mark.django_db
async def test_one_result_that_cannot_be_recorded_holds_up_no_other(recorder) -> None:
    book = Book(poison="bad")
    one = recorder(book)
    await one.take(batch("a", "b", "bad", "c", "d"))
    assert sorted(name for names in book.transactions for name in names) == ["a", "b", "c", "d"]
    assert one.counted.unusable == 1


@pytest.mark.django_db
async def test_batches_share_a_transaction_of_bounded_size(recorder) -> None:
    book = Book()
    one = recorder(book)
    await one.take(batch("first"))
    await asyncio.gather(
        *(one.take(batch(*(f"{place} {name}" for name in range(100)))) for place in range(12))
    )
    sizes = [len(names) for names in book.transactions]
    assert sum(sizes) == 1201
    assert max(sizes) <= ROWS
    assert len(sizes) < 8


@pytest.mark.django_db
async def test_a_stop_gives_up_on_a_database_that_is_not_there_without_a_receipt(recorder) -> None:
    one = recorder(Book(fails=[OperationalError("no database")] * 10_000))
    taking = asyncio.ensure_future(one.take(batch("a")))
    await asyncio.sleep(0)
    await one.stop()
    with pytest.raises(OperationalError):
        await taking
