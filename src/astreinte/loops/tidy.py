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
"""After a start, results that waited for the hub come first: silence is judged after them."""
SLICE = 500
SAMPLES_EVERY_S = 60.0
REST_S = 0.02
"""After a slice of samples, pages and recorder come first."""


def mark_stale(now: datetime) -> int:
    """Turn checks without a conclusive result for too long to stale; return how many."""
    return recording.mark_stale(at=now, actor=actors.system("monitoring"), limit=SLICE)


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
