"""One queue for all deadlines: each is kept, none that was cancelled is called, and an idle queue does not tick."""

import asyncio

import pytest

from astreinte.engine.probes import attempting, deadlines
from astreinte.engine.probes.kinds import Kind
from astreinte.engine.probes.options import TimedOptions
from astreinte.engine.probes.resolving import Resolver
from astreinte.rules.checks.outcome import Level, Outcome

BOUND_S = 20


async def test_deadlines_are_called_in_their_order_and_cancelled_ones_never():
    called: list[str] = []
    over = asyncio.Event()

    def last():
        called.append("later")
        over.set()

    deadlines.within(0.2, last)
    deadlines.within(0.0, lambda: called.append("sooner"))
    deadlines.within(0.1, lambda: called.append("cancelled")).cancel()
    await asyncio.wait_for(over.wait(), BOUND_S)
    assert called == ["sooner", "later"]


async def test_a_queue_that_was_empty_takes_deadlines_again():
    for _ in range(2):
        over = asyncio.Event()
        deadlines.within(0.0, over.set)
        await asyncio.wait_for(over.wait(), BOUND_S)
        await asyncio.sleep(2 * deadlines.BEAT_S)


@pytest.fixture
def endless(monkeypatch):
    """A kind whose probe never ends by itself."""
    monkeypatch.setattr(attempting, "BEYOND_S", 0.0)

    async def probe(target, options):
        await asyncio.Event().wait()
        return Outcome(Level.OK, "never")

    return Kind("endless", probe, TimedOptions, remote=False)


async def test_a_probe_that_does_not_end_is_ended_and_blames_nobody(endless):
    trying = attempting.attempt(endless, "here", TimedOptions(timeout_s=0.1), Resolver())
    outcome = await asyncio.wait_for(trying, BOUND_S)
    assert outcome.level is Level.INCONCLUSIVE
    assert "did not end" in outcome.text


async def test_a_watch_that_stops_cancels_an_attempt_for_good(endless):
    task = asyncio.create_task(attempting.attempt(endless, "here", TimedOptions(timeout_s=60.0), Resolver()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
