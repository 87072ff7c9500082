"""How late the loop itself is: a time measured by a loop that was late says nothing of the target."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

BEAT_S = 0.02
TOO_LATE_S = 0.1
"""Above this, what was measured meanwhile is inconclusive."""

_KEPT = 1000


class Lateness:
    """Compares each beat with the instant at which it should have come (monotonic seconds)."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._expected = monotonic() + BEAT_S
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)

    def beat(self) -> None:
        """Note that the loop came by; the next beat is expected `BEAT_S` later."""
        now = self._monotonic()
        if now - self._expected > TOO_LATE_S:
            self._late.append((now, now - self._expected))
        self._expected = now + BEAT_S

    def worst_since(self, began: float) -> float:
        """Return how late the loop was at worst since `began`, in seconds; 0 when it was not too late.

        A beat that is overdue counts already: after a stall the loop runs the callbacks of sockets before
        those of timers, so a result can come before the beat that tells of the stall.
        """
        worst = 0.0
        for at, late in reversed(self._late):
            if at < began:
                break
            worst = max(worst, late)
        overdue = self._monotonic() - self._expected
        return max(worst, overdue) if overdue > TOO_LATE_S else worst
