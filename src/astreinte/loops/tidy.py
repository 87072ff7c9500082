"""What must be looked after by itself: checks from which nothing comes any more, samples and sessions that are over."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session

from astreinte.engine.collect import timekeeping
from astreinte.records.accounts import actors
from astreinte.records.monitoring import closing, recording
from astreinte.records.monitoring.closing import Retention

EVERY_S = 5.0
GRACE_S = 60.0
"""After a start, pages and results that waited for the hub come first."""
SLICE = 500
SAMPLES_EVERY_S = 60.0
REST_S = 0.02
"""After a slice of samples, pages and recorder come first."""
STEADY_S = 3600.0

log = structlog.get_logger("astreinte.tidy")


class Silence:
    """Tells the silence of a target from that of the hub itself: one of them a process.

    The watch keeps what it measured while the hub was away, and hands it over in order. So a check is judged as of
    the latest result of any check: what is older has come, or was not measured. When nothing at all comes for
    `PATIENCE`, the watch is silent too, and the clock on the wall judges.
    """

    def __init__(self) -> None:
        self._heard: datetime | None = None
        self._moved_at: datetime | None = None

    def mark_stale(self, now: datetime) -> int:
        """Turn checks without a conclusive result for too long to stale; return how many."""
        heard = recording.heard_until()
        if heard != self._heard or self._moved_at is None:
            self._heard, self._moved_at = heard, now
        comes = heard is not None and now - self._moved_at < recording.PATIENCE
        at = min(heard, now) if heard is not None and comes else now
        return recording.mark_stale(at=at, actor=actors.system("monitoring"), limit=SLICE)


def forget_sessions(now: datetime) -> int:
    """Delete sessions that ended, in slices: people wait for the lock behind it. Return how many."""
    ended = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:SLICE])
    if ended:
        Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def since_boot() -> float:
    """Return seconds by a clock that nobody sets, and that counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def is_kept() -> bool:
    """Tell whether the kernel knows of something that keeps this machine's clock right."""
    try:
        return timekeeping.of_the_kernel().kept
    except OSError:
        return False


class Samples:
    """Packs the hours that are over, and makes what is packed grow old: one of them a process.

    To pack costs no sample, whatever the clock says; what grows old is counted in hours that were measured
    (`closing.old`). What lies in the future is dropped where something keeps the clock right, no sooner than an hour
    after the first turn: else the clock may be behind, and the samples right.
    """

    def __init__(self, running: Callable[[], float] = since_boot, kept: Callable[[], bool] = is_kept) -> None:
        self._running, self._kept = running, kept
        self._first_s: float | None = None
        self._old: tuple[int, closing.Old] | None = None

    def keep(self, now: datetime) -> int:
        """Pack the oldest hour that is over, or do one slice of the rest; return how many samples were touched."""
        if self._first_s is None:
            self._first_s = self._running()
        return closing.close(at=now, between=_rest) or self._drop_ahead(now) or self._age(now)

    def _drop_ahead(self, now: datetime) -> int:
        if self._running() - (self._first_s or 0.0) < STEADY_S or not self._kept():
            return 0
        dropped = closing.drop_ahead(at=now)
        if dropped:
            log.warning("samples from the future dropped", samples=dropped)
            _rest()
        return dropped

    def _age(self, now: datetime) -> int:
        before = self._old_at(now)
        touched = closing.thin(before) or closing.forget(before)
        _rest()
        return touched

    def _old_at(self, now: datetime) -> closing.Old:
        """Return what is old, counted once an hour."""
        hour = int(now.timestamp() // 3600)
        if self._old is None or self._old[0] != hour:
            whole, five_min, hourly = (timedelta(days=days) for days in settings.PLACES.retention)
            keep = Retention(whole=whole, five_min=five_min, hourly=hourly)
            self._old = hour, closing.old(at=now, keep=keep)
        return self._old[1]


def _rest() -> None:
    time.sleep(REST_S)
