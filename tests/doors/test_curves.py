"""A curve shows what was measured and nothing else: gaps, bands, the reader's hours across daylight saving."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from astreinte.doors import curves
from astreinte.doors.curves import Curve
from astreinte.records.monitoring.past import Stretch
from astreinte.records.monitoring.samples import Point
from astreinte.rules.checks.outcome import Level
from astreinte.words import speaking
from tests.builders import paris

NOON = paris("2026-11-23T12:00")
MINUTE = timedelta(minutes=1)


def points(*at_minutes: float, value: float = 0.2) -> list[Point]:
    return [Point(NOON + MINUTE * at, value, value, value, 60) for at in at_minutes]


def svg(
    line: list[Point], *stretches: Stretch, name: str = "took_s", length: timedelta = MINUTE * 180
) -> str:
    curve = Curve(name, NOON, NOON + length, line, stretches, MINUTE * 2)
    return str(curves.drawn(curve, key="m1", title="shop", description="what it shows"))


def lines(drawing: str) -> list[str]:
    """The joined lines of the wide drawing."""
    wide = drawing.split("</svg>", maxsplit=1)[0]
    return re.findall(r'<path d="(M[^"]+)" class="line s-data"/>', wide)


def test_points_are_joined_and_a_gap_is_not() -> None:
    assert len(lines(svg(points(0, 1, 2, 3, 4)))) == 1
    assert len(lines(svg(points(0, 1, 2, 30, 31)))) == 2
    assert len(lines(svg(points(0, 1, 2, 5, 6)))) == 1  # a check every two minutes has no point each minute


def test_a_point_alone_is_seen() -> None:
    drawing = svg(points(90))
    assert lines(drawing) == []
    assert 'r="1.5"' in drawing


def test_what_lies_around_the_mean_is_drawn_when_there_is_anything() -> None:
    around = [Point(NOON + MINUTE * n, 0.1, 0.2, 0.4, 60) for n in range(3)]
    assert 'class="f-data soft"' in svg(around)
    assert 'class="f-data soft"' not in svg(points(0, 1, 2))


@pytest.mark.parametrize(
    ("level", "css"),
    [
        (Level.CRITICAL, 'class="f-critw"'),
        (Level.WARNING, 'class="f-warnw"'),
        (Level.UNKNOWN, 'class="f-unknown soft"'),
        (Level.STALE, 'fill="url(#blind)"'),
    ],
)
def test_a_level_that_is_not_normal_stands_behind_the_line(level: Level, css: str) -> None:
    assert css in svg(points(0, 1), Stretch(level, NOON, NOON + MINUTE))
    assert css not in svg(points(0, 1), Stretch(Level.OK, NOON, NOON + MINUTE))


def test_it_can_be_read_by_ear_and_carries_no_style_of_its_own() -> None:
    drawing = svg(points(0, 1))
    assert drawing.count("<title>shop</title>") == drawing.count('aria-label="shop"') == 2
    assert '<desc id="m1-wide">what it shows</desc>' in drawing
    assert "style=" not in drawing


def test_a_name_is_text_not_a_tag() -> None:
    curve = Curve("odd", NOON, NOON + MINUTE, points(0), [], MINUTE)
    drawing = str(curves.drawn(curve, key="m1", title="<script>", description="<b>"))
    assert "<script>" not in drawing
    assert "<b>" not in drawing


def test_the_axis_is_in_the_units_of_what_is_shown() -> None:
    with speaking("fr"):
        drawing = svg(points(0, 1, value=0.212))
    assert re.search(r">250.ms<", drawing)
    assert ">125<" in drawing


def said(start: datetime, end: datetime) -> list[str]:
    with speaking("fr"):
        return [words for _at, words in curves._marks(start, end)]


def test_the_night_that_lasts_an_hour_longer_has_its_hour_twice() -> None:
    start = paris("2026-10-25T01:30")
    assert said(start, start + timedelta(hours=3)) == [
        "01:30",
        "02:00 (+02:00)",
        "02:30 (+02:00)",
        "02:00 (+01:00)",
        "02:30 (+01:00)",
        "03:00",
        "03:30",
    ]


def test_the_hour_that_does_not_happen_has_no_mark() -> None:
    start = paris("2026-03-29T01:00")
    assert said(start, start + timedelta(hours=2)) == ["01:00", "01:30", "03:00", "03:30", "04:00"]


def test_a_day_of_25_hours_keeps_its_marks_at_the_hours_of_its_clock() -> None:
    marks = said(paris("2026-10-25T00:00"), paris("2026-10-26T00:00"))
    assert marks == ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"]


def test_days_begin_at_the_midnights_of_the_reader() -> None:
    with speaking("fr"):
        found = list(curves.days(paris("2026-10-24T12:00"), paris("2026-10-27T12:00")))
    assert [at for at, _day in found] == [paris(f"2026-10-{day}T00:00") for day in (25, 26, 27)]
    with speaking("fr", "Pacific/Auckland"):
        assert [at.hour for at, _day in curves.days(NOON, NOON + timedelta(hours=23))] == [11]


@pytest.mark.parametrize(
    ("days", "first"), [(7, "mar. 24"), (30, "24 nov."), (365, "déc.")], ids=["week", "month", "year"]
)
def test_longer_times_are_marked_by_days_or_months(days: int, first: str) -> None:
    with translation.override("fr"):
        assert said(NOON, NOON + timedelta(days=days))[0] == first
