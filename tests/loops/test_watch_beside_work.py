"""While a child burns CPU as a PDF or a replay does, probes measure what they measured before, and nothing falls.

The same work inside the watch is the witness: what is compared here must show it, or it would show nothing.
"""

import asyncio
import contextlib
import math
import statistics
import subprocess
import sys

import pytest

from astreinte.engine.bus.ports import Assignment
from astreinte.rules.checks.outcome import Level
from tests.loops.test_watch import Hub, Processes

pytestmark = pytest.mark.long

CHECKS = 20
ROUNDS, INTERVALS = 3, 2
PIECES, APART_S = 4, 0.005
BURN = "while True: sum(range(2_000_000))"
BURNS_WHEN_TOLD = f"""
import os, sys, threading
from pathlib import Path

def burn():
    if os.read(0, 1):
        {BURN}

threading.Thread(target=burn, daemon=True).start()
from astreinte.loops import watch
watch.run(Path(sys.argv[1]))
"""


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
def burning_beside():
    child = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        yield
    finally:
        child.kill()
        child.wait()


@contextlib.contextmanager
def burning_inside(watch):
    watch.stdin.write(b"!")
    yield


async def answer(reader, writer):
    """Stand for a service on a network: its answer comes in pieces, and the watch waits for each."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(PIECES):
            await asyncio.sleep(APART_S)
            writer.write(b"Piece: one more\r\n")
        writer.write(b"Content-Length: 0\r\n\r\n")
    writer.close()


async def measured_s(hub):
    """Return what the quickest tenth of the next attempts took at most, beyond the time of the service itself.

    Work inside the watch makes each of them wait, the quickest too; a busy machine only some.
    """
    seen = len(hub.results)
    await hub.until_more(CHECKS * INTERVALS)
    # One that was measured while the watch was late has no values, and still took its time.
    took_s = [one.took_s for one in list(hub.results.values())[seen:]]
    return statistics.quantiles(took_s, n=10)[0] - PIECES * APART_S


async def test_measured_times_do_not_move_and_no_check_falls(hub, processes):
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as service:
        port = service.sockets[0].getsockname()[1]
        hub.checks = [
            Assignment(str(place), "http", "127.0.0.1", {"port": port}, every_s=1, retry_s=1)
            for place in range(CHECKS)
        ]
        await hub.open()
        watch = await processes.told(BURNS_WHEN_TOLD, hub.path)
        for place in range(CHECKS):
            await hub.until_level(str(place), Level.OK)
        quiet_s, beside_s = [], []
        for _ in range(ROUNDS):
            quiet_s.append(await measured_s(hub))
            with burning_beside():
                beside_s.append(await measured_s(hub))
        assert all(len(made) == 1 for made in hub.transitions.values()), "each became ok, and none fell"
        with burning_inside(watch):
            inside_s = await measured_s(hub)
    # Of each the quietest round: what else the machine does comes and goes, work inside the watch stays.
    assert 2 * min(quiet_s) < inside_s, "these times would not tell where the work was done"
    assert min(beside_s) < math.sqrt(min(quiet_s) * inside_s)
    assert {one.level for one in hub.results.values()} <= {Level.OK, Level.INCONCLUSIVE}
