"""What must be looked after by itself: checks from which nothing comes any more, samples and sessions that are over."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session

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
LEAP = timedelta(hours=1)
"""A clock on the wall that is so far from where it ought to be is said to be wrong."""
STEADY_S = 3600.0
FORGOTTEN_A_DAY = 240
"""Hours of samples: a clock that was wrong from the start costs ten days of the oldest in a day, not all of them."""
DAY_S = 86_400.0

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


class Samples:
    """Packs the hours that are over, and makes what is packed grow old: one of them a process.

    To pack costs no sample, whatever the clock says. To thin out and to forget cannot be undone: they go by the
    clock on the wall only as far as time really passed since the first turn.
    """

    def __init__(self, running: Callable[[], float] = since_boot) -> None:
        self._running = running
        self._first: tuple[datetime, float] | None = None
        self._leapt = False
        self._day = self._forgotten = 0

    def keep(self, now: datetime) -> int:
        """Pack the oldest hour that is over, or do one slice of the rest; return how many samples were touched."""
        ran_s = self._ran_s(now)
        return closing.close(at=now, between=_rest) or self._drop_ahead(now, ran_s) or self._age(now, ran_s)

    def _ran_s(self, now: datetime) -> float:
        if self._first is None:
            self._first = now, self._running()
        return self._running() - self._first[1]

    def _reckoned(self, now: datetime, ran_s: float) -> datetime:
        """Return what time it must be if it was right at the first turn."""
        return (self._first[0] if self._first else now) + timedelta(seconds=ran_s)

    def _drop_ahead(self, now: datetime, ran_s: float) -> int:
        # Soon after a start a clock may still be behind, and a sample ahead of it be right.
        if ran_s < STEADY_S:
            return 0
        dropped = closing.drop_ahead(at=max(now, self._reckoned(now, ran_s)))
        if dropped:
            log.warning("samples from the future dropped", samples=dropped)
            _rest()
        return dropped

    def _age(self, now: datetime, ran_s: float) -> int:
        reckoned = self._reckoned(now, ran_s)
        self._say(now - reckoned)
        at = min(now, reckoned)
        whole, five_min, hourly = (timedelta(days=days) for days in settings.PLACES.retention)
        keep = Retention(whole=whole, five_min=five_min, hourly=hourly)
        touched = closing.thin(at=at, keep=keep) or self._forget(at, keep, int(ran_s // DAY_S))
        _rest()
        return touched

    def _forget(self, at: datetime, keep: Retention, day: int) -> int:
        if day != self._day:
            self._day, self._forgotten = day, 0
        if self._forgotten >= FORGOTTEN_A_DAY:
            return 0
        touched = closing.forget(at=at, keep=keep)
        self._forgotten += touched > 0
        return touched

    def _say(self, ahead: timedelta) -> None:
        leapt = ahead > LEAP
        if leapt and not self._leapt:
            log.error(
                "clock jumped ahead: samples grow old as if it had not; restart the hub if it is right now",
                ahead_s=round(ahead.total_seconds()),
            )
        elif self._leapt and not leapt:
            log.info("clock is back: samples grow old by it again")
        self._leapt = leapt


def _rest() -> None:
    time.sleep(REST_S)
