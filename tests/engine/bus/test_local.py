"""Either side may die and come back: nothing is lost, nothing is recorded twice."""

import asyncio
import contextlib
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from astreinte.engine.bus.courier import Courier
from astreinte.engine.bus.local import serve
from astreinte.engine.bus.outbox import Outbox
from astreinte.engine.bus.ports import Assign, Assignment, Result
from astreinte.engine.bus.wire import BusError
from astreinte.rules.checks.outcome import Level

AT = datetime(2026, 11, 24, tzinfo=UTC)
WEB = Assignment("web", "http", "127.0.0.1", {"port": 80})
SSH = Assignment("ssh", "tcp", "127.0.0.1", {"port": 22})
DEADLINE_S = 20


def a_result(slot, check_id="web"):
    return Result(check_id, slot, AT, Level.OK, "fine", {"connect_s": 0.25}, 0.5)


class Hub:
    """What a recorder does, in memory: one entry per (check, slot)."""

    def __init__(self, checks=()):
        self.checks = list(checks)
        self.batches, self.recorded = [], {}
        self.fails = 0
        self.hold = None
        self.arrived = asyncio.Event()

    async def on_batch(self, batch):
        self.batches.append(batch)
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("disk full")
        for one in batch.results:
            self.recorded[one.check_id, one.slot] = one

    async def assignments(self):
        return self.checks


class Watch:
    """The watch's end, with what it was told."""

    def __init__(self, path, name="w", **bounds):
        self.outbox = Outbox(name, **bounds)
        self.told: asyncio.Queue[Assign] = asyncio.Queue()
        self.dismissed = asyncio.Event()
        self.courier = Courier(
            path,
            self.outbox,
            on_assign=self.told.put_nowait,
            on_dismissal=lambda _: self.dismissed.set(),
        )

    async def next(self):
        return await asyncio.wait_for(self.told.get(), DEADLINE_S)

    async def delivered(self):
        assert await self.courier.deliver(within_s=DEADLINE_S)


@contextlib.asynccontextmanager
async def running(watch):
    task = asyncio.create_task(watch.courier.run())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bus.sock"


async def serve_hub(path, hub):
    return await serve(path, on_batch=hub.on_batch, assignments=hub.assignments)


async def test_a_watch_is_told_the_whole_and_then_what_changes(path):
    server = await serve_hub(path, Hub([WEB, SSH]))
    async with running(Watch(path)) as watch:
        assert await watch.next() == Assign((WEB, SSH))
        slower = Assignment("web", "http", "127.0.0.1", {"port": 80}, every_s=60)
        disk = Assignment("disk", "disk", "localhost")
        await server.assign([slower, disk])
        assert await watch.next() == Assign((slower, disk), gone=("ssh",), whole=False)
        await server.assign([slower, disk])
        await server.assign([disk])
        assert await watch.next() == Assign((), gone=("web",), whole=False)
    await server.close()


async def test_results_arrive_as_they_were_measured(path):
    hub = Hub()
    server = await serve_hub(path, hub)
    async with running(Watch(path)) as watch:
        for slot in range(1200):
            watch.outbox.put(a_result(slot))
        await watch.delivered()
    assert list(hub.recorded.values()) == [a_result(slot) for slot in range(1200)]
    assert max(len(batch.results) for batch in hub.batches) == 500
    await server.close()


async def test_there_is_no_receipt_before_the_results_are_recorded(path):
    hub = Hub()
    hub.hold = asyncio.Event()
    server = await serve_hub(path, hub)
    async with running(Watch(path)) as watch:
        watch.outbox.put(a_result(1))
        await asyncio.wait_for(hub.arrived.wait(), DEADLINE_S)
        assert len(watch.outbox.unreceipted()) == 1
        hub.hold.set()
        await watch.delivered()
    await server.close()


async def test_a_batch_that_could_not_be_recorded_comes_again(path):
    hub = Hub()
    hub.fails = 2
    server = await serve_hub(path, hub)
    async with running(Watch(path)) as watch:
        watch.outbox.put(a_result(1))
        await watch.delivered()
    assert hub.recorded == {("web", 1): a_result(1)}
    assert len({batch.id for batch in hub.batches}) == 1
    assert len(hub.batches) == 3
    await server.close()


async def test_a_hub_that_closes_gives_the_receipt_of_the_batch_in_its_hands(path):
    hub = Hub()
    hub.hold = asyncio.Event()
    server = await serve_hub(path, hub)
    async with running(Watch(path)) as watch:
        await watch.next()
        watch.outbox.put(a_result(1))
        await asyncio.wait_for(hub.arrived.wait(), DEADLINE_S)
        closing = asyncio.create_task(server.close())
        await asyncio.sleep(0)
        hub.hold.set()
        await closing
        await watch.delivered()
    assert not path.exists()


async def test_a_watch_waits_for_a_hub_that_is_not_there_yet(path):
    async with running(Watch(path)) as watch:
        watch.outbox.put(a_result(1))
        await asyncio.sleep(0)
        hub = Hub([WEB])
        server = await serve_hub(path, hub)
        assert (await watch.next()).checks == (WEB,)
        await watch.delivered()
    assert list(hub.recorded) == [("web", 1)]
    await server.close()


async def test_a_second_watch_takes_over_and_the_first_delivers_what_it_has(path):
    hub = Hub([WEB])
    server = await serve_hub(path, hub)
    async with running(Watch(path, "old")) as old:
        await old.next()
        async with running(Watch(path, "new")) as new:
            await new.next()
            await asyncio.wait_for(old.dismissed.wait(), DEADLINE_S)
            old.outbox.put(a_result(1))
            await old.delivered()
            assert not new.dismissed.is_set()
    assert list(hub.recorded) == [("web", 1)]
    await server.close()


async def test_the_same_watch_on_a_new_connection_is_not_dismissed(path):
    server = await serve_hub(path, Hub([WEB]))
    async with running(Watch(path, "same")) as first, running(Watch(path, "same")) as again:
        await first.next()
        await again.next()
        await server.assign([])
        await again.next()
        assert not first.dismissed.is_set()
        assert not again.dismissed.is_set()
    await server.close()


@pytest.mark.parametrize(
    "nonsense",
    [b"GET / HTTP/1.1\r\n\r\n", b"{}\n", b'{"is":"receipt","batch_id":"1"}\n', b"\xff" * 100 + b"\n"],
)
async def test_nonsense_on_the_socket_is_cut_off_and_harms_nobody(path, nonsense):
    hub = Hub([WEB])
    server = await serve_hub(path, hub)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(nonsense)
    assert await reader.read() == b""
    writer.close()
    async with running(Watch(path)) as watch:
        watch.outbox.put(a_result(1))
        await watch.delivered()
    assert list(hub.recorded) == [("web", 1)]
    await server.close()


async def test_the_socket_is_for_its_owner_alone(path):
    before = os.umask(0)
    try:
        server = await serve_hub(path, Hub())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await server.close()


async def test_a_second_hub_is_refused_and_told_the_way_out(path):
    server = await serve_hub(path, Hub())
    with pytest.raises(BusError, match="another hub listens there; stop it, or set ASTREINTE_DATA"):
        await serve_hub(path, Hub())
    await server.close()


async def test_a_file_at_the_place_of_the_socket_is_not_touched(path):
    path.write_text("somebody's work")
    with pytest.raises(BusError, match="cannot listen there: Address already in use"):
        await serve_hub(path, Hub())
    assert path.read_text() == "somebody's work"


async def test_a_data_folder_may_lie_deep(tmp_path):
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    folder.mkdir(parents=True)
    hub = Hub()
    server = await serve_hub(folder / "bus.sock", hub)
    async with running(Watch(folder / "bus.sock")) as watch:
        watch.outbox.put(a_result(1))
        await watch.delivered()
    assert hub.recorded
    await server.close()


class HubProcess:
    """A hub in a process of its own, to be killed."""

    def __init__(self, path, record):
        self._command = [sys.executable, str(Path(__file__).with_name("hub_process.py")), path, record]
        self._process = None

    async def start(self):
        self._process = await asyncio.create_subprocess_exec(*self._command, stdout=subprocess.PIPE)
        assert await self._process.stdout.readline() == b"listening\n"

    async def kill(self):
        self._process.kill()
        await self._process.communicate()


async def test_a_hub_killed_again_and_again_loses_no_result_and_records_none_twice(path, tmp_path):
    record = tmp_path / "record"
    hub = HubProcess(path, record)
    wanted = [f"check-{slot % 7} {slot}" for slot in range(6000)]
    watch = Watch(path, batch=20, window=4)
    await hub.start()
    async with running(watch):
        for number, key in enumerate(wanted, 1):
            check_id, slot = key.split()
            watch.outbox.put(a_result(int(slot), check_id))
            if number % 10 == 0:
                await asyncio.sleep(0.001)
            if number % 1500 == 0:
                await hub.kill()
                await hub.start()
        await watch.delivered()
    await hub.kill()
    assert sorted(record.read_text().splitlines()) == sorted(wanted)
    assert watch.outbox.lost == 0
