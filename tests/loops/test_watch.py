"""The watch, as the process it is: a service that dies, a hub that dies, and its own death."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from astreinte.engine.bus.local import serve
from astreinte.engine.bus.ports import Assignment
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State, step

DEADLINE_S = 45
STOP_WITHIN_S = 5
FAST = {"every_s": 2, "retry_s": 1, "attempts": 2, "recoveries": 2}


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Hub:
    """What the hub does, in memory: records once by (check, slot), and steps the state."""

    def __init__(self, path, *checks):
        self.path, self.checks = path, list(checks)
        self.results, self.twice, self.states, self.transitions = {}, [], {}, {}
        self.changed = asyncio.Condition()
        self.server = None

    async def open(self):
        self.server = await serve(self.path, on_batch=self.on_batch, assignments=self.assignments)

    async def assignments(self):
        return self.checks

    async def on_batch(self, batch):
        for one in batch.results:
            key = (one.check_id, one.slot)
            if key in self.results:
                self.twice.append(key)
                continue
            self.results[key] = one
            state = self.states.get(one.check_id) or State.new(one.at)
            state, transition = step(state, one.level, at=one.at, attempts=2, recoveries=2)
            self.states[one.check_id] = state
            if transition is not None:
                self.transitions.setdefault(one.check_id, []).append(transition)
        async with self.changed:
            self.changed.notify_all()

    async def until(self, reached):
        async with asyncio.timeout(DEADLINE_S), self.changed:
            await self.changed.wait_for(reached)

    async def until_level(self, check_id, level):
        await self.until(lambda: check_id in self.states and self.states[check_id].level is level)

    async def until_more(self, count):
        wanted = len(self.results) + count
        await self.until(lambda: len(self.results) >= wanted)

    def of(self, check_id):
        return [one for one in self.results.values() if one.check_id == check_id]


@pytest.fixture
async def hub(tmp_path):
    hub = Hub(tmp_path / "bus.sock")
    yield hub
    if hub.server is not None:
        await hub.server.close()


class Processes:
    """Real processes, ended at the end by their own number."""

    def __init__(self):
        self.started = []

    async def watch(self, path, *plugins):
        return await self._start("-m", "astreinte.loops.watch", str(path), *plugins, stderr=subprocess.PIPE)

    async def alone(self, path):
        """A watch in a network of its own, where there is nothing: the bus is a file."""
        words = ("--net", sys.executable, "-m", "astreinte.loops.watch", str(path))
        process = await asyncio.create_subprocess_exec("unshare", *words, stderr=subprocess.PIPE)
        self.started.append(process)
        return process

    async def told(self, script, path):
        """A watch in a process that does `script`, and something more when it is told so."""
        return await self._start("-c", script, str(path), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    async def web(self, port):
        process = await self._start(
            "-u",
            "-m",
            "http.server",
            "--bind",
            "127.0.0.1",
            str(port),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        await process.stdout.readline()
        return process

    async def _start(self, *words, **how):
        process = await asyncio.create_subprocess_exec(sys.executable, *words, **how)
        self.started.append(process)
        return process

    async def end(self):
        for process in self.started:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


@pytest.fixture
async def processes():
    processes = Processes()
    yield processes
    await processes.end()


async def stopped(watch, number=signal.SIGTERM):
    watch.send_signal(number)
    _, said = await asyncio.wait_for(watch.communicate(), STOP_WITHIN_S)
    return watch.returncode, said.decode()


async def test_a_web_server_that_is_killed_is_found_out_and_its_return_too(hub, processes):
    port = free_port()
    hub.checks = [Assignment("web", "http", "localhost", {"port": port}, **FAST)]
    await hub.open()
    web = await processes.web(port)
    await processes.watch(hub.path)
    await hub.until_level("web", Level.OK)
    web.kill()
    await web.wait()
    died_at = datetime.now(UTC)  # noqa: TID251 (the instant of a real death)
    await hub.until_level("web", Level.CRITICAL)
    await processes.web(port)
    await hub.until_level("web", Level.OK)
    born, fell, rose = hub.transitions["web"]
    assert (born.before, born.after) == (Level.STALE, Level.OK)
    assert (fell.before, fell.after) == (Level.OK, Level.CRITICAL)
    assert (rose.before, rose.after) == (Level.CRITICAL, Level.OK)
    assert died_at <= fell.first_at < fell.at
    assert {one.text for one in hub.of("web") if one.level is Level.CRITICAL} == {
        "cannot connect: Connection refused"
    }
    assert not hub.twice


async def test_what_is_measured_while_the_hub_is_dead_is_recorded_when_it_comes_back(hub, processes):
    hub.checks = [Assignment("load", "load", "localhost", every_s=1)]
    await hub.open()
    watch = await processes.watch(hub.path)
    await hub.until_more(2)
    await hub.server.close()
    last = max(slot for _, slot in hub.results)
    line = b""
    while b"hub away" not in line:
        line = await asyncio.wait_for(watch.stderr.readline(), DEADLINE_S)
    await asyncio.sleep(2.5)  # the hub is away for at least two slots: nothing tells it but the time
    await hub.open()
    await hub.until(lambda: max(slot for _, slot in hub.results) >= last + 4)
    assert {last + 1, last + 2, last + 3} <= {slot for _, slot in hub.results}
    assert not hub.twice


async def test_a_watch_that_is_killed_leaves_a_gap_and_its_successor_goes_on(hub, processes):
    hub.checks = [Assignment("load", "load", "localhost", every_s=1)]
    await hub.open()
    first = await processes.watch(hub.path)
    await hub.until_more(2)
    first.kill()
    await first.wait()
    await processes.watch(hub.path)
    await hub.until_more(2)
    assert not hub.twice
    assert {one.level for one in hub.of("load")} <= {Level.OK, Level.INCONCLUSIVE}


async def test_a_second_watch_takes_over_and_the_first_ends_by_itself(hub, processes):
    hub.checks = [Assignment("load", "load", "localhost", every_s=1)]
    await hub.open()
    first = await processes.watch(hub.path)
    await hub.until_more(1)
    await processes.watch(hub.path)
    _, said = await asyncio.wait_for(first.communicate(), DEADLINE_S)
    assert first.returncode == 0
    assert b"another watch took over" in said
    await hub.until_more(1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_hands_over_what_was_measured(hub, processes, number):
    hub.checks = [Assignment(str(one), "load", "localhost", every_s=1) for one in range(50)]
    await hub.open()
    watch = await processes.watch(hub.path)
    await hub.until_more(60)
    code, said = await stopped(watch, number)
    assert code == 0
    assert "watch stopped" in said
    assert "without a receipt" not in said


async def test_a_stop_waits_neither_for_a_dead_hub_nor_for_a_silent_target(hub, processes):
    accepted = asyncio.Event()

    async def say_nothing(reader, writer):
        accepted.set()
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        hub.checks = [
            Assignment("load", "load", "localhost", every_s=1),
            Assignment("silent", "http", "127.0.0.1", {"port": port, "timeout_s": 60}, every_s=1),
        ]
        await hub.open()
        watch = await processes.watch(hub.path)
        await asyncio.wait_for(accepted.wait(), DEADLINE_S)
        await hub.until_more(1)
        await hub.server.close()
        code, said = await stopped(watch)
    assert code == 0
    assert "watch stopped" in said


async def test_a_watch_that_was_stopped_and_resumed_blames_nobody(hub, processes):
    port = free_port()
    hub.checks = [Assignment("web", "http", "127.0.0.1", {"port": port}, **FAST)]
    await hub.open()
    await processes.web(port)
    watch = await processes.watch(hub.path)
    await hub.until_level("web", Level.OK)
    watch.send_signal(signal.SIGSTOP)
    await asyncio.sleep(3)  # the length of the stop, which nothing tells but the time
    watch.send_signal(signal.SIGCONT)
    await hub.until_more(2)
    assert hub.states["web"].level is Level.OK
    assert Level.CRITICAL not in {one.level for one in hub.of("web")}


ALONE = """
import asyncio, os, signal, sys
from pathlib import Path
from astreinte.engine.bus.local import serve
from astreinte.engine.bus.ports import Assignment
from astreinte.loops import watch

KINDS = {"disk": {}, "http": {"port": 9}, "load": {}, "memory": {}, "tcp": {"port": 9}}

async def main():
    seen = set()

    async def on_batch(batch):
        seen.update(one.check_id for one in batch.results)
        if seen == set(KINDS):
            os.kill(os.getpid(), signal.SIGTERM)

    async def assignments():
        return [Assignment(kind, kind, "localhost", given, every_s=1) for kind, given in KINDS.items()]

    server = await serve(Path(sys.argv[1]), on_batch=on_batch, assignments=assignments)
    await watch.watch(Path(sys.argv[1]))
    await server.close()

asyncio.run(main())
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_watch_imports_no_django_and_no_database(tmp_path):
    said = subprocess.check_output(
        [sys.executable, "-c", ALONE, str(tmp_path / "bus.sock")],
        text=True,
        timeout=DEADLINE_S,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": ""},
    )
    # The hub's words go to the same stream, on lines of their own before.
    loaded = set(said.splitlines()[-1].split())
    assert "httptools" in loaded
    assert not loaded & {"django", "sqlite3", "_sqlite3", "psycopg", "pydantic", "typer"}
