"""Memory, swap, stalls and kills of this very machine."""

import time

import pytest

from astreinte.engine.collect import kernel_log
from astreinte.engine.probes import local_memory
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import kernel_file
from astreinte.engine.probes.local_memory import (
    Killed,
    MemoryLeft,
    MemoryOptions,
    OomOptions,
    PressureOptions,
    Stalls,
    SwapLeft,
    SwapOptions,
)
from astreinte.rules.checks.outcome import Level

HERE = Target("localhost")
SWAPPING = "MemTotal: 1000 kB\nMemAvailable: 500 kB\nSwapTotal: 1000 kB\nSwapFree: 100 kB\n"


@pytest.fixture
def kernel(monkeypatch):
    """What the kernel's files say, by name; those that are not named are real."""
    said: dict[str, str] = {}
    monkeypatch.setattr(local_memory, "kernel_file", lambda name: said.get(name) or kernel_file(name))
    return said


async def test_the_memory_of_this_machine_is_measured():
    outcome = await MemoryLeft(3)(HERE, MemoryOptions())
    assert 0 < outcome.values["available_percent"] <= 100
    assert outcome.values["available_bytes"] > 0
    every = MemoryOptions(warning_available_percent=101, critical_available_percent=101)
    assert (await MemoryLeft(3)(HERE, every)).level is Level.CRITICAL


async def test_a_shortage_that_held_is_over_beyond_the_margin_only(kernel):
    look, seen, options = MemoryLeft(2), [], MemoryOptions(warning_after_s=0)
    for available in (40, 40, 90, 101, 140, 151):
        kernel["meminfo"] = SWAPPING.replace("MemAvailable: 500", f"MemAvailable: {available}")
        seen.append((await look(HERE, options)).level.value)
    assert seen == ["critical", "critical", "critical", "warning", "warning", "ok"]


async def test_a_mild_shortage_is_a_warning_when_it_lasts_and_a_critical_one_at_once(kernel, monkeypatch):
    look, now, seen = MemoryLeft(1), 1000.0, []
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for at, available in ((0, 90), (599, 90), (600, 90), (601, 160), (602, 90), (603, 40)):
        now = 1000.0 + at
        kernel["meminfo"] = SWAPPING.replace("MemAvailable: 500", f"MemAvailable: {available}")
        outcome = await look(HERE, MemoryOptions())
        seen.append((outcome.level.value, outcome.text))
    short = "9 % of the memory available (0.0 GiB)"
    assert seen == [
        ("ok", f"{short}, short for 0 min"),
        ("ok", f"{short}, short for 10 min"),
        ("warning", short),
        ("ok", "16 % of the memory available (0.0 GiB)"),
        ("ok", f"{short}, short for 0 min"),
        ("critical", "4 % of the memory available (0.0 GiB)"),
    ]


async def test_a_machine_without_swap_is_not_short_of_it(kernel):
    kernel["meminfo"] = "MemTotal: 1000 kB\nMemAvailable: 5 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
    outcome = await SwapLeft(3)(HERE, SwapOptions())
    assert (outcome.level, outcome.text) == (Level.OK, "this machine has no swap")


async def test_a_full_swap_is_a_warning_only_while_pages_are_read_back(kernel):
    look = SwapLeft(1)
    kernel["meminfo"] = SWAPPING
    kernel["vmstat"] = "pgmajfault 1000\n"
    first = await look(HERE, SwapOptions())
    assert first.level is Level.OK
    assert "counted from now on" in first.text
    kernel["vmstat"] = "pgmajfault 9000000000\n"
    busy = await look(HERE, SwapOptions())
    assert busy.level is Level.WARNING
    assert busy.text.startswith("10 % of the swap left, ")
    quiet = await look(HERE, SwapOptions())
    assert (quiet.level, quiet.values["major_faults_per_s"]) == (Level.OK, 0)


async def test_the_stalls_of_this_machine_are_measured_and_judged_by_memory_alone(kernel):
    outcome = await Stalls(3)(HERE, PressureOptions())
    assert set(outcome.values) >= {"memory_full_percent", "io_full_percent", "cpu_some_percent"}
    kernel["pressure/memory"] = (
        "some avg10=0.00 avg60=90.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=%s avg300=0.00 total=0\n"
    )
    look, seen = Stalls(1), []
    for share in ("10.00", "10.01", "5.01", "5.00"):
        said = kernel["pressure/memory"]
        kernel["pressure/memory"] = said % share
        seen.append((await look(HERE, PressureOptions())).level.value)
        kernel["pressure/memory"] = said
    assert seen == ["ok", "warning", "warning", "ok"]


def log_of(*dead):
    """Return the kernel's records of deaths, by (number, pid, name, control group)."""
    records = []
    for number, pid, name, group in dead:
        head = f"6,{number},{1000 * number},-;"
        records += [
            f"{head}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
            f"oom_memcg={group},task_memcg={group},task={name},pid={pid},uid=0\n",
            f"3,{number + 1},{1000 * number},-;Memory cgroup out of memory: Killed process {pid} ({name}) "
            "total-vm:10kB, anon-rss:9kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n",
        ]
    return tuple(records)


async def test_a_kill_names_its_victim_once_is_told_for_a_while_and_the_first_look_alarms_nobody(
    kernel, monkeypatch
):
    old = (10, 41, "java", "/system.slice/old.service")
    new = (20, 42, "mysqld", "/system.slice/mariadb.service")
    dead = [old]
    monkeypatch.setattr(kernel_log, "of_this_machine", lambda: log_of(*dead))
    look = Killed(1)
    kernel["vmstat"] = "oom_kill 7\n"
    first = await look(HERE, OomOptions())
    assert (first.level, first.values["oom_kills_count"]) == (Level.OK, 7)

    dead.append(new)
    kernel["vmstat"] = "oom_kill 8\n"
    for _ in range(2):
        outcome = await look(HERE, OomOptions())
        assert outcome.level is Level.WARNING
        assert outcome.text == "killed for want of memory, 1 since the look before: mysqld (mariadb.service)"
    assert (await look(HERE, OomOptions(recent_s=0))).level is Level.OK


@pytest.mark.parametrize("declared", ["nginx, mysqld", "mariadb.service"])
async def test_a_declared_service_that_was_killed_is_critical(declared, kernel, monkeypatch):
    dead = [(20, 42, "mysqld", "/system.slice/mariadb.service")]
    monkeypatch.setattr(kernel_log, "of_this_machine", lambda: log_of(*dead[1:]))
    look, options = Killed(1), OomOptions(declared=declared)
    kernel["vmstat"] = "oom_kill 0\n"
    await look(HERE, options)
    monkeypatch.setattr(kernel_log, "of_this_machine", lambda: log_of(*dead))
    kernel["vmstat"] = "oom_kill 1\n"
    assert (await look(HERE, options)).level is Level.CRITICAL
    dead.append((30, 43, "perl", "/"))
    kernel["vmstat"] = "oom_kill 2\n"
    another = await look(HERE, options)
    assert another.level is Level.CRITICAL  # as long as the first one is recent
    assert another.text == (
        "killed for want of memory, 1 since the look before: perl; before, "
        "killed for want of memory, 1 since the look before: mysqld (mariadb.service)"
    )


async def test_a_log_that_may_not_be_read_hides_the_victim_and_not_the_kill(kernel, monkeypatch):
    def refused():
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(kernel_log, "of_this_machine", refused)
    look = Killed(1)
    kernel["vmstat"] = "oom_kill 0\n"
    await look(HERE, OomOptions())
    kernel["vmstat"] = "oom_kill 2\n"
    outcome = await look(HERE, OomOptions())
    assert outcome.level is Level.WARNING
    assert outcome.text.endswith(
        "2 since the look before: the kernel's log, which names them, may not be read"
    )


@pytest.mark.parametrize(
    ("look", "options"),
    [
        (MemoryLeft(3), MemoryOptions()),
        (SwapLeft(3), SwapOptions()),
        (Stalls(3), PressureOptions()),
        (Killed(1), OomOptions()),
    ],
    ids=["memory", "swap", "pressure", "oom"],
)
async def test_a_kernel_that_tells_nothing_is_our_fault(look, options, monkeypatch):
    monkeypatch.setattr(local_memory, "kernel_file", lambda name: "nonsense")
    assert (await look(HERE, options)).level is Level.INCONCLUSIVE
