"""A process is started without a copy of this one, awaited, and told to end; with real processes."""

import asyncio
import os
import select
import signal
import sys
from pathlib import Path

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


async def test_what_it_writes_is_kept_to_a_bound_and_read_to_its_end() -> None:
    code = "import sys; sys.stdout.write('o' * 300_000); sys.stderr.write('e' * 10); sys.exit(3)"
    process = Spawned((sys.executable, "-c", code), keep=1000)
    assert await process.wait() == 3
    assert (process.printed, process.complained) == (b"o" * 1000, b"e" * 10)


async def test_its_input_is_empty_and_its_environment_is_what_it_is_given() -> None:
    code = "import os, sys; print(repr(sys.stdin.read()), os.environ.get('HOME'), os.environ['LIKE'])"
    process = Spawned((sys.executable, "-c", code), environment={"LIKE": "this"}, keep=1000)
    assert await process.wait() == 0, process.complained
    assert process.printed == b"'' None this\n"


async def test_all_that_it_started_is_killed_with_it(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    process = Spawned(("sh", "-c", f"sleep 60 & echo $! >{fifo}; wait"), keep=100)
    assert select.select([reading], [], [], 10)[0]
    handle = os.pidfd_open(int(os.read(reading, 20)))
    process.kill_all()
    assert await process.wait() == -signal.SIGKILL
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)
    os.close(reading)
    process.kill_all()


async def test_no_descriptor_is_left_behind() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        await Spawned(("true",), keep=10).wait()
    assert len(os.listdir("/proc/self/fd")) == before


async def test_without_a_descriptor_to_hear_of_its_end_it_does_not_run(tmp_path, monkeypatch) -> None:
    def refused(pid: int) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "pidfd_open", refused)
    started = tmp_path / "started"
    with pytest.raises(OSError, match="Too many open files"):
        Spawned(("sh", "-c", f"sleep 60; touch {started}"), keep=10)
    assert not started.exists()


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
