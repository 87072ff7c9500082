"""The kind `units`: what systemd says of the units of this very machine, declared or not."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from astreinte.engine.collect import nagios, units
from astreinte.engine.collect.linux import FactError
from astreinte.engine.collect.units import Unit
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import ENVIRONMENT, names
from astreinte.engine.probes.options import OptionError, TimedOptions, option
from astreinte.engine.spawning import Spawned
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.thresholds import Verdict

KEPT = 4 * 1024 * 1024
"""Bytes of the answer that are read: some hundreds for each unit."""
ACTIVE = frozenset(("active", "reloading", "refreshing"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsOptions(TimedOptions):
    """Options of the kind `units`."""

    declared: str = option("", "units that must be active, with commas between; nginx is nginx.service")
    ignored: str = option("", "units that may fail, with commas between")
    failed_after_s: float = option(300.0, "warning for any other unit that has failed for so many seconds")
    restarts: int = option(2, "warning above so many restarts of a unit, by itself, within:")
    restarts_within_s: float = option(300.0, "seconds in which restarts are counted")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        for one in (*names(self.declared), *names(self.ignored)):
            if one.startswith("-") or not one.isprintable() or any(sign in one for sign in " */?["):
                raise OptionError(f"declared, ignored: names of units such as nginx.service, not {one!r}")

    def must_run(self) -> tuple[str, ...]:
        """Return the full names of the units that must be active."""
        return tuple(map(_full, names(self.declared)))

    def may_fail(self) -> frozenset[str]:
        """Return the full names of the units that may fail."""
        return frozenset(map(_full, names(self.ignored)))


class Units:
    """The kind `units`. Restarts are counted from the first look on."""

    def __init__(self, _attempts: int) -> None:
        self._restarts: dict[str, deque[tuple[float, int]]] = {}

    async def __call__(self, _target: Target, options: UnitsOptions) -> Outcome:
        """Look once. Values: `not_active_count` (of the declared), `failed_count`, `restarts_count` (the most)."""
        try:
            process = Spawned(units.command(options.must_run()), environment=ENVIRONMENT, keep=KEPT)
        except OSError as error:
            return Outcome(Level.INCONCLUSIVE, f"cannot run systemctl: {error.strerror or error}")
        code = await process.ended_within(options.timeout_s)
        if code is None:
            return Outcome(Level.INCONCLUSIVE, f"systemd gave no answer in {options.timeout_s:g} s")
        if code != 0:
            why = nagios.shown(process.complained.decode("utf-8", "backslashreplace"))
            return Outcome(Level.INCONCLUSIVE, f"systemctl failed ({code}): {why}")
        try:
            found = units.units(process.printed.decode("utf-8", "backslashreplace"))
        except FactError as error:
            return Outcome(Level.INCONCLUSIVE, f"cannot read the units of this machine: {error}")
        return self.judged(found, options, now_s=time.monotonic())

    def judged(self, found: Iterable[Unit], options: UnitsOptions, *, now_s: float) -> Outcome:
        """Return what the units mean, `now_s` seconds after the boot."""
        by_name = {name: unit for unit in found for name in unit.names}
        down = [name for name in options.must_run() if not _is_active(by_name.get(name))]
        others = {unit.name: unit for unit in by_name.values() if not unit.names & options.may_fail()}
        failed = [unit for unit in others.values() if unit.active == "failed" and unit.name not in down]
        old = [unit.name for unit in failed if now_s - unit.changed_s >= options.failed_after_s]
        restarted = self._count(others.values(), options, now_s)
        looping = [f"{name} ({n} times)" for name, n in restarted.items() if n > options.restarts]
        verdicts = (
            _told(Level.CRITICAL, "declared and not active", [_state(name, by_name) for name in down]),
            _told(Level.WARNING, "failed", old),
            _told(Level.WARNING, f"restarted by itself within {options.restarts_within_s:g} s", looping),
        )
        wrong = [one for one in verdicts if one.level is not Level.OK]
        fine = f"{len(options.must_run())} declared units are active, none failed"
        return Outcome(
            Verdict.worst(list(verdicts)).level,
            "; ".join(one.reason for one in wrong) or fine,
            {
                "not_active_count": len(down),
                "failed_count": len(failed),
                "restarts_count": max(restarted.values(), default=0),
            },
        )

    def _count(self, found: Iterable[Unit], options: UnitsOptions, now_s: float) -> dict[str, int]:
        """Return how many times each unit restarted within the time, as far as it was watched."""
        counted: dict[str, int] = {}
        for unit in found:
            looks = self._restarts.setdefault(unit.name, deque())
            if looks and unit.restarts < looks[-1][1]:
                looks.clear()  # counted anew, since someone started it by hand
                looks.append((now_s, 0))
            looks.append((now_s, unit.restarts))
            # The last look before the time is kept: it says from which count on.
            while len(looks) > 1 and looks[1][0] <= now_s - options.restarts_within_s:
                looks.popleft()
            counted[unit.name] = unit.restarts - looks[0][1]
        for name in self._restarts.keys() - counted.keys():
            del self._restarts[name]
        return counted


def _full(name: str) -> str:
    return name if "." in name else f"{name}.service"


def _is_active(unit: Unit | None) -> bool:
    return unit is not None and unit.active in ACTIVE


def _state(name: str, by_name: dict[str, Unit]) -> str:
    return f"{name}: {by_name[name].state if name in by_name else 'not-found'}"


def _told(level: Level, what: str, which: list[str]) -> Verdict:
    return Verdict(level, f"{what}: {', '.join(sorted(which))}") if which else Verdict(Level.OK)
