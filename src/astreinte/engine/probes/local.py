"""The kinds `load`, `boot` and `clock`: this very machine as a whole."""

from __future__ import annotations

import os
from dataclasses import dataclass

from astreinte.engine.collect import linux, timekeeping
from astreinte.engine.probes.aside import Aside
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import kernel_file, unreadable
from astreinte.engine.probes.options import OptionError, TimedOptions, check_port, option
from astreinte.rules.checks.clocks import ClockLimits, judge_clock
from astreinte.rules.checks.held import Held
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.thresholds import LoadLimits, judge_load

_time_servers = Aside("time server", threads=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions(TimedOptions):
    """Options of the kind `load`."""

    warning_per_cpu: float | None = option(
        None, "warning above this load per processor over 5 min; null: none"
    )

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        LoadLimits(self.warning_per_cpu)


@dataclass(frozen=True, slots=True, kw_only=True)
class BootOptions(TimedOptions):
    """Options of the kind `boot`."""

    recent_s: float = option(600.0, "seconds that a boot is told")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOptions(TimedOptions):
    """Options of the kind `clock`."""

    server: str | None = option(
        None,
        "a time server (NTP) to compare with; null: ask the kernel, which needs no network and proves that"
        " something keeps the clock, not that it is right",
    )
    port: int = option(timekeeping.NTP_PORT, "the port of the time server")
    warning_over_s: float = option(1.0, "warning above so many seconds, ahead or behind")
    critical_over_s: float = option(60.0, "critical above so many seconds, ahead or behind")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        check_port(self.port)
        if self.server is not None and not self.server.strip():
            raise OptionError("server: a host name or an address, or null, not an empty text")
        self.limits()

    def limits(self) -> ClockLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return ClockLimits(self.warning_over_s, self.critical_over_s)


class Load:
    """The kind `load`."""

    def __init__(self, attempts: int) -> None:
        self._attempts, self._held = attempts, Held()

    async def __call__(self, _target: Target, options: LoadOptions) -> Outcome:
        """Look once. Values: `load_1min`, `load_5min`, `load_15min`, `cpus`."""
        try:
            one, five, fifteen = linux.loads(kernel_file("loadavg"))
        except (OSError, linux.FactError) as error:
            return unreadable("the load", error)
        cpus = os.cpu_count() or 1
        verdict = judge_load(five, cpus, LoadLimits(options.warning_per_cpu), self._held.level)
        self._held = self._held.after(verdict.level, attempts=self._attempts)
        fine = f"load of {five:.2f} over 5 min on {cpus} processors"
        values = {"load_1min": one, "load_5min": five, "load_15min": fifteen, "cpus": cpus}
        return Outcome(verdict.level, verdict.reason or fine, values)


async def probe_boot(_target: Target, options: BootOptions) -> Outcome:
    """Look whether the machine started a short while ago: a warning, told for `recent_s`. Value: `uptime_s`.

    The watch started with it: only the machine's own age tells, not what the watch remembers.
    """
    try:
        up_s = linux.uptime_s(kernel_file("uptime"))
        boot = kernel_file("sys/kernel/random/boot_id").strip()
    except (OSError, linux.FactError) as error:
        return unreadable("the boot", error)
    values = {"uptime_s": up_s}
    if up_s < options.recent_s:
        return Outcome(Level.WARNING, f"started {up_s / 60:.0f} min ago (boot {boot})", values)
    days, hours = divmod(int(up_s) // 3600, 24)
    return Outcome(Level.OK, f"up for {days} days and {hours} h (boot {boot})", values)


class Clock:
    """The kind `clock`.

    Against a server it proves what it says. Without one it proves no more than that something keeps the
    clock, and how far that thing believes it to be off: wrong servers are not noticed.
    """

    def __init__(self, attempts: int) -> None:
        self._attempts, self._held = attempts, Held()

    async def __call__(self, _target: Target, options: ClockOptions) -> Outcome:
        """Look once. Values: `offset_s` (above zero: ahead); without a server also `kept` (0 or 1) and `error_s`,
        the most that it may be off.
        """
        if options.server is not None:
            return await self._compared(options.server, options)
        try:
            found = timekeeping.of_the_kernel()
        except OSError as error:
            return unreadable("the clock", error)
        if not found.kept:
            return Outcome(
                Level.WARNING,
                "nothing keeps this clock right: run chrony or systemd-timesyncd, or give the check a time server",
                {"kept": 0},
            )
        fine = f"kept, {abs(found.offset_s):.3g} s to make up, off by {found.error_s:.3g} s at most"
        # What remains to be made up is what the clock lacks: it is behind by that much.
        return self._judged(-found.offset_s, fine, options, {"error_s": found.error_s, "kept": 1})

    async def _compared(self, server: str, options: ClockOptions) -> Outcome:
        try:
            offset_s = await _time_servers.call(
                lambda: timekeeping.ask(server, options.port, within_s=options.timeout_s),
                within_s=options.timeout_s + 1.0,
            )
        except TimeoutError:
            return Outcome(
                Level.INCONCLUSIVE, f"the time server {server} gave no answer in {options.timeout_s:g} s"
            )
        except (OSError, UnicodeError, linux.FactError) as error:
            return Outcome(Level.INCONCLUSIVE, f"cannot compare with the time server {server}: {error}")
        return self._judged(offset_s, f"{abs(offset_s):.3g} s from {server}", options, {})

    def _judged(self, offset_s: float, fine: str, options: ClockOptions, more: dict[str, float]) -> Outcome:
        verdict = judge_clock(offset_s, options.limits(), self._held.level)
        self._held = self._held.after(verdict.level, attempts=self._attempts)
        return Outcome(verdict.level, verdict.reason or fine, {"offset_s": offset_s} | more)
