"""How full is too full: disk (aware of its size), inodes, memory, load. One judgement for every source.

Defaults: the engine's table of thresholds (each anchored in what the field ships). A threshold is on the
fact, not on the door by which it came: SSH, an agent or this very machine give one answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from astreinte.rules.checks.outcome import Level

GIB = 1024**3


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

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        self._in_order("warning_available_percent", "critical_available_percent", grows=False)


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


def judge_space(space: Space, limits: DiskLimits) -> Verdict:
    """Return how full one filesystem is, bytes and inodes together."""
    room = f"{space.mount}: {space.used_percent:.0f} % used, {space.avail / GIB:.1f} GiB left"
    used, free_gib = space.used_percent, space.free / GIB
    if used >= limits.critical_used_percent and free_gib < limits.critical_free_gib:
        return Verdict(Level.CRITICAL, room)
    if space.avail_percent < limits.critical_avail_percent:
        return Verdict(Level.CRITICAL, room)
    inodes = f"{space.mount}: {space.inodes_free_percent:.0f} % of the inodes left"
    if space.inodes_free_percent < limits.critical_inodes_free_percent:
        return Verdict(Level.CRITICAL, inodes)
    if used >= limits.warning_used_percent and free_gib < limits.warning_free_gib:
        return Verdict(Level.WARNING, room)
    if space.inodes_free_percent < limits.warning_inodes_free_percent:
        return Verdict(Level.WARNING, inodes)
    return Verdict(Level.OK)


def judge_memory(memory: Memory, limits: MemoryLimits) -> Verdict:
    """Return how short of memory the machine is."""
    left = memory.available_percent
    reason = f"{left:.0f} % of the memory available ({memory.available / GIB:.1f} GiB)"
    if left < limits.critical_available_percent:
        return Verdict(Level.CRITICAL, reason)
    if left < limits.warning_available_percent:
        return Verdict(Level.WARNING, reason)
    return Verdict(Level.OK)


def judge_load(load_5min: float, cpus: int, limits: LoadLimits) -> Verdict:
    """Return how loaded the machine is: a warning at most, for a load alone harms nobody."""
    per_cpu = load_5min / max(cpus, 1)
    if limits.warning_per_cpu is not None and per_cpu > limits.warning_per_cpu:
        return Verdict(Level.WARNING, f"load of {load_5min:.2f} over 5 min on {cpus} processors")
    return Verdict(Level.OK)
