"""How full is too full: disk (aware of its size), inodes, memory, swap, load. One judgement for every source.

Defaults: the engine's table of thresholds (each anchored in what the field ships). A threshold is on the
fact, not on the door by which it came: SSH, an agent or this very machine give one answer. Each judgement
takes the level that was held: it is over only beyond its limit by a margin (hysteresis).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from astreinte.rules.checks.held import keeps
from astreinte.rules.checks.outcome import Level

GIB = 1024**3
BACK = 0.9
"""Where no share is judged but an amount, it is over below nine tenths of its limit."""


class ThresholdError(ValueError):
    """Limits that contradict one another, or facts that cannot be."""


@dataclass(frozen=True, slots=True)
class Space:
    """The room of one filesystem: bytes and inodes. `avail` is what an ordinary user may still take.

    `inodes` is zero for a filesystem that does not count them.
    """

    mount: str
    size: int
    free: int
    avail: int
    inodes: int = 0
    inodes_free: int = 0

    def __post_init__(self) -> None:
        numbers = (self.size, self.free, self.avail, self.inodes, self.inodes_free)
        if min(numbers) < 0 or self.free > self.size or self.inodes_free > self.inodes or not self.size:
            raise ThresholdError(f"{self.mount}: not the room of a filesystem: {numbers}")

    @property
    def used_percent(self) -> float:
        """Return the share that is used, as `df` says it: what root keeps for itself counts as taken."""
        used = self.size - self.free
        reach = used + self.avail
        return 100.0 if not reach else 100 * used / reach

    @property
    def avail_percent(self) -> float:
        """Return the share of the size that an ordinary user may still take."""
        return 100 * self.avail / self.size

    @property
    def inodes_free_percent(self) -> float:
        """Return the share of the inodes that is free; 100 where they are not counted."""
        return 100.0 if not self.inodes else 100 * self.inodes_free / self.inodes


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a machine, in bytes. `available` is what can be had without swapping."""

    total: int
    available: int
    swap_total: int = 0
    swap_free: int = 0

    def __post_init__(self) -> None:
        if self.total <= 0 or self.available < 0 or not 0 <= self.swap_free <= self.swap_total:
            raise ThresholdError(f"not the memory of a machine: {self}")

    @property
    def available_percent(self) -> float:
        """Return the share of the memory that is available; a container may see more than its total."""
        return min(100.0, 100 * self.available / self.total)

    @property
    def swap_free_percent(self) -> float:
        """Return the share of the swap that is free; 100 where there is none."""
        return 100.0 if not self.swap_total else 100 * self.swap_free / self.swap_total


@dataclass(frozen=True, slots=True)
class Pressure:
    """Shares of the last minute in which work stood still for want of a resource, in percent.

    `some`: at least one task waited; `full`: all of them did (none for the processor on an older kernel).
    """

    some: float
    full: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that an operator may change; a negative one, or a pair in the wrong order, is refused."""

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and value < 0:
                raise ThresholdError(f"{one.name}: cannot be below zero: {value:g}")

    def _in_order(self, milder: str, worse: str, *, grows: bool) -> None:
        mild, bad = getattr(self, milder), getattr(self, worse)
        if (mild > bad) if grows else (mild < bad):
            side = "above" if grows else "below"
            raise ThresholdError(
                f"{milder}: {mild:g} is {side} {worse}: {bad:g}; the warning must come first"
            )


@dataclass(frozen=True, slots=True)
class DiskLimits(Limits):
    """Limits of a filesystem.

    Full means both a share **and** an amount: 90 % of 20 TiB leaves two, 90 % of 10 GiB leaves an hour.
    """

    warning_used_percent: float = 80.0
    warning_free_gib: float = 20.0
    critical_used_percent: float = 90.0
    critical_free_gib: float = 5.0
    critical_avail_percent: float = 3.0
    warning_inodes_free_percent: float = 10.0
    critical_inodes_free_percent: float = 3.0
    margin_points: float = 5.0
    margin_gib: float = 1.0

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        self._in_order("warning_used_percent", "critical_used_percent", grows=True)
        self._in_order("warning_free_gib", "critical_free_gib", grows=False)
        self._in_order("warning_inodes_free_percent", "critical_inodes_free_percent", grows=False)


@dataclass(frozen=True, slots=True)
class MemoryLimits(Limits):
    """Limits of available memory. They hold for minutes: that is the business of the check's attempts."""

    warning_available_percent: float = 10.0
    critical_available_percent: float = 5.0
    margin_points: float = 5.0

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        self._in_order("warning_available_percent", "critical_available_percent", grows=False)


@dataclass(frozen=True, slots=True)
class SwapLimits(Limits):
    """Limits of the swap: full **and** in use; a full swap that nobody reads from harms nobody."""

    warning_free_percent: float = 20.0
    warning_faults_per_s: float = 500.0
    margin_points: float = 5.0


@dataclass(frozen=True, slots=True)
class PressureLimits(Limits):
    """Limits of stalls, in percent of the last minute. None: measured, not judged."""

    warning_memory_full: float | None = 10.0
    critical_memory_full: float | None = None
    warning_io_full: float | None = None
    warning_cpu_some: float | None = None
    margin_points: float = 5.0

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        if self.warning_memory_full is not None and self.critical_memory_full is not None:
            self._in_order("warning_memory_full", "critical_memory_full", grows=True)


@dataclass(frozen=True, slots=True)
class LoadLimits(Limits):
    """Limit of the five-minute load per processor. None, the default: the load is measured, not judged."""

    warning_per_cpu: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level and the reason in words; no reason when nothing is wrong."""

    level: Level
    reason: str = ""

    @classmethod
    def worst(cls, verdicts: list[Self]) -> Self:
        """Return the worst of the verdicts, the first of equals; an empty list is unknown, never OK."""
        if not verdicts:
            return cls(Level.UNKNOWN, "nothing to judge")
        return max(verdicts, key=lambda one: one.level.badness())


def judge_space(space: Space, limits: DiskLimits, held: Level = Level.OK) -> Verdict:
    """Return how full one filesystem is, in bytes; inodes are apart, for each holds a level of its own."""
    room = f"{space.mount}: {space.used_percent:.0f} % used, {space.avail / GIB:.1f} GiB left"
    used, free_gib = space.used_percent, space.free / GIB
    points, gib = _margins(limits, held, Level.CRITICAL)
    if used >= limits.critical_used_percent - points and free_gib < limits.critical_free_gib + gib:
        return Verdict(Level.CRITICAL, room)
    if space.avail_percent < limits.critical_avail_percent + points:
        return Verdict(Level.CRITICAL, room)
    points, gib = _margins(limits, held, Level.WARNING)
    if used >= limits.warning_used_percent - points and free_gib < limits.warning_free_gib + gib:
        return Verdict(Level.WARNING, room)
    return Verdict(Level.OK)


def judge_inodes(space: Space, limits: DiskLimits, held: Level = Level.OK) -> Verdict:
    """Return how short of inodes one filesystem is."""
    return _judge_share(
        space.inodes_free_percent,
        (limits.warning_inodes_free_percent, limits.critical_inodes_free_percent),
        limits.margin_points,
        held,
        f"{space.mount}: {space.inodes_free_percent:.0f} % of the inodes left",
    )


def judge_memory(memory: Memory, limits: MemoryLimits, held: Level = Level.OK) -> Verdict:
    """Return how short of memory the machine is."""
    return _judge_share(
        memory.available_percent,
        (limits.warning_available_percent, limits.critical_available_percent),
        limits.margin_points,
        held,
        f"{memory.available_percent:.0f} % of the memory available ({memory.available / GIB:.1f} GiB)",
    )


def judge_swap(memory: Memory, faults_per_s: float, limits: SwapLimits, held: Level = Level.OK) -> Verdict:
    """Return whether the swap is short and read from: a warning at most, for memory has limits of its own."""
    held_here = keeps(held, Level.WARNING)
    short = memory.swap_free_percent < limits.warning_free_percent + held_here * limits.margin_points
    if short and faults_per_s >= limits.warning_faults_per_s * (BACK if held_here else 1):
        left = f"{memory.swap_free_percent:.0f} % of the swap left"
        return Verdict(Level.WARNING, f"{left}, {faults_per_s:.0f} pages read back from disk each second")
    return Verdict(Level.OK)


def judge_pressure(found: Mapping[str, Pressure], limits: PressureLimits, held: Level = Level.OK) -> Verdict:
    """Return whether work stood still for want of `memory`, `io` or `cpu` (those that are found)."""
    judged = (
        ("memory", "full", limits.critical_memory_full, Level.CRITICAL),
        ("memory", "full", limits.warning_memory_full, Level.WARNING),
        ("io", "full", limits.warning_io_full, Level.WARNING),
        ("cpu", "some", limits.warning_cpu_some, Level.WARNING),
    )
    for name, which, limit, level in judged:
        if limit is None or name not in found:
            continue
        share = found[name].full if which == "full" else found[name].some
        if share is not None and share > limit - keeps(held, level) * limits.margin_points:
            who = "all work" if which == "full" else "some work"
            return Verdict(level, f"{who} stood still {share:.0f} % of the last minute for want of {name}")
    return Verdict(Level.OK)


def judge_load(load_5min: float, cpus: int, limits: LoadLimits, held: Level = Level.OK) -> Verdict:
    """Return how loaded the machine is: a warning at most, for a load alone harms nobody."""
    per_cpu = load_5min / max(cpus, 1)
    limit = limits.warning_per_cpu
    if limit is not None and per_cpu > limit * (BACK if keeps(held, Level.WARNING) else 1):
        return Verdict(Level.WARNING, f"load of {load_5min:.2f} over 5 min on {cpus} processors")
    return Verdict(Level.OK)


def _margins(limits: DiskLimits, held: Level, level: Level) -> tuple[float, float]:
    return (limits.margin_points, limits.margin_gib) if keeps(held, level) else (0.0, 0.0)


def _judge_share(
    left_percent: float, limits: tuple[float, float], margin: float, held: Level, reason: str
) -> Verdict:
    for level, limit in zip((Level.CRITICAL, Level.WARNING), reversed(limits), strict=True):
        if left_percent < limit + keeps(held, level) * margin:
            return Verdict(level, reason)
    return Verdict(Level.OK)
