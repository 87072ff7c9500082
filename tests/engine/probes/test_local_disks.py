"""Room and health of the disks of this very machine."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from astreinte.engine.probes import local_disks
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.local_disks import DiskOptions, Disks, MountsOptions
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State, step

HERE = Target("localhost")
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def table(*mounts):
    return "".join(f"{n} 1 8:{n} / {mount}\n" for n, mount in enumerate(mounts))


async def test_the_disks_of_this_machine_are_measured():
    outcome = await Disks(3)(HERE, DiskOptions())
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
    outcome = await Disks(3)(HERE, options)
    assert outcome.level is Level.CRITICAL
    assert outcome.text.startswith("/: ")


async def test_a_mount_that_is_missing_is_critical_though_its_folder_is_there(tmp_path):
    outcome = await Disks(3)(HERE, DiskOptions(mount=str(tmp_path)))
    assert (outcome.level, outcome.text) == (Level.CRITICAL, f"{tmp_path}: not mounted")


async def test_a_filesystem_without_room_of_its_own_is_unknown():
    outcome = await Disks(3)(HERE, DiskOptions(mount="/proc"))
    assert outcome.level is Level.UNKNOWN
    assert outcome.text.startswith("/proc: not the room of a filesystem")


@pytest.fixture
def small(tmp_path):
    """A filesystem of 10 MiB."""
    point = tmp_path / "small"
    point.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "astreinte-test", point], check=True)
    yield point
    subprocess.run(["umount", point], check=True)


@pytest.mark.real
async def test_a_small_mount_that_fills_and_empties_changes_its_level_beyond_the_margin_only(small):
    look, options = Disks(2), DiskOptions(mount=str(small))
    seen = []
    # MiB of ten: full at 9; not over at 8.7, which is above 8.5; over at 8.4, yet short until below 7.5.
    for mib in (5.0, 9.2, 9.2, 8.7, 8.4, 8.4, 7.7, 7.4):
        (small / "fill").write_bytes(b"")
        (small / "fill").write_bytes(bytes(int(mib * 2**20)))
        seen.append((await look(HERE, options)).level.value)
    assert seen == ["ok", "critical", "critical", "critical", "warning", "warning", "warning", "ok"]


@pytest.mark.real
async def test_a_mount_that_sways_about_its_limit_is_one_trouble(small):
    look, options, state, changes = Disks(3), DiskOptions(mount=str(small)), State.new(NOON), []
    for turn, mib in enumerate((5, 5, *(9.2,) * 3, *(8.8, 9.2) * 6, 7, 7)):
        (small / "fill").write_bytes(b"")
        (small / "fill").write_bytes(bytes(int(mib * 2**20)))
        seen = (await look(HERE, options)).level
        state, change = step(state, seen, at=NOON + timedelta(seconds=5 * turn), attempts=3, recoveries=2)
        changes.extend([change.after.value] if change else [])
    assert changes == ["ok", "critical", "ok"]


async def test_one_peak_does_not_make_it_hard_to_come_back(monkeypatch):
    blocks = SimpleNamespace(f_blocks=100, f_frsize=2**20, f_files=0, f_ffree=0, f_bfree=0, f_bavail=0)
    monkeypatch.setattr(os, "statvfs", lambda point: blocks)
    look, seen = Disks(3), []
    for free in (9, 12, 9, 9, 9, 12):
        blocks.f_bfree = blocks.f_bavail = free
        seen.append((await look(HERE, DiskOptions(mount="/"))).level.value)
    assert seen == ["critical", "warning", "critical", "critical", "critical", "critical"]


async def test_the_mounts_of_this_machine_take_writes():
    outcome = await local_disks.probe_mounts(
        HERE, MountsOptions(read_only=",".join(local_disks.read_only_now()))
    )
    assert outcome.level is Level.OK, outcome.text


@pytest.fixture
def ext4(tmp_path):
    """A filesystem of ext4 that is to be read-only after an error, and the file that makes it have one."""
    image, point = tmp_path / "image", tmp_path / "ext4"
    image.write_bytes(bytes(4 * 2**20))
    point.mkdir()
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop,errors=remount-ro", image, point], check=True)
    device = subprocess.check_output(["findmnt", "-n", "-o", "SOURCE", point], text=True).strip()
    yield point, Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error")
    subprocess.run(["umount", point], check=True)


@pytest.mark.real
async def test_a_disk_that_had_an_error_and_takes_no_more_writes_is_critical(ext4):
    point, error = ext4
    options = MountsOptions(read_only=",".join(local_disks.read_only_now()))
    assert (await local_disks.probe_mounts(HERE, options)).level is Level.OK
    error.write_text("of the test")
    with pytest.raises(OSError, match="Read-only file system"):
        (point / "more").touch()
    outcome = await local_disks.probe_mounts(HERE, options)
    assert outcome.level is Level.CRITICAL
    assert outcome.text == f"read-only, and not declared so: {point} (ext4)"


@pytest.mark.parametrize(
    ("mount", "declared", "level"),
    [
        pytest.param("/srv rw - ext4 /dev/vdb rw,errors=remount-ro", "", Level.OK, id="written"),
        pytest.param("/srv rw,relatime - ext4 /dev/vdb ro", "", Level.CRITICAL, id="after an error"),
        pytest.param("/srv rw - ext4 /dev/vdb rw,emergency_ro", "", Level.CRITICAL, id="newer kernels"),
        pytest.param("/srv ro - xfs /dev/vdb rw", "", Level.CRITICAL, id="the mount alone"),
        pytest.param("/srv ro - xfs /dev/vdb ro", "/boot, /srv", Level.OK, id="declared"),
        pytest.param("/srv ro - squashfs /dev/loop0 ro", "", Level.OK, id="an image"),
        pytest.param("/srv ro - nfs4 nas:/srv ro", "", Level.OK, id="over the network"),
    ],
)
async def test_a_disk_that_takes_no_more_writes_is_critical_unless_declared(
    monkeypatch, mount, declared, level
):
    text = table("/ rw - ext4 /dev/vda rw", mount)
    monkeypatch.setattr(local_disks, "kernel_file", lambda name: text)
    outcome = await local_disks.probe_mounts(HERE, MountsOptions(read_only=declared))
    assert outcome.level is level
    assert ("/srv" in outcome.text) is (level is Level.CRITICAL)


@pytest.mark.parametrize("look", [Disks(3), local_disks.probe_mounts], ids=["disk", "mounts"])
async def test_a_kernel_that_tells_nothing_is_our_fault(look, monkeypatch):
    monkeypatch.setattr(local_disks, "kernel_file", lambda name: "nonsense")
    options = MountsOptions() if look is local_disks.probe_mounts else DiskOptions()
    assert (await look(HERE, options)).level is Level.INCONCLUSIVE
