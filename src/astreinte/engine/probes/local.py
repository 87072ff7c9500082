"""The kinds `disk`, `memory` and `load`: facts of the very machine on which the watch runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from astreinte.engine.collect import linux
from astreinte.engine.probes.aside import Aside
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.options import TimedOptions, option
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.thresholds import (
    GIB,
    DiskLimits,
    LoadLimits,
    MemoryLimits,
    Space,
    ThresholdError,
    Verdict,
    judge_load,
    judge_memory,
    judge_space,
)

_disks = Aside("disk", threads=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskOptions(TimedOptions):
    """Options of the kind `disk`."""

    mount: str | None = option(None, "the one mount point to look at; null for every filesystem on disk")
    warning_used_percent: float = option(80.0, "warning from this share used, together with:")
    warning_free_gib: float = option(20.0, "warning below this room left, in GiB")
    critical_used_percent: float = option(90.0, "critical from this share used, together with:")
    critical_free_gib: float = option(5.0, "critical below this room left, in GiB")
    critical_avail_percent: float = option(3.0, "critical below this share available, whatever the size")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> DiskLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return DiskLimits(
            warning_used_percent=self.warning_used_percent,
            warning_free_gib=self.warning_free_gib,
            critical_used_percent=self.critical_used_percent,
            critical_free_gib=self.critical_free_gib,
            critical_avail_percent=self.critical_avail_percent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryOptions(TimedOptions):
    """Options of the kind `memory`."""

    warning_available_percent: float = option(10.0, "warning below this share available")
    critical_available_percent: float = option(5.0, "critical below this share available")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> MemoryLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return MemoryLimits(
            warning_available_percent=self.warning_available_percent,
            critical_available_percent=self.critical_available_percent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions(TimedOptions):
    """Options of the kind `load`."""

    warning_per_cpu: float | None = option(
        None, "warning above this load per processor over 5 min; null: none"
    )

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        LoadLimits(self.warning_per_cpu)


async def probe_disk(_target: Target, options: DiskOptions) -> Outcome:
    """Look at the room of each filesystem on disk, or of one mount; the fullest makes the level.

    Values, by mount: `used_percent:/srv`, `avail_bytes:/srv`, `inodes_free_percent:/srv`.
    """
    try:
        points = _mount_points(options.mount)
        spaces = await _disks.call(lambda: [_space(point) for point in points], within_s=options.timeout_s)
    except TimeoutError:
        return Outcome(
            Level.UNKNOWN, f"a disk gave no answer in {options.timeout_s:g} s: {', '.join(points)}"
        )
    except ThresholdError as error:
        return Outcome(Level.UNKNOWN, str(error))
    except (OSError, linux.FactError) as error:
        return Outcome(Level.INCONCLUSIVE, f"cannot read the disks of this machine: {error}")
    if not spaces:
        missing = "no filesystem is on disk" if options.mount is None else f"{options.mount}: not mounted"
        return Outcome(Level.CRITICAL if options.mount else Level.UNKNOWN, missing)
    worst = Verdict.worst([judge_space(one, options.limits()) for one in spaces])
    values: dict[str, float] = {}
    for one in spaces:
        values[f"used_percent:{one.mount}"] = round(one.used_percent, 2)
        values[f"avail_bytes:{one.mount}"] = one.avail
        values[f"inodes_free_percent:{one.mount}"] = round(one.inodes_free_percent, 2)
    fullest = max(spaces, key=lambda one: one.used_percent)
    fine = f"{fullest.mount}: {fullest.used_percent:.0f} % used, {fullest.avail / GIB:.1f} GiB left"
    return Outcome(worst.level, worst.reason or fine, values)


async def probe_memory(_target: Target, options: MemoryOptions) -> Outcome:
    """Look at the memory that is available.

    Values: `available_percent`, `available_bytes`, `swap_free_bytes`.
    """
    try:
        memory = linux.memory(_kernel_file("meminfo"))
    except (OSError, ValueError) as error:
        return Outcome(Level.INCONCLUSIVE, f"cannot read the memory of this machine: {error}")
    verdict = judge_memory(memory, options.limits())
    fine = f"{memory.available_percent:.0f} % of the memory available ({memory.available / GIB:.1f} GiB)"
    values = {
        "available_percent": round(memory.available_percent, 2),
        "available_bytes": memory.available,
        "swap_free_bytes": memory.swap_free,
    }
    return Outcome(verdict.level, verdict.reason or fine, values)


async def probe_load(_target: Target, options: LoadOptions) -> Outcome:
    """Look at the load. Values: `load_1min`, `load_5min`, `load_15min`, `cpus`."""
    try:
        one, five, fifteen = linux.loads(_kernel_file("loadavg"))
    except (OSError, linux.FactError) as error:
        return Outcome(Level.INCONCLUSIVE, f"cannot read the load of this machine: {error}")
    cpus = os.cpu_count() or 1
    verdict = judge_load(five, cpus, LoadLimits(options.warning_per_cpu))
    fine = f"load of {five:.2f} over 5 min on {cpus} processors"
    values = {"load_1min": one, "load_5min": five, "load_15min": fifteen, "cpus": cpus}
    return Outcome(verdict.level, verdict.reason or fine, values)


def _kernel_file(name: str) -> str:
    # Written by the kernel from memory: reading it does not block.
    return Path("/proc", name).read_text()


def _mount_points(wanted: str | None) -> list[str]:
    table = _kernel_file("self/mountinfo")
    if wanted is None:
        return [mount.point for mount in linux.mounts(table)]
    # The folder of a mount that is missing still has room: that of the disk below it.
    return [wanted] if any(mount.point == wanted for mount in linux.all_mounts(table)) else []


def _space(point: str) -> Space:
    room = os.statvfs(point)
    return Space(
        mount=point,
        size=room.f_blocks * room.f_frsize,
        free=room.f_bfree * room.f_frsize,
        avail=room.f_bavail * room.f_frsize,
        inodes=room.f_files,
        inodes_free=room.f_ffree,
    )
