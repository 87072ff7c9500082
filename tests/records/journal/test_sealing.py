"""Every committed entry gets its dense place in its provider's chain, in whatever order commits come."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from astreinte.loops import clock
from astreinte.records.journal import canonical, publishing, sealing, verifying
from astreinte.records.journal.models import Entry, Publication, Seal
from astreinte.records.journal.publishing import Head
from tests.records.journal.stories import AT, in_thread, open_case, seal_all

pytestmark = pytest.mark.django_db(transaction=True)


def join(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.join()


def chain_of(provider_id: int) -> list[tuple[int, int]]:
    seals = Seal.objects.filter(provider_id=provider_id).order_by("seq")
    return [(seal.seq, seal.entry_id) for seal in seals]


def test_each_provider_has_a_dense_chain_of_its_own():
    entries = [open_case(provider_id=provider) for provider in (1, 2, 1, 0, 2)]
    seal_all()
    entries += [open_case(provider_id=1)]
    seal_all()
    assert chain_of(1) == [(1, entries[0].pk), (2, entries[2].pk), (3, entries[5].pk)]
    assert chain_of(2) == [(1, entries[1].pk), (2, entries[4].pk)]
    assert chain_of(0) == [(1, entries[3].pk)]
    assert verifying.verify() == []


def test_the_chain_is_worked_out_by_anybody():
    entry = open_case(provider_id=1)
    seal_all()
    start = canonical.digest("astreinte journal", "1")
    assert Seal.objects.get().chain == canonical.digest(start, "1", str(entry.pk), entry.digest)


def test_sealing_again_changes_nothing():
    open_case()
    seal_all()
    assert sealing.seal(AT) == 0
    assert Seal.objects.count() == 1


def test_more_than_a_turn_takes_is_sealed_over_several():
    for _ in range(7):
        open_case()
    sealed = 0
    while sealed < 7:
        turn = sealing.seal(AT, limit=3)
        assert turn <= 3
        sealed += turn
    assert [seq for seq, _ in chain_of(1)] == list(range(1, 8))
    assert verifying.verify() == []


def test_what_is_not_committed_is_not_sealed():
    begun, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            open_case()
            begun.set()
            go_on.wait(30)

    thread = in_thread(write)
    begun.wait(30)
    if connection.vendor == "postgresql":
        # SQLite's writers take turns: there the sealer itself would wait.
        assert sealing.seal(AT) == 0
    go_on.set()
    thread.join()
    seal_all()
    assert Seal.objects.count() == 1


def test_a_long_transaction_with_a_lower_number_that_commits_late_is_sealed():
    """ "Greater than the last sealed" would lose it. On SQLite the others wait for it instead."""
    begun, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            open_case(at=AT - timedelta(hours=1))
            begun.set()
            go_on.wait(30)

    slow = in_thread(write_slowly)
    begun.wait(30)
    others = [in_thread(open_case) for _ in range(3)]
    if connection.vendor == "postgresql":
        join(*others)
        assert Entry.objects.count() == 3
        assert sealing.seal(AT) == 0
    go_on.set()
    join(slow, *others)
    seal_all()
    late = Entry.objects.get(at=AT - timedelta(hours=1))
    assert late.pk == Entry.objects.order_by("pk").first().pk
    assert sorted(entry for _, entry in chain_of(1)) == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert [seq for seq, _ in chain_of(1)] == [1, 2, 3, 4]
    assert verifying.verify() == []


def test_nothing_is_lost_while_many_write_and_two_seal():
    stopping = threading.Event()

    def write() -> None:
        for place in range(15):
            with transaction.atomic():
                open_case(provider_id=place % 3)
                open_case(provider_id=0)

    def seal_on() -> None:
        while not stopping.is_set():
            sealing.seal(AT, limit=4)

    sealers = [in_thread(seal_on) for _ in range(2)]
    join(*(in_thread(write) for _ in range(4)))
    stopping.set()
    join(*sealers)
    seal_all()
    assert Entry.objects.count() == Seal.objects.count() == 4 * 15 * 2
    dense = {provider: [seq for seq, _ in chain_of(provider)] for provider in range(3)}
    assert dense == {provider: list(range(1, len(seqs) + 1)) for provider, seqs in dense.items()}
    assert verifying.verify() == []


def test_entries_are_sealed_in_a_cluster_whose_transactions_are_counted_anew(monkeypatch):
    """A dump that is restored elsewhere: the numbers in old seals and entries are of another cluster."""
    open_case()
    if connection.vendor == "postgresql":
        with monkeypatch.context() as before:
            before.setattr(sealing, "_bounds", lambda: sealing.Bounds(10**12, 10**12))
            assert sealing.seal(AT) == 1
    open_case()
    open_case()
    seal_all()
    assert [seq for seq, _ in chain_of(1)] == [1, 2, 3]
    assert verifying.verify() == []


def test_the_wait_for_a_seal_is_known():
    assert sealing.lag(AT) == timedelta()
    with clock.moved_to(AT):
        open_case()
    waited = sealing.lag(AT + timedelta(seconds=90))
    assert waited == timedelta(seconds=90)
    seal_all()
    assert sealing.lag(AT + timedelta(seconds=90)) == timedelta()


def test_a_head_is_published_and_noted():
    assert publishing.publish(1, AT, "receipt 1") is None
    open_case()
    seal_all()
    head = publishing.publish(1, AT, "receipt 2")
    seal = Seal.objects.get()
    assert head == Head(1, 1, seal.chain) == publishing.head(1) == Head.parse(f" 1:1:{seal.chain.upper()}\n")
    assert Head.parse(str(head)) == head
    noted = Publication.objects.get()
    assert (noted.provider_id, noted.seq, noted.chain, noted.at, noted.where) == (
        1,
        1,
        seal.chain,
        AT,
        "receipt 2",
    )
