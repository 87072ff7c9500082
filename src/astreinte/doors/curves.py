"""What was measured over time as SVG: a line, what lies around its mean, and the level of the check behind it.

Instants are written in the zone of the reader; days and hours are those of that zone, across daylight saving.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from astreinte.doors import saying
from astreinte.doors.drawing import LETTER, Axis, dot, element, line, rect, text
from astreinte.records.monitoring.past import Stretch
from astreinte.records.monitoring.samples import Point
from astreinte.rules.checks.outcome import Level
from astreinte.words import hearer, measures

HEIGHT, TOP, BOTTOM, LEFT = 150, 14, 128, 58
SIZES = (("wide", 780), ("narrow", 358))
QUARTER = timedelta(minutes=15)

BANDS = {
    Level.CRITICAL: ("f-critw",),
    Level.WARNING: ("f-warnw",),
    Level.UNKNOWN: ("f-unknown soft",),
    Level.STALE: ("f-sunk", "blind"),
}
"""How a level is shown behind the line; OK is the plain ground."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn: a measure from `start` to `end`. Points further apart than `gap` are not joined."""

    name: str
    start: datetime
    end: datetime
    points: Sequence[Point]
    stretches: Sequence[Stretch]
    gap: timedelta

    @property
    def lowest(self) -> float:
        """The lowest of all values."""
        return min((point.lo for point in self.points), default=0.0)

    @property
    def highest(self) -> float:
        """The highest of all values."""
        return max((point.hi for point in self.points), default=0.0)


def drawn(curve: Curve, *, key: str, title: str, description: str) -> SafeString:
    """Return the curve, once for the screen and once for the phone; `key` is unique on the page."""
    return SafeString(
        "".join(
            _svg(curve, css, width, key=f"{key}-{css}", title=title, description=description)
            for css, width in SIZES
        )
    )


def _svg(curve: Curve, css: str, width: int, *, key: str, title: str, description: str) -> SafeString:
    axis = Axis(curve.start, curve.end, LEFT, width - 1)
    body = SafeString("".join(_parts(curve, axis, width)))  # each part was made by `element`, which escapes
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<title>{}</title><desc id="{}">{}</desc>{}</svg>',
        css,
        width,
        HEIGHT,
        title,
        key,
        title,
        key,
        description,
        body,
    )


def _parts(curve: Curve, axis: Axis, width: int) -> Iterator[str]:
    yield rect(LEFT, TOP, width - 1 - LEFT, BOTTOM - TOP, "c-ho")
    yield from _bands(curve, axis)
    low, high = measures.ends(curve.name, curve.lowest, curve.highest)
    yield from _grid(curve.name, low, high, width)
    yield from _days_and_hours(curve, axis, width)

    def height(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * ((value - low) / (high - low))

    for run in _runs(curve):
        yield from _run(run, axis, height)
    yield line(LEFT, BOTTOM, width, BOTTOM, "c-axis")


def _bands(curve: Curve, axis: Axis) -> Iterator[str]:
    for one in curve.stretches:
        css, *pattern = BANDS.get(one.level, ("",))
        if not css:
            continue
        x, width = axis(one.start), max(1.0, axis(one.end) - axis(one.start))
        yield rect(x, TOP, width, BOTTOM - TOP, css)
        for name in pattern:
            yield rect(x, TOP, width, BOTTOM - TOP, fill=f"url(#{name})", opacity=".35")


def _grid(name: str, low: float, high: float, width: int) -> Iterator[str]:
    scale = measures.scale_of(name, max(abs(low), abs(high)))
    for share in (0.0, 0.5, 1.0):
        value, y = low + (high - low) * share, BOTTOM - (BOTTOM - TOP) * share
        yield line(LEFT, y, width, y, "c-rule")
        yield text(LEFT - 6, y + 4, scale.said(value, signed=share == 1.0), "cs c3 end")


def _days_and_hours(curve: Curve, axis: Axis, width: int) -> Iterator[str]:
    free = float(LEFT - 20)
    for at, said in _marks(curve.start, curve.end):
        x, half = axis(at), LETTER * len(said) / 2
        yield line(x, BOTTOM, x, BOTTOM + 4, "c-axis")
        if x - half >= free and x + half <= width:
            yield text(x, HEIGHT - 5, said, "cs c3 mid")
            free = x + half + 10


def _marks(start: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Return the instants that stand under the line, with their words: hours, days, or months."""
    length = end - start
    if length <= timedelta(days=2):
        step = timedelta(minutes=30) if length <= timedelta(hours=4) else timedelta(hours=3)
        for at in hours(start, end, step):
            yield at, saying.hour(at)
        return
    pattern = "EEE d" if length <= timedelta(days=8) else "d MMM" if length <= timedelta(days=70) else "MMM"
    for at, day in days(start, end):
        if pattern != "MMM" or day.day == 1:
            yield at, format_date(day, pattern, locale=hearer().locale)


def hours(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """Return the instants at which a clock of the reader's zone shows a multiple of `step`, in UTC.

    The hour that happens twice has its marks twice, the one that does not happen has none.
    """
    at = datetime.fromtimestamp(start.timestamp() // 900 * 900, UTC)
    while at <= end:
        there = at.astimezone(hearer().zone)
        shown = timedelta(hours=there.hour, minutes=there.minute)
        if at >= start and not shown % step:
            yield at
        at += QUARTER


def days(start: datetime, end: datetime) -> Iterator[tuple[datetime, date]]:
    """Return the beginnings of the reader's days, in UTC, each with its day."""
    day = start.astimezone(hearer().zone).date()
    while True:
        at = datetime.combine(day, time(), hearer().zone).astimezone(UTC)
        if at > end:
            return
        if at >= start:
            yield at, day
        day += timedelta(days=1)


def _runs(curve: Curve) -> Iterator[list[Point]]:
    """Return the points that are joined: a gap stays a gap."""
    run: list[Point] = []
    for point in curve.points:
        if run and point.at - run[-1].at > curve.gap + timedelta(seconds=point.span_s):
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _run(run: Sequence[Point], axis: Axis, height: Callable[[float], float]) -> Iterator[str]:
    across = [(axis(point.at), point) for point in run]
    if len(run) == 1:
        x, point = across[0]
        yield line(x, height(point.lo), x, height(point.hi), "s-data")
        yield dot(x, height(point.mean), 1.5, "f-data")
        return
    if any(point.lo < point.hi for point in run):
        upper = [f"{x:.1f} {height(point.hi):.1f}" for x, point in across]
        lower = [f"{x:.1f} {height(point.lo):.1f}" for x, point in reversed(across)]
        yield element("path", d=f"M{'L'.join([*upper, *lower])}z", class_="f-data soft")
    middle = [f"{x:.1f} {height(point.mean):.1f}" for x, point in across]
    yield element("path", d=f"M{'L'.join(middle)}", class_="line s-data")
