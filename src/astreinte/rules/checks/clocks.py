"""How wrong a machine's clock may be: what it writes down as proof depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from astreinte.rules.checks.held import keeps
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.thresholds import BACK, Limits, Verdict


@dataclass(frozen=True, slots=True)
class ClockLimits(Limits):
    """Limits of the offset, in seconds, whatever its sign."""

    warning_over_s: float = 1.0
    critical_over_s: float = 60.0

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        self._in_order("warning_over_s", "critical_over_s", grows=True)


def judge_clock(offset_s: float, limits: ClockLimits, held: Level = Level.OK) -> Verdict:
    """Return how wrong a clock is that is `offset_s` seconds ahead (behind, when below zero)."""
    side = "ahead" if offset_s > 0 else "behind"
    reason = f"the clock is {abs(offset_s):.3g} s {side}"
    for level, limit in ((Level.CRITICAL, limits.critical_over_s), (Level.WARNING, limits.warning_over_s)):
        if abs(offset_s) > limit * (BACK if keeps(held, level) else 1):
            return Verdict(level, reason)
    return Verdict(Level.OK)
