"""While a child burns CPU as a PDF or a replay does, probes measure what they measured before, and nothing falls."""

import asyncio
import contextlib
import statistics
import subprocess
import sys

import pytest

from astreinte.engine.bus.ports import Assignment
from astreinte.rules.checks.outcome import Level
from tests.loops.test_watch import Hub, Processes

pytestmark = pytest.mark.long

CHECKS = 20
ROUNDS = 5
BURN = "while True: sorted(str(number) for number in range(200_000))"
FAR_MORE_S = 0.004
"""Far above the noise of a shared machine, and below what a busy thread in the watch itself makes of it."""


@pytest.fixture
async def hub(tmp_path):
    hub = Hub(tmp_path / "bus.sock")
    yield hub
    if hub.server is not None:
        await hub.server.close()


@pytest.fixture
async def processes():
    processes = Processes()
    yield processes
    await processes.end()


@contextlib.contextmanager
def burning():
    child = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        yield
    finally:
        child.kill()
        child.wait()


async def greet(reader, writer):
    """Stand for a service: accept, and say nothing."""
    await reader.read()
    writer.close()


async def measured_s(hub):
    """Return the median time to connect of the next results; most of them must be good."""
    seen = len(hub.results)
    await hub.until_more(CHECKS * ROUNDS)
    new = list(hub.results.values())[seen:]
    good = [one.values["connect_s"] for one in new if one.level is Level.OK]
    assert len(good) > len(new) / 2, "the watch itself was late"
    return statistics.median(good)


async def test_measured_times_do_not_move_and_no_check_falls(hub, processes):
    async with await asyncio.start_server(greet, "127.0.0.1", 0) as service:
        port = service.sockets[0].getsockname()[1]
        hub.checks = [
            Assignment(str(place), "tcp", "127.0.0.1", {"port": port}, every_s=1, retry_s=1)
            for place in range(CHECKS)
        ]
        await hub.open()
        await processes.watch(hub.path)
        for place in range(CHECKS):
            await hub.until_level(str(place), Level.OK)
        quiet_s = await measured_s(hub)
        with burning():
            beside_s = await measured_s(hub)
    assert beside_s < quiet_s + FAR_MORE_S
    assert {one.level for one in hub.results.values()} <= {Level.OK, Level.INCONCLUSIVE}
    assert all(len(made) == 1 for made in hub.transitions.values()), "each became ok, and none fell"
