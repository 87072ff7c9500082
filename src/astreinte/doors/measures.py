"""What was measured on a server, as its page shows it: a curve for what each check is about, or all of one check."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from astreinte.doors import curves, naming, saying
from astreinte.doors.curves import Curve
from astreinte.doors.watched import Standing, Watched
from astreinte.records.accounts.actors import Actor
from astreinte.records.monitoring import checking, past, samples
from astreinte.records.monitoring.models import Check, Series
from astreinte.records.monitoring.past import Stretch
from astreinte.records.monitoring.samples import DamagedError, Point
from astreinte.rules.checks import freshness
from astreinte.rules.checks.outcome import Level
from astreinte.words import measures

MOST = 12
"""Curves on one page; those of a check are asked for by its name."""

NEW = timedelta(hours=1)
"""A server that is watched for less shows its last hours unasked."""

CHIEF: Mapping[str, tuple[str, ...]] = {
    "http": (samples.TOOK,),
    "tcp": ("connect_s",),
    "dns": ("answer_s",),
    "icmp": ("rtt_avg_s", "loss_percent"),
    "tls": ("days_left",),
    "disk": ("used_percent",),
    "memory": ("available_percent",),
    "load": ("load_5min",),
    "swap": ("swap_free_percent",),
    "clock": ("offset_s",),
    "boot": ("uptime_s",),
    "mounts": ("read_only_count",),
    "oom": ("oom_kills_count",),
    "pressure": ("memory_full_percent",),
    "units": ("not_active_count",),
}
"""What a kind of check is about: the names of its values, without what follows a colon."""

YES_OR_NO = frozenset({"kept"})
"""Values that are 1 or 0."""

log = logging.getLogger("astreinte.samples")


@dataclass(frozen=True, slots=True)
class Over:
    """A length of time that can be asked for, in at most `points` steps."""

    key: str
    length: timedelta
    points: int
    said: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: whose, its words, the latest value, its curve; or `trouble` in the place of the curve."""

    check: Check
    said: str
    latest: str
    svg: SafeString
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Measures:
    """What the page of a server shows of its measures. `check`: the one that is shown whole, if any."""

    over: Over
    choices: tuple[Over, ...]
    figures: tuple[Figure, ...]
    check: Check | None
    more: tuple[Check, ...]


def choices() -> tuple[Over, ...]:
    """Return the lengths that can be asked for; the last day is what is shown unasked, but of a new server."""
    return (
        Over("hours", timedelta(hours=3), 181, _("3 hours")),
        Over("day", timedelta(days=1), 289, _("24 hours")),
        Over("week", timedelta(days=7), 169, _("7 days")),
        Over("month", timedelta(days=30), 361, _("30 days")),
        Over("year", timedelta(days=365), 366, _("1 year")),
    )


def shown(row: Watched, *, actor: Actor, at: datetime, asked: Mapping[str, str]) -> Measures:
    """Return the curves of a server: `over` and `check` of `asked` choose the length and one check.

    What is asked for and does not exist is passed over: the page shows the last day of everything, or the
    last hours where nothing is watched for an hour yet.
    """
    listed = choices()
    usual = listed[0] if _is_new(row, at) else listed[1]
    over = next((one for one in listed if one.key == asked.get("over")), usual)
    one = next((each.check for each in row.standings if each.check.public_id == asked.get("check")), None)
    picked = _picked(row.standings, one, actor)[:MOST]
    start = at - over.length
    figures = _figures(picked, start=start, end=at, points=over.points)
    more = tuple(each.check for each in row.standings)
    return Measures(over, listed, tuple(figures), one, more)


def _is_new(row: Watched, at: datetime) -> bool:
    """Say whether all checks are so young that a day of them would be an empty drawing with a stroke at its end."""
    return bool(row.standings) and all(at - one.check.from_at < NEW for one in row.standings)


def _picked(standings: Sequence[Standing], one: Check | None, actor: Actor) -> list[Series]:
    """Return the series that are drawn: all of one check, or of each check those that it is about."""
    checks = {each.check.pk: each.check for each in standings if one is None or each.check.pk == one.pk}
    found = Series.objects.visible_to(actor).filter(check_ref__in=list(checks)).order_by("name")
    by_check: dict[int, list[Series]] = {}
    for series in found.select_related("check_ref"):
        by_check.setdefault(series.check_ref_id, []).append(series)
    listed = [by_check.get(pk, []) for pk in checks]
    return [series for group in listed for series in (group if one else _chief(group))]


def _chief(group: Sequence[Series]) -> list[Series]:
    wanted = CHIEF.get(group[0].check_ref.kind, ()) if group else ()
    about = [one for one in group if one.name.partition(":")[0] in wanted[:1]]
    others = [one for one in group if one.name not in {samples.TOOK, *YES_OR_NO}]
    if about or others:
        return about or others[:1]
    # A yes or no over time is what the level of the check says: its curve would say nothing more.
    return [] if any(one.name in YES_OR_NO for one in group) else list(group[:1])


def _figures(picked: Sequence[Series], *, start: datetime, end: datetime, points: int) -> Iterator[Figure]:
    stretches: dict[int, list[Stretch]] = {}
    read = _read(picked, start, end, points)
    for one in picked:
        check = one.check_ref
        if check.pk not in stretches:
            stretches[check.pk] = past.stretches(check, start, end)
        line = read[one.pk]
        if line is None:
            trouble = _("Some of these measures are damaged in the database; they are not shown.")
            yield Figure(check, named(one.name, check.kind), "", SafeString(""), trouble)
            continue
        yield _figure(one, Curve(one.name, start, end, line, stretches[check.pk], silence(check)))


def _read(
    picked: Sequence[Series], start: datetime, end: datetime, points: int
) -> Mapping[int, list[Point] | None]:
    keys = [one.pk for one in picked]
    try:
        return samples.read(keys, start, end, points)
    except DamagedError:
        return {key: _one(key, start, end, points) for key in keys}


def _one(key: int, start: datetime, end: datetime, points: int) -> list[Point] | None:
    try:
        return samples.read([key], start, end, points)[key]
    except DamagedError as error:
        log.error("%s", error)
        return None


def silence(check: Check) -> timedelta:
    """Return how long nothing may come from a check before its line is broken: as long as before it is stale."""
    return freshness.INTERVALS * timedelta(seconds=check.every_s) + checking.timeout_of(check)


def _figure(one: Series, curve: Curve) -> Figure:
    said = named(one.name, one.check_ref.kind)
    latest = _latest(curve) if curve.points else _("not measured")
    key = f"m{one.pk}"
    title = f"{one.check_ref.name} – {said}"
    return Figure(
        one.check_ref, said, latest, curves.drawn(curve, key=key, title=title, description=_described(curve))
    )


def _latest(curve: Curve) -> str:
    value = curve.points[-1].mean
    if curve.name in YES_OR_NO:
        return _("Yes") if value else _("No")
    return measures.said(curve.name, value)


def _described(curve: Curve) -> str:
    """Say what a curve shows to who does not see it."""
    if not curve.points:
        return _("Nothing was measured.")
    parts = [
        _("Lowest %(lowest)s, highest %(highest)s, at last %(latest)s.")
        % {
            "lowest": measures.said(curve.name, curve.lowest),
            "highest": measures.said(curve.name, curve.highest),
            "latest": measures.said(curve.name, curve.points[-1].mean),
        }
    ]
    for level in (Level.CRITICAL, Level.UNKNOWN, Level.WARNING, Level.STALE):
        lasted = sum((one.end - one.start for one in curve.stretches if one.level is level), timedelta())
        if lasted:
            said = {"level": naming.level(level), "time": saying.exactly_lasting(lasted)}
            parts.append(_("%(level)s for %(time)s.") % said)
    return " ".join(parts)


def named(name: str, kind: str) -> str:
    """Return a measure of a kind in words; one that we do not know, of a plugin, by its own name."""
    measure, colon, of_what = name.partition(":")
    known = {
        "took_s": _("time of the whole answer") if kind == "http" else _("time that the probe took"),
        "resolve_s": _("name resolution"),
        "connect_s": _("connection"),
        "tls_s": _("TLS handshake"),
        "handshake_s": _("TLS handshake"),
        "first_byte_s": _("first byte"),
        "answer_s": _("answer of the name server"),
        "answers": _("values answered"),
        "ttl_s": _("lifetime of the answer"),
        "sent": _("packets sent"),
        "status": _("HTTP status"),
        "used_percent": _("space used"),
        "avail_bytes": _("space available"),
        "inodes_free_percent": _("inodes free"),
        "available_percent": _("memory available"),
        "available_bytes": _("memory available, in bytes"),
        "swap_free_bytes": _("swap free, in bytes"),
        "swap_free_percent": _("swap free"),
        "major_faults_per_s": _("pages read back from disk"),
        "memory_some_percent": _("some work standing still for want of memory"),
        "memory_full_percent": _("all work standing still for want of memory"),
        "io_some_percent": _("some work standing still for want of disks"),
        "io_full_percent": _("all work standing still for want of disks"),
        "cpu_some_percent": _("some work waiting for a processor"),
        "cpu_full_percent": _("all work waiting for a processor"),
        "oom_kills_count": _("processes killed for want of memory"),
        "read_only_count": _("disks that take no more writes"),
        "not_active_count": _("declared units that do not run"),
        "failed_count": _("units that failed"),
        "restarts_count": _("restarts of a unit by itself"),
        "load_1min": _("load over 1 min"),
        "load_5min": _("load over 5 min"),
        "load_15min": _("load over 15 min"),
        "cpus": _("processors"),
        "rtt_min_s": _("round trip, shortest"),
        "rtt_avg_s": _("round trip, mean"),
        "rtt_max_s": _("round trip, longest"),
        "loss_percent": _("packets lost"),
        "days_left": _("certificate: days left"),
        "offset_s": _("clock offset"),
        "error_s": _("the most that the clock may be off"),
        "kept": _("clock kept by something"),
        "uptime_s": _("since the last start"),
    }
    said = known.get(measure)
    return f"{said} {of_what}" if said and colon else said or name
