"""Charts as SVG, made on the server. Every colour is a class of the style: one drawing serves light, dark and paper.

Instants are aware datetimes; what is written on a chart is in the zone of the reader (the hearer's).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from astreinte.doors import saying
from astreinte.words import hearer

Shade = tuple[datetime, datetime, bool]
TRACK_WIDTH = 400
HALF_LABEL = 18
LETTER = 6.4  # the mean width of a letter at 12 px, bold: enough to know what would meet
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps instants between `start` and `end` to abscissas between `left` and `right`."""

    start: datetime
    end: datetime
    left: float
    right: float

    def __call__(self, at: datetime) -> float:
        """Return the abscissa of `at`, kept inside the drawing."""
        share = (at - self.start) / (self.end - self.start)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))


def element(name: str, body: str | None = None, /, **attributes: object) -> str:
    """Return one SVG element; a trailing underscore in an attribute's name is dropped, `body` is escaped text."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_number(value)}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{said}/>" if body is None else f"<{name}{said}>{escape(body)}</{name}>"


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(escape(str(value)))


def rect(x: float, y: float, width: float, height: float, css: str = "", **more: object) -> str:
    """Return a rectangle; a negative width is none."""
    return element("rect", x=x, y=y, width=max(0.0, width), height=height, class_=css, **more)


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=css)


def text(x: float, y: float, said: str, css: str = "") -> str:
    """Return a text, escaped."""
    return element("text", said, x=x, y=y, class_=css)


def dot(x: float, y: float, radius: float, css: str) -> str:
    """Return a disc: what a machine saw."""
    return element("circle", cx=x, cy=y, r=radius, class_=css)


def diamond(x: float, y: float, radius: float, css: str) -> str:
    """Return a diamond: what a person did, or a change."""
    r = _number(float(radius))
    return element("path", d=f"M{x:.1f} {y - radius:.1f}l{r} {r}l-{r} {r}l-{r} -{r}z", class_=css)


def svg(width: int, height: int, parts: Iterable[str], title: str, css: str = "") -> SafeString:
    """Return the drawing with its name for those who do not see it."""
    body = SafeString("".join(parts))  # each part was made by `element`, which escapes
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        css,
        width,
        height,
        title,
        body,
    )


def hour(at: datetime) -> str:
    """Return the reader's hour and minute of an instant."""
    return f"{at.astimezone(hearer().zone):%H:%M}"


def shade(axis: Axis, spans: Iterable[Shade], y: float, height: float) -> list[str]:
    """Return the ground of a chart: business hours white, the others blue and hatched (screens, rule 4)."""
    parts = []
    for start, end, business in spans:
        x, width = axis(start), axis(end) - axis(start)
        parts.append(rect(x, y, width, height, "c-ho" if business else "c-hno"))
        if not business:
            parts.append(rect(x, y, width, height, fill="url(#hatch)"))
    return parts


def day_bar(now: datetime, spans: Iterable[Shade]) -> SafeString:
    """Return the reader's 24 hours of today: bright in business hours, a tick for now."""
    midnight = now.astimezone(hearer().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    axis = Axis(midnight, midnight + DAY, 0, 144)
    parts = [rect(0, 5, 144, 6, fill="currentColor", opacity=".22")]
    for start, end, business in spans:
        if business:
            parts.append(rect(axis(start), 5, axis(end) - axis(start), 6, fill="currentColor", opacity=".75"))
    parts.append(rect(axis(now) - 1, 0, 2.5, 16, fill="currentColor"))
    body = SafeString("".join(parts))  # each part was made by `element`, which escapes
    return format_html('<svg width="144" height="16" viewBox="0 0 144 16" aria-hidden="true">{}</svg>', body)


@dataclass(frozen=True, slots=True)
class Track:
    """A delay as a bar: from the receipt to the deadline, with what is used at `until`."""

    start: datetime
    due: datetime
    until: datetime
    spans: tuple[Shade, ...] = ()
    marks: tuple[tuple[datetime, str], ...] = ()

    @property
    def end(self) -> datetime:
        """The right edge: a little after the deadline, or after `until` when that is later."""
        return max(self.due, self.until) + (self.due - self.start) * 0.03


def clock_track(track: Track) -> SafeString:
    """Return the bar of a delay: hours of both regimes, what is used, what is late."""
    axis = Axis(track.start, track.end, 1, TRACK_WIDTH - 1)
    late = track.until > track.due
    used, due = axis(min(track.until, track.due)), axis(track.due)
    parts = shade(axis, track.spans, 22, 16)
    parts.append(rect(1, 27, used - 1, 6, "f-crit" if late else "f-ink"))
    if late:
        parts.append(rect(due, 22, axis(track.until) - due, 16, "f-crit"))
    parts.append(rect(1, 22, due - 1, 16, "f-none c-axis"))
    began = saying.near(track.start, track.until)
    parts.append(text(1, 14, began, "cs c2"))
    parts.append(text(min(due, TRACK_WIDTH - 2), 14, hour(track.due), "cs cb end t-crit"))
    taken = [LETTER * len(began) - HALF_LABEL, due - HALF_LABEL]
    for at, label in track.marks:
        x = axis(at)
        parts.append(line(x, 18, x, 38, "c-axis"))
        if all(abs(x - other) > 2 * HALF_LABEL for other in taken):
            parts.append(text(x, 14, label, "cs c2 mid"))
            taken.append(x)
    parts.append(line(due, 16, due, 44, "c-due"))
    if track.start < track.until < track.end and not late:
        parts.append(element("path", d=f"M{used - 5:.1f} 46l5 -7l5 7z", class_="f-ink"))
    title = _("Delay from %(start)s to %(due)s") % {"start": hour(track.start), "due": hour(track.due)}
    return svg(TRACK_WIDTH, 48, parts, title)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane, `at` to `end`. Its words stand inside, or beside when it is short; never with `inside`."""

    at: datetime
    end: datetime
    css: str
    said: str = ""
    thin: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant of a lane; a disc is what a machine saw, a diamond what a person did. Its words may be none."""

    at: datetime
    said: str
    css: str = "f-ink"
    strong: bool = False
    disc: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the story: a name, its stretches and its instants."""

    name: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    strong: bool = False


WIDTH, LEFT, TOP, LANE, FLAG = 1214, 118, 40, 38, 46
STEPS = tuple(timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200, 14400))


def ticks(start: datetime, end: datetime) -> list[datetime]:
    """Return at most ten round instants of the reader's zone between `start` and `end`."""
    step = next((s for s in STEPS if (end - start) / s <= 10), (end - start) / 8)
    midnight = start.astimezone(hearer().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + step * (-((midnight - start) // step))
    return [at for at in (first + step * n for n in range(12)) if start <= at <= end]


def story(
    lanes: Sequence[Lane],
    spans: Iterable[Shade],
    *,
    start: datetime,
    end: datetime,
    now: datetime | None,
    due: datetime | None,
    title: str,
) -> SafeString:
    """Return a ticket's story: lanes over business and non-business hours, the deadline in red, now dotted."""
    axis = Axis(start, end, LEFT, WIDTH - 1)
    bottom = TOP + LANE * len(lanes)
    parts = shade(axis, spans, TOP, bottom - TOP)
    flags = [axis(at) for at in (now, due) if at is not None]
    for at in ticks(start, end):
        x = axis(at)
        parts.append(line(x, TOP - 6, x, bottom, "c-rule"))
        if all(abs(x - flag) > FLAG for flag in flags) and x < WIDTH - FLAG / 2:
            parts.append(text(x, 31, _tick(at, end - start), "cs c2 mid"))
    # The lines of the deadline and of now lie under what the lanes say: its halo keeps the words free of them.
    if due is not None and start <= due <= end:
        parts += [
            line(axis(due), TOP - 4, axis(due), bottom, "c-due"),
            *_flag(axis(due), hour(due), "f-crit"),
        ]
    if now is not None and start < now < end:
        parts.append(line(axis(now), TOP - 4, axis(now), bottom, "c-now"))
        if due is None or abs(axis(due) - axis(now)) > FLAG:
            parts += _flag(axis(now), hour(now), "f-ink")
    for number, lane in enumerate(lanes):
        parts += _lane(axis, lane, TOP + number * LANE)
    parts.append(line(0, bottom, WIDTH, bottom, "c-axis"))
    return svg(WIDTH, bottom + 4, parts, title, "wide")


def _tick(at: datetime, length: timedelta) -> str:
    local = at.astimezone(hearer().zone)
    return f"{local:%d/%m}" if length > 4 * DAY or (length > DAY and not local.hour) else f"{local:%H:%M}"


def _flag(x: float, said: str, css: str) -> list[str]:
    x = min(x, WIDTH - 26)
    return [rect(x - 25, 18, 50, 17, css, rx=2), text(x, 31, said, "inv cb mid cs")]


def _lane(axis: Axis, lane: Lane, y: float) -> list[str]:
    middle = y + LANE / 2
    parts = [line(0, y, WIDTH, y, "c-rule"), text(0, middle + 4, lane.name, "cb" if lane.strong else "c2")]
    for bar in lane.bars:
        parts += _bar(axis, bar, middle)
    ordered = sorted(lane.marks, key=lambda mark: mark.at)
    for number, mark in enumerate(ordered, start=1):
        following = ordered[number] if number < len(ordered) else None
        parts += _mark(axis, mark, middle, following)
    return parts


def _bar(axis: Axis, bar: Bar, middle: float) -> list[str]:
    x, width = axis(bar.at), max(2.0, axis(bar.end) - axis(bar.at))
    half = 4 if bar.thin else 10
    parts = [rect(x, middle - half, width, 2 * half, bar.css)]
    fits = width > LETTER * len(bar.said) + 16
    if bar.said and fits:
        parts.append(text(x + 8, middle + 4, bar.said, "c2" if "f-none" in bar.css else "inv cb"))
    elif bar.said and not bar.inside:
        parts.append(_beside(x + width, x, middle, bar.said, strong=False))
    return parts


def _mark(axis: Axis, mark: Mark, middle: float, following: Mark | None) -> list[str]:
    x = axis(mark.at)
    room = (axis(following.at) if following else WIDTH) - x - 20
    shape = dot(x, middle, 5, mark.css) if mark.disc else diamond(x, middle, 6, mark.css)
    if not mark.said:
        return [shape]
    return [shape, _beside(x, x, middle, mark.said, strong=mark.strong, room=room)]


def _beside(
    right: float, left: float, middle: float, said: str, *, strong: bool, room: float | None = None
) -> str:
    """Words stand right of a shape; left of it where something else, or the end of the drawing, is too near."""
    css = "cb halo" if strong else "halo"
    space = WIDTH - right - 12 if room is None else room
    length = LETTER * len(said)
    if length > space and left - LEFT > length:
        return text(left - 10, middle + 4, said, f"{css} end")
    return text(right + 10, middle + 4, said, css)
