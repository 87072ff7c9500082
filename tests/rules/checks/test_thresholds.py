"""How full is too full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.checks.clocks import ClockLimits, judge_clock
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.thresholds import (
    GIB,
    DiskLimits,
    LoadLimits,
    Memory,
    MemoryLimits,
    Pressure,
    PressureLimits,
    Space,
    SwapLimits,
    ThresholdError,
    Verdict,
    judge_inodes,
    judge_load,
    judge_memory,
    judge_pressure,
    judge_space,
    judge_swap,
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
    assert judge_inodes(space, DiskLimits()).level is level
    assert judge_space(space, DiskLimits()).level is Level.OK


def test_a_filesystem_that_does_not_count_inodes_is_not_short_of_them():
    assert judge_inodes(a_disk(100, 50, inodes=0), DiskLimits()).level is Level.OK


OK, WARNING, CRITICAL = Level.OK, Level.WARNING, Level.CRITICAL


@pytest.mark.parametrize(
    ("size", "free", "held", "level"),
    [
        pytest.param(40, 5.5, OK, WARNING, id="86 percent was never critical"),
        pytest.param(40, 5.5, CRITICAL, CRITICAL, id="86 percent is still critical"),
        pytest.param(40, 5.5, WARNING, WARNING, id="86 percent, held a warning, is one"),
        pytest.param(40, 6.1, CRITICAL, WARNING, id="under 85 percent it is critical no more"),
        pytest.param(60, 5.5, CRITICAL, CRITICAL, id="half a GiB beyond is not beyond the margin"),
        pytest.param(60, 6, CRITICAL, WARNING, id="a GiB beyond is"),
        pytest.param(40, 9.9, WARNING, WARNING, id="over 75 percent the warning stays"),
        pytest.param(40, 10.1, WARNING, OK, id="under 75 percent it is over"),
        pytest.param(40, 10.1, CRITICAL, OK, id="whatever was held"),
        pytest.param(200, 20.5, WARNING, WARNING, id="20.5 GiB are not 21"),
        pytest.param(200, 21, WARNING, OK, id="21 are"),
        pytest.param(20_000, 1500, CRITICAL, CRITICAL, id="7.5 percent left of a large disk are not 8"),
        pytest.param(20_000, 1601, CRITICAL, OK, id="over 8 percent left of a large disk"),
    ],
)
def test_a_level_that_held_is_over_beyond_the_limit_by_the_margin(size, free, held, level):
    assert judge_space(a_disk(size, free), DiskLimits(), held).level is level


@pytest.mark.parametrize(
    ("judge", "held", "level"),
    [
        (lambda held: judge_inodes(a_disk(9, 9, inodes=100, inodes_free=12), DiskLimits(), held), OK, OK),
        (
            lambda held: judge_inodes(a_disk(9, 9, inodes=100, inodes_free=12), DiskLimits(), held),
            WARNING,
            WARNING,
        ),
        (
            lambda held: judge_inodes(a_disk(9, 9, inodes=100, inodes_free=7), DiskLimits(), held),
            CRITICAL,
            CRITICAL,
        ),
        (
            lambda held: judge_inodes(a_disk(9, 9, inodes=100, inodes_free=8), DiskLimits(), held),
            CRITICAL,
            WARNING,
        ),
        (lambda held: judge_memory(Memory(100, 9), MemoryLimits(), held), CRITICAL, CRITICAL),
        (lambda held: judge_memory(Memory(100, 10), MemoryLimits(), held), CRITICAL, WARNING),
        (lambda held: judge_load(1.9, 2, LoadLimits(1.0), held), WARNING, WARNING),
        (lambda held: judge_load(1.8, 2, LoadLimits(1.0), held), WARNING, OK),
        (lambda held: judge_swap(Memory(9, 9, 100, 24), 451, SwapLimits(), held), WARNING, WARNING),
        (lambda held: judge_swap(Memory(9, 9, 100, 24), 451, SwapLimits(), held), OK, OK),
        (lambda held: judge_swap(Memory(9, 9, 100, 25), 999, SwapLimits(), held), WARNING, OK),
        (lambda held: judge_swap(Memory(9, 9, 100, 0), 449, SwapLimits(), held), WARNING, OK),
        (lambda held: judge_pressure({"memory": Pressure(9, 6)}, PressureLimits(), held), WARNING, WARNING),
        (lambda held: judge_pressure({"memory": Pressure(9, 6)}, PressureLimits(), held), OK, OK),
        (lambda held: judge_pressure({"memory": Pressure(9, 5)}, PressureLimits(), held), WARNING, OK),
        (lambda held: judge_clock(-55, ClockLimits(), held), CRITICAL, CRITICAL),
        (lambda held: judge_clock(53, ClockLimits(), held), CRITICAL, WARNING),
        (lambda held: judge_clock(0.95, ClockLimits(), held), OK, OK),
        (lambda held: judge_clock(0.9, ClockLimits(), held), WARNING, OK),
    ],
)
def test_each_fact_has_a_margin_of_its_own(judge, held, level):
    assert judge(held).level is level


def test_stalls_are_judged_by_the_limits_that_are_given():
    found = {"memory": Pressure(50, 40), "io": Pressure(99, 60), "cpu": Pressure(90)}
    assert judge_pressure(found, PressureLimits()).reason == (
        "all work stood still 40 % of the last minute for want of memory"
    )
    assert judge_pressure(found, PressureLimits(critical_memory_full=30)).level is CRITICAL
    others = PressureLimits(warning_memory_full=None, warning_io_full=50)
    assert judge_pressure(found, others).reason.endswith("60 % of the last minute for want of io")
    processor = PressureLimits(warning_memory_full=None, warning_cpu_some=80)
    assert judge_pressure(found, processor).reason == (
        "some work stood still 90 % of the last minute for want of cpu"
    )
    assert judge_pressure({"cpu": Pressure(90)}, PressureLimits()).level is OK


@given(free=st.integers(0, 100), margin=st.floats(0, 50), held=st.sampled_from([OK, WARNING, CRITICAL]))
def test_what_was_held_never_makes_it_milder_and_never_worse_than_it_was(free, margin, held):
    limits = MemoryLimits(margin_points=margin)
    memory = Memory(100, free)
    plain, kept = judge_memory(memory, limits), judge_memory(memory, limits, held)
    assert kept.level.badness() >= plain.level.badness()
    assert kept.level.badness() <= max(plain.level.badness(), held.badness())


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
