"""Business hours as they are written, `{"mon-fri": ["09:00-12:00", "14:00-18:00"]}`, and as seconds."""

import re
from collections.abc import Iterable
from typing import Any

Hours = tuple[tuple[int, int], ...]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


class HoursError(ValueError):
    """Hours that cannot be read: the place inside them, the value, the way out."""

    def __init__(self, place: str, value: object, way_out: str) -> None:
        super().__init__(f"{place}: {way_out}")
        self.place, self.value, self.way_out = place, value, way_out


def parse(written: dict[str, Any]) -> tuple[Hours, ...]:
    """Return the spans of each weekday, Monday first, in seconds since midnight, sorted and apart.

    A day named by several keys has the spans of all of them; spans that touch or overlap are one.
    Raises HoursError.
    """
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for days, spans in written.items():
        named = _days(days, spans)
        if not isinstance(spans, list):
            raise HoursError(days, spans, 'expected a list of spans such as ["09:00-12:00"]')
        read = [_span(f"{days}[{index}]", span) for index, span in enumerate(spans)]
        for day in named:
            week[day].extend(read)
    return tuple(union(spans) for spans in week)


def union(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the same seconds as spans that are sorted and apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def as_dict(week: tuple[Hours, ...]) -> dict[str, list[str]]:
    """Return the hours as they are written, days in a row with the same spans under one key."""
    written: dict[str, list[str]] = {}
    first = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[first]:
            continue
        if week[first]:
            key = DAYS[first] if day - 1 == first else f"{DAYS[first]}-{DAYS[day - 1]}"
            written[key] = [f"{_clock(start)}-{_clock(end)}" for start, end in week[first]]
        first = day
    return written


def _days(key: str, spans: object) -> list[int]:
    first, dash, last = key.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        names = ", ".join(DAYS)
        raise HoursError(key, spans, f'expected a day ({names}) or a range of days such as "mon-fri"')
    start, end = DAYS.index(first), DAYS.index(last or first)
    # "sun-thu" goes over the end of the week.
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _span(place: str, span: object) -> tuple[int, int]:
    match = _SPAN.fullmatch(span) if isinstance(span, str) else None
    if match is None:
        raise HoursError(place, span, 'expected a span such as "09:00-12:00"')
    start_h, start_m, end_h, end_m = (int(digits) for digits in match.groups())
    start, end = start_h * 3600 + start_m * 60, end_h * 3600 + end_m * 60
    if start_m > 59 or end_m > 59 or end > 86400 or start >= 86400:
        raise HoursError(place, span, "expected times from 00:00 to 24:00")
    if end <= start:
        raise HoursError(
            place, span, "closes before it opens; a span that passes midnight is two, one of each day"
        )
    return start, end


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
