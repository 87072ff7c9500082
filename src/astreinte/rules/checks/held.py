"""The level that a judgement by limits held: hysteresis, so that a value that sways about a limit is one trouble."""

from __future__ import annotations

from dataclasses import dataclass

from astreinte.rules.checks.outcome import Level


@dataclass(frozen=True, slots=True)
class Held:
    """The level that is held, and the latest verdicts that count towards a worse one.

    A worse level is held once `attempts` verdicts in a row reached it, as for the state of the check: one
    peak beyond a limit must not make it hard to come back. A milder one is held at once, for it was judged
    beyond the margin already.
    """

    level: Level = Level.OK
    run: tuple[Level, ...] = ()

    def after(self, seen: Level, *, attempts: int) -> Held:
        """Return what is held after one more verdict."""
        run = (*self.run, seen)[-attempts:]
        lasting = min(run, key=Level.badness) if len(run) == attempts else Level.OK
        if seen.badness() < self.level.badness():
            return Held(seen, run)
        return Held(max(self.level, lasting, key=Level.badness), run)


def keeps(held: Level, level: Level) -> bool:
    """Say whether the limit of `level` is to be passed by its margin before it is over."""
    return held.badness() >= level.badness()
