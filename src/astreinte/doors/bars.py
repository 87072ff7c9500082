"""Sums by month under two sets of terms, as SVG made on the server: once for the screen, once for the phone."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from django.utils.safestring import SafeString

from astreinte.doors import saying
from astreinte.doors.drawing import line, rect, svg, text
from astreinte.words import hearer

HEIGHT, TOP, BOTTOM, LEFT = 210, 12, 190, 64
SIZES = (("wide", 570, "MMM"), ("narrow", 358, "MMMMM"))
STEPS = (1, 2, 5)

Bars = Sequence[tuple[str, tuple[int, int]]]


def by_month(months: Bars, title: str) -> SafeString:
    """Return the bars: for each month such as 2026-05 the cents before and after. `title` is for who does not see."""
    return SafeString("".join(_drawn(months, title, *size) for size in SIZES))


def _drawn(months: Bars, title: str, css: str, width: int, pattern: str) -> SafeString:
    top = _top(max((cents for _, pair in months for cents in pair), default=0))
    each = (width - LEFT) / max(1, len(months))
    bar = min(0.3 * each, 32.0)
    parts = []
    for share in (0, 1, 2):
        y = BOTTOM - (BOTTOM - TOP) * share / 2
        parts.append(line(LEFT, y, width, y, "c-rule"))
        parts.append(text(LEFT - 6, y + 4, _euros(top * share // 2), "cs c3 end"))
    for place, (month, pair) in enumerate(months):
        middle = LEFT + each * (place + 0.5)
        for side, cents in enumerate(pair):
            height = (BOTTOM - TOP) * cents / top
            x = middle - bar - 1 + side * (bar + 2)
            parts.append(rect(x, BOTTOM - height, bar, height, ("f-rule2", "f-data")[side]))
        name = format_date(date.fromisoformat(f"{month}-01"), pattern, locale=hearer().locale)
        parts.append(text(middle, BOTTOM + 15, name, "cs c2 mid"))
    parts.append(line(LEFT, BOTTOM, width, BOTTOM, "c-axis"))
    return svg(width, HEIGHT, parts, title, css)


def _top(cents: int) -> int:
    """Return the next round sum above: 1, 2 or 5 euros, and so on by tens."""
    step = 100
    while True:
        for factor in STEPS:
            if step * factor >= cents:
                return step * factor
        step *= 10


def _euros(cents: int) -> str:
    """Return a sum of an axis: cents only where there are any."""
    said = saying.amount(cents)
    return said.replace(",00", "").replace(".00", "")
