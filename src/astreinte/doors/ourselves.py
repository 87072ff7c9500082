"""How the installation itself stands: /healthz for whoever keeps it alive, /metrics for whoever measures it.

Answered before anything else is asked (brand, session): they must work when those do not.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse

from astreinte.loops import clock, hub
from astreinte.records.accounts import actors
from astreinte.records.journal import sealing
from astreinte.records.journal.models import Delivery
from astreinte.records.monitoring.models import Check
from astreinte.rules.checks.outcome import Level

LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
TEXT = "text/plain; version=0.0.4; charset=utf-8"

Answer = Callable[[HttpRequest], HttpResponse]
Sample = tuple[Mapping[str, str], float]


class OurselvesMiddleware:
    """Answers the two addresses; every other request goes on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on."""
        if request.path == "/healthz":
            return healthz(request)
        if request.path == "/metrics" and _may_measure(request):
            return metrics(request)
        return self.get_response(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """Return 200 when the database answers and every part of the hub runs, else 503 with what does not."""
    parts = {"database": _database_answers()}
    running = hub.running()
    if running is not None:
        parts |= running.standing()
    failing = sorted(name for name, runs in parts.items() if not runs)
    status = 503 if failing else 200
    return JsonResponse({"ok": not failing, "failing": failing}, status=status)


def metrics(request: HttpRequest) -> HttpResponse:
    """Return what Prometheus reads: counts alone, of no provider and no client in particular."""
    at = clock.now()
    lines = [*_of_database(at), *_of_hub(hub.running())]
    return HttpResponse("\n".join([*lines, ""]), content_type=TEXT)


def _may_measure(request: HttpRequest) -> bool:
    """Let in a staff token, and whoever sits on this machine and asks without a proxy in between."""
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    if word.lower() == "bearer" and token:
        return actors.of_token(token.strip(), clock.now()).is_staff
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.META for name in FORWARDED)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        connection.close()
        return False


def _of_database(at: datetime) -> Iterable[str]:
    checks = Check.objects.as_of(at)
    levels = dict.fromkeys((level.value for level in Level if level is not Level.INCONCLUSIVE), 0)
    known = checks.filter(state__stale_at__gt=at).values_list("state__level")
    levels |= dict(known.annotate(many=Count("pk")).order_by())
    levels[Level.STALE.value] = checks.count() - sum(
        many for level, many in levels.items() if level != Level.STALE.value
    )
    yield from _metric("checks", "gauge", "Checks by level.", _by("level", levels))
    owed = Delivery.objects.filter(done_at=None, skipped_at=None)
    deliveries = {
        "waiting": owed.filter(dead_at=None).count(),
        "dead": owed.exclude(dead_at=None).count(),
    }
    yield from _metric("deliveries", "gauge", "Deliveries that are owed.", _by("state", deliveries))
    lag_s = sealing.lag(at).total_seconds()
    yield from _metric("seal_lag_seconds", "gauge", "Age of the oldest entry without seal.", [({}, lag_s)])


def _of_hub(running: hub.Hub | None) -> Iterable[str]:
    if running is None:
        return
    counted = running.recorder.counted
    results = {
        "kept": counted.kept,
        "repeated": counted.repeated,
        "refused": counted.refused,
        "unusable": counted.unusable,
        "lost": sum(counted.lost_by_watch.values()),
    }
    yield from _metric("results_total", "counter", "Results, by what became of them.", _by("became", results))
    for name, value, what in (
        ("transitions_total", counted.transitions, "Transitions that were confirmed."),
        ("recorder_commits_total", counted.commits, "Transactions of the recorder."),
        ("recorder_waits_total", counted.waits_for_lock, "Times that the recorder waited for the database."),
        ("watch_starts_total", running.tended.starts, "Times that the watch was started."),
    ):
        yield from _metric(name, "counter", what, [({}, value)])
    blind = running.recorder.sight.blinded is not None
    yield from _metric("watch_blind", "gauge", "1 while we see too little to judge.", [({}, blind)])
    yield from _metric("part_up", "gauge", "Parts of the hub that run.", _by("part", running.standing()))


def _by(label: str, values: Mapping[str, float]) -> list[Sample]:
    return [({label: name}, float(value)) for name, value in values.items()]


def _metric(name: str, kind: str, what: str, samples: Iterable[Sample]) -> Iterable[str]:
    yield f"# HELP astreinte_{name} {what}"
    yield f"# TYPE astreinte_{name} {kind}"
    for labels, value in samples:
        inside = ",".join(f"{label}={json.dumps(text)}" for label, text in labels.items())
        yield f"astreinte_{name}{'{' + inside + '}' if inside else ''} {value:g}"
