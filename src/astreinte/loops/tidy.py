"""What must be looked after by itself: checks from which nothing comes any more, samples and sessions that are over."""

import time
from datetime import datetime, timedelta

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


def keep_samples(now: datetime) -> int:
    """Pack the oldest hour that is over, or thin out a slice of what is packed; return how many were touched."""
    return closing.close(at=now, between=_rest) or _thin(now)


def _thin(now: datetime) -> int:
    whole, five_min, hourly = (timedelta(days=days) for days in settings.PLACES.retention)
    touched = closing.thin(at=now, keep=Retention(whole=whole, five_min=five_min, hourly=hourly))
    _rest()
    return touched


def _rest() -> None:
    time.sleep(REST_S)
