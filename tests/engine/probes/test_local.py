"""What the watch sees of the very machine it runs on."""

import os

import pytest

from astreinte.engine.probes import local
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.local import DiskOptions, LoadOptions, MemoryOptions
from astreinte.rules.checks.outcome import Level

HERE = Target("localhost")


async def test_the_disks_of_this_machine_are_measured():
    outcome = await local.probe_disk(HERE, DiskOptions())
    assert outcome.level in (Level.OK, Level.WARNING, Level.CRITICAL)
    room = os.statvfs("/")
    assert 0 <= outcome.values["used_percent:/"] <= 100
    assert 0 <= outcome.values["avail_bytes:/"] <= room.f_blocks * room.f_frsize
    assert outcome.text.endswith(" GiB left")


async def test_a_limit_of_the_options_judges_the_disk():
    options = DiskOptions(
        mount="/",
        critical_used_percent=0,
        warning_used_percent=0,
        warning_free_gib=10**9,
        critical_free_gib=10**9,
    )
    outcome = await local.probe_disk(HERE, options)
    assert outcome.level is Level.CRITICAL
    assert outcome.text.startswith("/: ")


async def test_a_mount_that_is_missing_is_critical_though_its_folder_is_there(tmp_path):
    outcome = await local.probe_disk(HERE, DiskOptions(mount=str(tmp_path)))
    assert (outcome.level, outcome.text) == (Level.CRITICAL, f"{tmp_path}: not mounted")


async def test_a_filesystem_without_room_of_its_own_is_unknown():
    outcome = await local.probe_disk(HERE, DiskOptions(mount="/proc"))
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("/proc: not the room of a filesystem")


async def test_the_memory_of_this_machine_is_measured():
    outcome = await local.probe_memory(HERE, MemoryOptions())
    assert 0 < outcome.values["available_percent"] <= 100
    assert outcome.values["available_bytes"] > 0
    always = await local.probe_memory(
        HERE, MemoryOptions(warning_available_percent=101, critical_available_percent=101)
    )
    assert always.level is Level.CRITICAL


async def test_the_load_of_this_machine_is_measured_and_judged_only_on_request():
    outcome = await local.probe_load(HERE, LoadOptions())
    assert outcome.level is Level.OK
    assert outcome.values["cpus"] == os.cpu_count()
    assert set(outcome.values) == {"load_1min", "load_5min", "load_15min", "cpus"}


@pytest.mark.parametrize("probe", [local.probe_memory, local.probe_load])
async def test_a_kernel_that_tells_nothing_is_our_fault(probe, monkeypatch):
    monkeypatch.setattr(local, "_kernel_file", lambda name: "nonsense")
    options = MemoryOptions() if probe is local.probe_memory else LoadOptions()
    outcome = await probe(HERE, options)
    assert outcome.level is Level.INCONCLUSIVE
