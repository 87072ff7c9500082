"""How full is too full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.thresholds import (
    GIB,
    DiskLimits,
    LoadLimits,
    Memory,
    MemoryLimits,
    Space,
    ThresholdError,
    Verdict,
    judge_load,
    judge_memory,
    judge_space,
)


def a_disk(size_gib, free_gib, **more):
    free = int(free_gib * GIB)
    return Space("/srv", int(size_gib * GIB), free, more.pop("avail", free), **more)


@pytest.mark.parametrize(
    ("size", "free", "level"),
    [
        pytest.param(100, 50, Level.OK, id="half full"),
        pytest.param(100, 20.1, Level.OK, id="just under 80 percent"),
        pytest.param(100, 19.9, Level.WARNING, id="over 80 percent and under 20 GiB"),
        pytest.param(100, 20, Level.OK, id="80 percent, but 20 GiB are not under 20 GiB"),
        pytest.param(20_000, 1500, Level.OK, id="over 90 percent of a large disk leaves 1.5 TiB"),
        pytest.param(40, 4, Level.CRITICAL, id="exactly 90 percent and under 5 GiB"),
        pytest.param(60, 5, Level.WARNING, id="over 90 percent, but 5 GiB are not under 5 GiB"),
        pytest.param(20_000, 500, Level.CRITICAL, id="under 3 percent whatever the size"),
        pytest.param(0.5, 0.2, Level.OK, id="a small boot partition that is half empty"),
    ],
)
def test_a_disk_is_full_by_its_share_and_by_what_is_left(size, free, level):
    assert judge_space(a_disk(size, free), DiskLimits()).level is level


def test_what_root_keeps_for_itself_is_not_available():
    space = a_disk(100, 6, avail=0)
    assert space.used_percent == 100
    assert judge_space(space, DiskLimits()) == Verdict(Level.CRITICAL, "/srv: 100 % used, 0.0 GiB left")


@pytest.mark.parametrize(("left", "level"), [(10, Level.OK), (9, Level.WARNING), (2, Level.CRITICAL)])
def test_a_disk_without_inodes_is_full(left, level):
    space = a_disk(100, 50, inodes=100, inodes_free=left)
    assert judge_space(space, DiskLimits()).level is level


def test_a_filesystem_that_does_not_count_inodes_is_not_short_of_them():
    assert judge_space(a_disk(100, 50, inodes=0), DiskLimits()).level is Level.OK


@pytest.mark.parametrize(("left", "level"), [(10, Level.OK), (9, Level.WARNING), (4, Level.CRITICAL)])
def test_memory_is_short_by_what_is_available(left, level):
    assert judge_memory(Memory(100 * GIB, left * GIB), MemoryLimits()).level is level


def test_a_load_is_measured_and_judged_only_on_request():
    assert judge_load(64.0, 2, LoadLimits()).level is Level.OK
    assert judge_load(64.0, 2, LoadLimits(warning_per_cpu=4)).level is Level.WARNING
    assert judge_load(7.9, 2, LoadLimits(warning_per_cpu=4)).level is Level.OK


def test_nothing_to_judge_is_unknown_and_never_ok():
    assert Verdict.worst([]).level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: DiskLimits(warning_free_gib=-1), "warning_free_gib: cannot be below zero: -1"),
        (
            lambda: DiskLimits(warning_used_percent=95),
            "warning_used_percent: 95 is above critical_used_percent: 90; the warning must come first",
        ),
        (
            lambda: MemoryLimits(critical_available_percent=20),
            "warning_available_percent: 10 is below critical_available_percent: 20; "
            "the warning must come first",
        ),
        (lambda: Space("/", 0, 0, 0), "/: not the room of a filesystem: (0, 0, 0, 0, 0)"),
    ],
)
def test_impossible_values_cannot_be_built(build, message):
    with pytest.raises(ThresholdError) as error:
        build()
    assert str(error.value) == message


@given(size=st.integers(1, 2**50), shares=st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_a_fuller_disk_is_never_judged_better(size, shares):
    less, more = sorted(int(size * share) for share in shares)
    emptier = judge_space(Space("/", size, more, more), DiskLimits())
    fuller = judge_space(Space("/", size, less, less), DiskLimits())
    assert fuller.level.badness() >= emptier.level.badness()
