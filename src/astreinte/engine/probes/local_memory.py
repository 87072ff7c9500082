"""The kinds `memory`, `swap`, `pressure` and `oom`: how short of memory this very machine is, and who paid for it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from astreinte.engine.collect import kernel_log, linux
from astreinte.engine.probes.aside import Aside
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import kernel_file, names, unreadable
from astreinte.engine.probes.options import TimedOptions, option
from astreinte.rules.checks.held import Held
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.thresholds import (
    GIB,
    MemoryLimits,
    Pressure,
    PressureLimits,
    SwapLimits,
    Verdict,
    judge_memory,
    judge_pressure,
    judge_swap,
)

RESOURCES = ("memory", "io", "cpu")

_kernel_log = Aside("kernel log", threads=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryOptions(TimedOptions):
    """Options of the kind `memory`."""

    warning_available_percent: float = option(10.0, "warning below this share available")
    critical_available_percent: float = option(5.0, "critical below this share available")
    warning_after_s: float = option(
        600.0, "seconds that a shortage lasts before an attempt calls it a warning"
    )
    margin_points: float = option(5.0, "points of share beyond a limit until its level is over")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> MemoryLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return MemoryLimits(
            warning_available_percent=self.warning_available_percent,
            critical_available_percent=self.critical_available_percent,
            margin_points=self.margin_points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapOptions(TimedOptions):
    """Options of the kind `swap`."""

    warning_free_percent: float = option(20.0, "warning below this share of the swap free, together with:")
    warning_faults_per_s: float = option(500.0, "warning from so many pages read back from disk each second")
    margin_points: float = option(5.0, "points of share beyond the limit until its level is over")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> SwapLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return SwapLimits(
            warning_free_percent=self.warning_free_percent,
            warning_faults_per_s=self.warning_faults_per_s,
            margin_points=self.margin_points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureOptions(TimedOptions):
    """Options of the kind `pressure`. Each limit is a share of the last minute, in percent; null: none."""

    warning_memory_full: float | None = option(10.0, "warning above: all work stood still for want of memory")
    critical_memory_full: float | None = option(None, "critical above: the same; null: none")
    warning_io_full: float | None = option(None, "warning above: all work stood still for want of disks")
    warning_cpu_some: float | None = option(None, "warning above: some work waited for a processor")
    margin_points: float = option(5.0, "points below a limit until its level is over")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> PressureLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return PressureLimits(
            warning_memory_full=self.warning_memory_full,
            critical_memory_full=self.critical_memory_full,
            warning_io_full=self.warning_io_full,
            warning_cpu_some=self.warning_cpu_some,
            margin_points=self.margin_points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OomOptions(TimedOptions):
    """Options of the kind `oom`."""

    declared: str = option("", "programs or units whose death is critical, with commas between")
    recent_s: float = option(900.0, "seconds that a killed process is told")

    def missed(self) -> frozenset[str]:
        """Return the programs and units whose death is critical."""
        return frozenset(names(self.declared))


class MemoryLeft:
    """The kind `memory`."""

    def __init__(self, attempts: int) -> None:
        self._attempts, self._held = attempts, Held()
        self._short_since: float | None = None

    async def __call__(self, _target: Target, options: MemoryOptions) -> Outcome:
        """Look once. Values: `available_percent`, `available_bytes`, `swap_free_bytes`.

        With its pace a critical shortage is sure after 5 min, a milder one after 15.
        """
        try:
            memory = linux.memory(kernel_file("meminfo"))
        except (OSError, ValueError) as error:
            return unreadable("the memory", error)
        verdict = judge_memory(memory, options.limits(), self._held.level)
        self._held = self._held.after(verdict.level, attempts=self._attempts)
        short_s = self._short_for(verdict.level)
        if verdict.level is Level.WARNING and short_s < options.warning_after_s:
            verdict = Verdict(Level.OK, f"{verdict.reason}, short for {short_s / 60:.0f} min")
        fine = f"{memory.available_percent:.0f} % of the memory available ({memory.available / GIB:.1f} GiB)"
        values = {
            "available_percent": round(memory.available_percent, 2),
            "available_bytes": memory.available,
            "swap_free_bytes": memory.swap_free,
        }
        return Outcome(verdict.level, verdict.reason or fine, values)

    def _short_for(self, level: Level) -> float:
        """Return for how many seconds the memory has been short."""
        now = time.monotonic()
        if level is Level.OK:
            self._short_since = None
        elif self._short_since is None:
            self._short_since = now
        return now - (now if self._short_since is None else self._short_since)


class SwapLeft:
    """The kind `swap`. Pages read back are counted between two looks: the first one judges nothing."""

    def __init__(self, attempts: int) -> None:
        self._attempts, self._held = attempts, Held()
        self._before: tuple[float, int] | None = None

    async def __call__(self, _target: Target, options: SwapOptions) -> Outcome:
        """Look once. Values: `swap_free_percent`, `swap_free_bytes`, `major_faults_per_s` from the second look."""
        try:
            memory = linux.memory(kernel_file("meminfo"))
            faults = linux.counter(kernel_file("vmstat"), "pgmajfault")
        except (OSError, ValueError) as error:
            return unreadable("the swap", error)
        if not memory.swap_total:
            return Outcome(Level.OK, "this machine has no swap")
        now, before = time.monotonic(), self._before
        self._before = now, faults
        values: dict[str, float] = {
            "swap_free_percent": round(memory.swap_free_percent, 2),
            "swap_free_bytes": memory.swap_free,
        }
        left = f"{memory.swap_free_percent:.0f} % of the swap left ({memory.swap_free / GIB:.1f} GiB)"
        if before is None:
            return Outcome(Level.OK, f"{left}; what is read back is counted from now on", values)
        rate = max(0, faults - before[1]) / max(now - before[0], 1e-3)
        verdict = judge_swap(memory, rate, options.limits(), self._held.level)
        self._held = self._held.after(verdict.level, attempts=self._attempts)
        return Outcome(verdict.level, verdict.reason or left, values | {"major_faults_per_s": round(rate, 2)})


class Stalls:
    """The kind `pressure`."""

    def __init__(self, attempts: int) -> None:
        self._attempts, self._held = attempts, Held()

    async def __call__(self, _target: Target, options: PressureOptions) -> Outcome:
        """Look once. Values, over the last minute: `memory_full_percent`, `memory_some_percent`, `io_…`, `cpu_…`."""
        try:
            found = pressures()
        except (OSError, linux.FactError) as error:
            return unreadable("the pressure", error)
        verdict = judge_pressure(found, options.limits(), self._held.level)
        self._held = self._held.after(verdict.level, attempts=self._attempts)
        values: dict[str, float] = {}
        for name, one in found.items():
            values[f"{name}_some_percent"] = one.some
            if one.full is not None:
                values[f"{name}_full_percent"] = one.full
        some = ", ".join(f"{name} {one.some:.0f} %" for name, one in found.items())
        return Outcome(
            verdict.level, verdict.reason or f"of the last minute, some work waited: {some}", values
        )


class Killed:
    """The kind `oom`: processes that the kernel killed for want of memory, since the look before."""

    def __init__(self, _attempts: int) -> None:
        self._kills: int | None = None
        self._last_record = -1
        self._told: tuple[float, Outcome] | None = None

    async def __call__(self, _target: Target, options: OomOptions) -> Outcome:
        """Look once. Value: `oom_kills_count`, since the boot.

        The first look only counts. A kill is told for `recent_s` seconds: it is an event, not a state.
        """
        try:
            kills = linux.counter(kernel_file("vmstat"), "oom_kill")
        except (OSError, linux.FactError) as error:
            return unreadable("the kills for want of memory", error)
        before, self._kills = self._kills, kills
        values = {"oom_kills_count": kills}
        fine = f"none killed for want of memory since it is watched; {kills} since the boot"
        if before is None:
            await self._victims(options)
            return Outcome(Level.OK, fine, values)
        if kills > before:
            dead = await self._victims(options)
            latest = _told(kills - before, dead, options.missed(), values)
            told = self._recent(options)
            if told is not None and told.level.badness() > latest.level.badness():
                latest = Outcome(told.level, f"{latest.text}; before, {told.text}", values)
            self._told = time.monotonic(), latest
        return self._recent(options) or Outcome(Level.OK, fine, values)

    def _recent(self, options: OomOptions) -> Outcome | None:
        """Return what was told last, while it is recent."""
        if self._told is None or time.monotonic() - self._told[0] >= options.recent_s:
            return None
        return self._told[1]

    async def _victims(self, options: OomOptions) -> tuple[kernel_log.Victim, ...]:
        """Return who died since the look before; none where the log may not be read."""
        try:
            records = await _kernel_log.call(kernel_log.of_this_machine, within_s=options.timeout_s)
        except (OSError, TimeoutError):
            return ()
        found = kernel_log.victims(records)
        late = tuple(one for one in found if one.number > self._last_record)
        self._last_record = max((one.number for one in found), default=self._last_record)
        return late


def pressures() -> dict[str, Pressure]:
    """Return the stalls of each resource. Raises OSError where the kernel counts none, and FactError."""
    return {name: linux.pressure(kernel_file(f"pressure/{name}")) for name in RESOURCES}


def _told(
    kills: int, dead: tuple[kernel_log.Victim, ...], declared: frozenset[str], values: dict[str, int]
) -> Outcome:
    who = ", ".join(map(str, dead)) or "the kernel's log, which names them, may not be read"
    missed = bool(declared & {name for one in dead for name in (one.name, one.unit)})
    return Outcome(
        Level.CRITICAL if missed else Level.WARNING,
        f"killed for want of memory, {kills} since the look before: {who}",
        values,
    )
