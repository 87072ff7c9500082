"""What the kernel says of itself, read from its own words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.collect.linux import (
    NEVER_FULL,
    FactError,
    all_mounts,
    counter,
    loads,
    memory,
    mounts,
    pressure,
    uptime_s,
)
from astreinte.rules.checks.thresholds import Memory, Pressure, ThresholdError

DEBIAN = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334524k,mode=755
25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684096k
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
28 27 254:1 / /srv/client\040files rw,relatime shared:1 - xfs /dev/vdb1 rw
29 27 254:0 /var/lib/x /mnt/bind rw,relatime - ext4 /dev/vda rw
30 27 0:40 /@ /data rw,relatime - btrfs /dev/vdc rw,subvol=/@
31 27 0:41 /@home /data/home rw,relatime - btrfs /dev/vdc rw,subvol=/@home
32 27 7:0 / /snap/core ro,nodev - squashfs /dev/loop0 ro
33 27 0:50 / /mnt/nfs rw,relatime - nfs4 nas:/export rw
34 27 0:51 / /mnt/sshfs rw,relatime - fuse.sshfs host:/ rw
35 27 0:52 / /run rw,nosuid - tmpfs tmpfs rw
"""


def test_each_filesystem_on_disk_is_seen_once_where_its_path_is_shortest():
    assert [one.point for one in mounts(DEBIAN)] == ["/", "/data", "/srv/client files"]
    assert [one.kind for one in mounts(DEBIAN)] == ["ext4", "btrfs", "xfs"]


def test_network_and_user_space_filesystems_are_left_out_for_they_may_hang():
    assert {"/mnt/nfs", "/mnt/sshfs"} <= {one.point for one in all_mounts(DEBIAN)}
    assert not {"/mnt/nfs", "/mnt/sshfs"} & {one.point for one in mounts(DEBIAN)}


@pytest.mark.parametrize(("kind", "points"), [("overlay", ["/"]), ("tmpfs", ["/"]), ("squashfs", [])])
def test_the_root_is_looked_at_whatever_it_is_made_of_unless_it_cannot_fill_up(kind, points):
    assert [one.point for one in mounts(f"1 0 0:30 / / rw - {kind} none rw\n")] == points


def test_memory_is_what_can_be_had_without_swapping():
    text = (
        "MemTotal:       24684096 kB\nMemFree:        24016796 kB\nMemAvailable:   24248340 kB\n"
        "SwapTotal:       1048572 kB\nSwapFree:         524286 kB\nHugePages_Total:       0\n"
    )
    assert memory(text) == Memory(24684096 * 1024, 24248340 * 1024, 1048572 * 1024, 524286 * 1024)


def test_a_kernel_without_memavailable_says_so():
    with pytest.raises(FactError, match="MemAvailable: missing from meminfo"):
        memory("MemTotal: 1 kB\n")


def test_loads_are_three():
    assert loads("0.15 1.25 10.10 1/93 12154\n") == (0.15, 1.25, 10.1)


@given(st.text(max_size=200))
def test_any_other_text_is_refused_and_never_measured(text):
    for read in (memory, loads):
        with pytest.raises(FactError):
            read(text)
    try:
        found = all_mounts(text)
    except FactError:
        return
    assert not found or " - " in text


def test_a_filesystem_that_takes_no_more_writes_is_told_by_itself_or_by_its_mount():
    table = (
        "1 0 8:1 / / rw - ext4 /dev/vda rw\n2 1 8:2 / /a ro - ext4 /dev/vdb rw\n"
        "3 1 8:3 / /b rw,nodev shared:7 - ext4 /dev/vdc ro,data=ordered\n4 1 8:4 / /c rw - xfs /dev/vdd rw,prodev\n"
    )
    assert [one.point for one in all_mounts(table) if one.read_only] == ["/a", "/b"]


def test_stalls_are_told_by_some_and_full_and_older_kernels_tell_no_full_of_the_processor():
    some = "some avg10=1.63 avg60=1.03 avg300=13.74 total=8093663986\n"
    assert pressure(some + "full avg10=7.44 avg60=100.00 avg300=0.35 total=1\n") == Pressure(1.03, 100.0)
    assert pressure(some) == Pressure(1.03, None)


def test_counters_and_the_age_of_the_boot_are_read():
    assert counter("oom_kill_disable 3\noom_kill 12\n", "oom_kill") == 12
    assert uptime_s("16250.66 8462.93\n") == 16250.66
    with pytest.raises(FactError, match="oom_kill: missing from vmstat"):
        counter("pgmajfault 1\n", "oom_kill")


@st.composite
def damaged(draw, text):
    """The kernel's own text, with a piece cut out and something else put in."""
    start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 40))
    return text[:start] + draw(st.text("0a -/\\:.\n9", max_size=8)) + text[start + length :]


MEMINFO = "MemTotal:       24684096 kB\nMemAvailable:   24248340 kB\nSwapTotal:       1048572 kB\nSwapFree:  52 kB\n"


@given(damaged(DEBIAN))
def test_a_damaged_table_of_mounts_is_read_or_refused(text):
    with contextlib.suppress(FactError):
        assert all(one.point and one.kind not in NEVER_FULL for one in mounts(text))


@given(damaged(MEMINFO))
def test_a_damaged_account_of_the_memory_is_read_or_refused(text):
    with contextlib.suppress(FactError, ThresholdError):
        assert 0 <= memory(text).available_percent <= 100


@given(st.text(max_size=200))
def test_no_other_text_is_taken_for_a_measure(text):
    for read in (pressure, uptime_s, lambda said: counter(said, "oom_kill")):
        with pytest.raises(FactError):
            read(text)
