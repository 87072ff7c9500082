"""A process is started without a copy of this one, awaited, and told to end; with real processes."""

import asyncio
import os
import signal
import sys

import pytest
import uvloop

from astreinte.engine.spawning import Spawned

WAITS = (sys.executable, "-c", "import signal; signal.alarm(60); signal.pause()")

copies: list[int] = []
os.register_at_fork(before=lambda: copies.append(os.getpid()))


async def test_its_end_is_awaited_with_its_code() -> None:
    assert await Spawned((sys.executable, "-c", "raise SystemExit(7)")).wait() == 7


async def test_a_signal_ends_it_and_one_sent_too_late_is_no_error() -> None:
    process = Spawned(WAITS)
    assert process.returncode is None
    process.send(signal.SIGKILL)
    assert await process.wait() == process.returncode == -signal.SIGKILL
    process.send(signal.SIGKILL)


async def test_all_who_wait_hear_of_its_end() -> None:
    process = Spawned(WAITS)
    waiting = [asyncio.create_task(process.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    process.send(signal.SIGTERM)
    assert await asyncio.gather(*waiting) == [-signal.SIGTERM] * 2


async def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        Spawned(("no-such-program",))


def test_no_copy_of_this_process_is_made_even_on_uvloop() -> None:
    async def spawn() -> int:
        return await Spawned((sys.executable, "-c", "")).wait()

    copies.clear()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(spawn()) == 0
    assert copies == []


def test_uvloop_itself_makes_one() -> None:
    """The reason why `Spawned` exists: when this fails, it can go."""

    async def spawn() -> int:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        return await process.wait()

    copies.clear()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(spawn()) == 0
    assert copies == [os.getpid()]
