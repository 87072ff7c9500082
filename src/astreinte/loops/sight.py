"""Whether the watch sees: the last minute of results, looked at each few seconds, told when it changes."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from astreinte.engine.bus.ports import Assignment, Result
from astreinte.records.accounts import actors
from astreinte.records.monitoring import blindness
from astreinte.records.monitoring.facts import WatchBlinded
from astreinte.rules.checks import sight
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.sight import View

LOOK_S = 5.0
OURSELVES_AWAY_S = 15.0
"""Looks farther apart than this: it was the hub that did not run, and what came meanwhile is not read yet."""


class Sight:
    """What came from the watch in the last while. The recorder notes, another thread looks; both may."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._came: dict[str, tuple[float, str | None]] = {}
        self._shortest_s: float | None = None
        self._last = self._looked = monotonic()
        self._known = False
        self.view = View()
        self.blinded: WatchBlinded | None = None
        """What was said when we became blind, for as long as it holds."""

    def expect(self, checks: Iterable[Assignment]) -> None:
        """Take what the watch has to do: where it has nothing to do, silence says nothing."""
        shortest = min((one.every_s for one in checks), default=None)
        with self._lock:
            if self._shortest_s is None:
                self._last = self._monotonic()
            self._shortest_s = shortest

    def note(self, results: Iterable[Result]) -> None:
        """Take what came from the watch."""
        now = self._monotonic()
        with self._lock:
            for one in results:
                self._came[one.check_id] = (now, one.text if one.level is Level.INCONCLUSIVE else None)
            self._last = now

    def look(self, at: datetime) -> int:
        """Look at what came; write down when we became blind, and when we see again. Return 0: it is done once."""
        self.view = self._seen()
        if not self._known:
            self.blinded, self._known = blindness.standing(), True
        was = self.blinded is not None
        if sight.blind(self.view, was_blind=was) != was:
            actor = actors.system("monitoring")
            if self.blinded is None:
                self.blinded = blindness.note_blinded(self.view, at=at, actor=actor)
            else:
                blindness.note_sighted(self.blinded, at=at, actor=actor)
                self.blinded = None
        return 0

    def _seen(self) -> View:
        now = self._monotonic()
        with self._lock:
            if now - self._looked > OURSELVES_AWAY_S:
                self._last = now
            self._looked = now
            if self._shortest_s is None:
                self._came.clear()
                return View()
            window_s = sight.window_s(self._shortest_s)
            self._came = {name: came for name, came in self._came.items() if now - came[0] <= window_s}
            texts = [text for _, text in self._came.values() if text is not None]
            silent = now - self._last > window_s
            return View(
                len(self._came), len(texts), sight.SILENT if silent else sight.cause_of(texts), silent
            )
