"""What is measured is kept until its receipt, in bounded memory."""

from datetime import UTC, datetime

import pytest

from astreinte.engine.bus.outbox import Outbox
from astreinte.engine.bus.ports import Result
from astreinte.rules.checks.outcome import Level

AT = datetime(2026, 11, 24, tzinfo=UTC)


def a_result(slot):
    return Result("7", slot, AT, Level.OK, "")


def slots(batch):
    return [one.slot for one in batch.results]


async def test_a_batch_is_kept_until_its_receipt():
    outbox = Outbox("w", kept=100, batch=2, window=4)
    for slot in range(3):
        outbox.put(a_result(slot))
    first, second = outbox.take(), outbox.take()
    assert (slots(first), slots(second), outbox.take()) == ([0, 1], [2], None)
    outbox.receipt(first.id)
    outbox.receipt(first.id)
    assert outbox.unreceipted() == (second,)
    assert len(outbox) == 1
    outbox.receipt(second.id)
    assert outbox.emptied.is_set()


async def test_no_more_is_under_way_than_the_window_takes():
    outbox = Outbox("w", kept=100, batch=1, window=2)
    for slot in range(3):
        outbox.put(a_result(slot))
    first = outbox.take()
    assert outbox.take() is not None
    assert outbox.take() is None
    outbox.receipt(first.id)
    assert slots(outbox.take()) == [2]


async def test_the_oldest_is_dropped_and_declared_when_no_hub_takes_it():
    outbox = Outbox("w", kept=5, batch=2, window=2)
    for slot in range(4):
        outbox.put(a_result(slot))
    under_way = outbox.take()
    for slot in range(4, 9):
        outbox.put(a_result(slot))
    assert len(outbox) == 5
    assert outbox.lost == 4
    later = outbox.take()
    assert slots(under_way) == [0, 1], "what was sent is not dropped"
    assert slots(later) == [6, 7]
    assert (under_way.lost, later.lost) == (0, 4)


async def test_an_outbox_smaller_than_what_may_be_under_way_is_refused():
    with pytest.raises(ValueError, match="kept: 10 results are fewer"):
        Outbox("w", kept=10, batch=5, window=2)
