"""What must be looked after by itself: checks from which nothing comes any more, sessions that ended."""

from datetime import datetime

from django.contrib.sessions.models import Session

from astreinte.records.accounts import actors
from astreinte.records.monitoring import recording

EVERY_S = 5.0
GRACE_S = 60.0
"""After a start, results that waited for the hub come first: silence is judged after them."""
SLICE = 500


def mark_stale(now: datetime) -> int:
    """Turn checks without a conclusive result for too long to stale; return how many."""
    return recording.mark_stale(at=now, actor=actors.system("monitoring"), limit=SLICE)


def forget_sessions(now: datetime) -> int:
    """Delete sessions that ended, in slices: people wait for the lock behind it. Return how many."""
    ended = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:SLICE])
    if ended:
        Session.objects.filter(pk__in=ended).delete()
    return len(ended)
