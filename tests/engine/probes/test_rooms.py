"""Disks that hang: each takes one thread, once, is unknown, and makes nothing said of the others."""

import asyncio
import os
import threading

import pytest

from astreinte.engine.probes import local_disks, rooms
from astreinte.engine.probes.aside import Aside
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.local_disks import DiskOptions, Disks
from astreinte.rules.checks.outcome import Level

HERE = Target("localhost")


class Machine:
    """Mounts of which some hang: `statvfs` of these ends when the test lets it."""

    def __init__(self, statvfs):
        self._statvfs = statvfs
        self.hanging = {}
        self.asked = []

    def mountinfo(self, _name):
        points = ("/", *self.hanging)
        return "".join(f"{n} 1 8:{n} / {point} rw - ext4 /dev/vda rw\n" for n, point in enumerate(points))

    def statvfs(self, point):
        self.asked.append(point)
        if point in self.hanging:
            self.hanging[point].wait()
        return self._statvfs("/")

    def hang(self, *points):
        self.hanging |= {point: threading.Event() for point in points}

    def release(self):
        for event in self.hanging.values():
            event.set()


@pytest.fixture
def machine(monkeypatch):
    """A machine of one disk that answers, asked by two threads."""
    found = Machine(os.statvfs)
    monkeypatch.setattr(os, "statvfs", found.statvfs)
    monkeypatch.setattr(local_disks, "kernel_file", found.mountinfo)
    monkeypatch.setattr(rooms, "_aside", Aside("disk", threads=2))
    yield found
    found.release()  # no thread outlives its test


async def look(mount=None, timeout_s=0.1):
    return await Disks(3)(HERE, DiskOptions(mount=mount, timeout_s=timeout_s, critical_avail_percent=0))


async def test_a_disk_that_could_not_be_asked_is_not_said_to_be_silent(machine):
    machine.hang("/mnt/a", "/mnt/b")
    for point in machine.hanging:
        outcome = await look(point)
        assert (outcome.level, outcome.text) == (Level.UNKNOWN, f"no answer in 0.1 s: {point}")
    outcome = await look("/")
    assert (outcome.level, outcome.text) == (Level.INCONCLUSIVE, "not asked, as others hang: /")
    assert "/" not in machine.asked
    machine.release()
    assert (await look("/", timeout_s=30)).values["used_percent:/"] >= 0
    assert (await look("/mnt/a", timeout_s=30)).values["used_percent:/mnt/a"] >= 0


async def test_a_disk_that_hangs_takes_one_thread_and_is_not_waited_for_again(machine):
    machine.hang("/mnt/a")
    assert (await look("/mnt/a", timeout_s=1)).level is Level.UNKNOWN
    async with asyncio.timeout(0.9):
        for _ in range(5):
            outcome = await look("/mnt/a", timeout_s=1)
            assert (outcome.level, outcome.text) == (Level.UNKNOWN, "no answer in 1 s: /mnt/a")
    assert machine.asked == ["/mnt/a"]
    assert (await look("/", timeout_s=30)).values["used_percent:/"] >= 0


async def test_what_is_known_of_the_others_is_told_with_the_silence_of_one(machine):
    machine.hang("/mnt/a")
    outcome = await look(timeout_s=0.5)
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("no answer in 0.5 s: /mnt/a")
    assert set(outcome.values) == {
        f"{what}:/" for what in ("used_percent", "avail_bytes", "inodes_free_percent")
    }
    full = DiskOptions(
        timeout_s=0.5,
        critical_used_percent=0,
        warning_used_percent=0,
        warning_free_gib=10**9,
        critical_free_gib=10**9,
    )
    outcome = await Disks(3)(HERE, full)
    assert outcome.level is Level.CRITICAL
    assert outcome.text.startswith("no answer in 0.5 s: /mnt/a; /: ")


async def test_checks_of_one_disk_at_the_same_time_share_the_question(machine):
    machine.hang("/mnt/a")
    looks = [asyncio.create_task(look("/mnt/a", timeout_s=30)) for _ in range(4)]
    await asyncio.sleep(0)
    looks.pop().cancel()
    await asyncio.sleep(0)
    machine.release()
    assert {"used_percent:/mnt/a" in one.values for one in await asyncio.gather(*looks)} == {True}
    assert machine.asked == ["/mnt/a"]
