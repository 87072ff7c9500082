"""The watch is started again when it dies, ended in order, and never left twice; with real processes."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from astreinte.loops.tend import Patience, Tended

QUICK = Patience(
    first_pause_s=0.01, longest_pause_s=0.02, orphan_speaks_s=0.1, orphan_ends_s=5.0, stop_within_s=0.5
)
SAYS_ITS_NUMBER = """
import os, signal, socket, sys
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
    out.sendto(str(os.getpid()).encode(), sys.argv[1])
if sys.argv[2] == "dying":
    sys.exit(1)
signal.alarm(60)  # a test that fails leaves nothing behind
signal.pause()
"""
SOON_S = 20

Start = Callable[..., "tuple[Tended, asyncio.Task[None]]"]


@pytest.fixture
def born(tmp_path: Path) -> Iterator[Callable[[], Awaitable[int]]]:
    """Waits for the next process to say its number."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as births:
        births.settimeout(0)
        births.bind(str(tmp_path / "born"))

        async def next_one() -> int:
            return int(await asyncio.wait_for(asyncio.get_running_loop().sock_recv(births, 20), SOON_S))

        yield next_one


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    began: list[tuple[Tended, asyncio.Task[None]]] = []

    def begin(manner: str = "obedient", patience: Patience = QUICK) -> "tuple[Tended, asyncio.Task[None]]":
        command = (sys.executable, "-c", SAYS_ITS_NUMBER, str(tmp_path / "born"), manner)
        tended = Tended(command, tmp_path / "watch.lock", patience)
        began.append((tended, asyncio.create_task(tended.run())))
        return began[-1]

    yield begin
    for tended, task in began:
        await tended.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_watch_is_started_again(start: Start, born) -> None:
    start()
    first = await born()
    os.kill(first, signal.SIGKILL)
    second = await born()
    assert second != first


@pytest.mark.parametrize(
    ("lived_well_s", "pauses"),
    [
        pytest.param(60.0, [0.01, 0.02, 0.04, 0.05, 0.05], id="one that dies young, later and later"),
        pytest.param(0.0, [0.01] * 5, id="one that lived well, at once"),
    ],
)
async def test_a_watch_that_dies_again_and_again_is_started_again(
    start: Start, born, lived_well_s: float, pauses: list[float]
) -> None:
    with capture_logs() as said:
        tended, _ = start("dying", Patience(0.01, 0.05, lived_well_s=lived_well_s, stop_within_s=0.5))
        births = [await born() for _ in range(len(pauses) + 1)]
    assert len(set(births)) == len(births)
    told = [one["pause_s"] for one in said if one["event"] == "no watch, starting it again"]
    assert told[: len(pauses)] == pauses
    assert tended.starts >= len(pauses)


async def test_a_stop_ends_it_and_starts_no_other(start: Start, born) -> None:
    tended, task = start()
    pid = await born()
    await tended.stop()
    await task
    assert not lives(pid)
    assert tended.starts == 1


async def test_one_that_does_not_stop_is_killed(start: Start, born) -> None:
    tended, task = start("deaf")
    pid = await born()
    await tended.stop()
    await task
    assert not lives(pid)


@pytest.mark.parametrize("manner", ["obedient", "deaf"])
async def test_the_watch_of_a_killed_hub_is_ended_before_another_is_started(
    start: Start, born, manner: str
) -> None:
    patience = Patience(orphan_speaks_s=0.1, orphan_ends_s=0.5, stop_within_s=0.5)
    killed_hub, task = start(manner, patience)
    orphan = await born()
    task.cancel()
    process = killed_hub._process
    assert process is not None

    tended, _ = start(manner, patience)
    pid = await born()
    assert await process.wait() in {-signal.SIGTERM, -signal.SIGKILL}
    assert (tended.pid, lives(orphan)) == (pid, False)


async def test_a_process_that_is_no_watch_of_ours_is_let_alone(tmp_path: Path, start: Start) -> None:
    stranger = await asyncio.create_subprocess_exec(sys.executable, "-c", "import signal; signal.pause()")
    lock = tmp_path / "watch.lock"
    lock.write_text(f"{stranger.pid}\n")
    try:
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            tended, _ = start(patience=Patience(orphan_speaks_s=0.05, orphan_ends_s=0.05, first_pause_s=0.01))
            assert not await tended._retire_orphan()
        assert lives(stranger.pid)
        assert tended.starts == 0
    finally:
        stranger.kill()
        await stranger.wait()
