"""What was measured, kept and read again: the current hour sample by sample, past hours packed.

Samples are no entries of the journal: what a deadline or an amount reads is a transition. See `closing` for how
an hour is packed, thinned out and forgotten.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from astreinte.records.monitoring.measured import Measured
from astreinte.records.monitoring.models import Check, Series
from astreinte.rules.checks import packing
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.packing import HOUR_S, PackingError, Summary

MOST_SERIES = 100
"""A check that names its values anew each time fills no disk: those beyond are shown as last result, and not kept."""
LONGEST_NAME = 100
LATEST_S = 7 * 86_400
"""A result may come this late, from a watch that could not reach us; an older one shows on no drawing."""
SLACK_S = 60
OPEN_S = 3 * HOUR_S
"""How far back hours that wait to be packed are looked through."""
ROWS = (256, 64, 16, 4, 1)
TOOK = "took_s"

WHOLE, FIVE_MIN, HOURLY = 0, 1, 2
"""The tiers of a packed hour."""

WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, *(HOUR_S * n for n in (1, 2, 3, 4, 6, 8, 12)))
DAY_S = 24 * HOUR_S

Known = dict[str, "int | None"]


class DamagedError(ValueError):
    """A packed hour that cannot be read: names the series and the hour."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured around `at`, the middle of a stretch of `span_s` seconds: lowest, mean, highest."""

    at: datetime
    lo: float
    mean: float
    hi: float
    span_s: int


# ------------------------------------------------------------------------------------------------ keeping

_known: dict[str, Known] = {}
"""The series of checks by public id, as they were committed; None for a name that is not kept."""


def keep(rows: Iterable[tuple[int, Measured]], *, at: datetime) -> int:
    """Keep the values of results, each beside the primary key of its check; return how many samples that were.

    In the transaction that records the results, which sees to it that each comes once. A result that we failed
    to measure, one from the future or from more than a week ago gives no sample. Seconds (names that end in
    `_s`) are kept to the microsecond: what lies below is not the target's.
    """
    newest = int(at.timestamp()) + SLACK_S
    usable = [
        (check, one)
        for check, one in rows
        if one.level is not Level.INCONCLUSIVE and newest - LATEST_S <= one.slot <= newest
    ]
    if not usable:
        return 0
    known = _series_of(usable)
    flat: list[Any] = []
    for _check, one in usable:
        ids, slot = known[one.check_id], one.slot
        for name, value in one.values.items():
            series = ids.get(name)
            if series is not None and name != TOOK:
                flat += (slot, series, round(value, 6) if name.endswith("_s") else value)
        flat += (slot, ids[TOOK], round(one.took_s, 6))
    if not all(map(math.isfinite, flat)):
        flat = [part for row in _threes(flat) if math.isfinite(row[2]) for part in row]
    _insert(flat)
    return len(flat) // 3


def _threes(flat: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    return zip(flat[0::3], flat[1::3], flat[2::3], strict=True)


def _insert(flat: list[Any]) -> None:
    if connection.vendor == "postgresql":
        values = list(map(float, flat[2::3]))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO monitoring_sampleopen (at, series_id, value)"
                " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) ON CONFLICT DO NOTHING",
                [flat[0::3], flat[1::3], values],
            )
        return
    # Many rows a statement cost half of one after the other, as long as the driver knows the statement again:
    # so the sizes are few, and the statement is the driver's own (Django would look for placeholders each time).
    connection.ensure_connection()
    start = 0
    with connection.wrap_database_errors:
        for rows in ROWS:
            while len(flat) - start >= 3 * rows:
                connection.connection.execute(_inserting(rows), flat[start : start + 3 * rows])
                start += 3 * rows


@cache
def _inserting(rows: int) -> str:
    places = ",".join(["(?,?,?)"] * rows)
    return f"INSERT INTO monitoring_sampleopen (at, series_id, value) VALUES {places} ON CONFLICT DO NOTHING"  # noqa: S608  # placeholders alone


def _series_of(rows: Sequence[tuple[int, Measured]]) -> Mapping[str, Known]:
    """Return the series of each check of `rows`, making those that are new."""
    _doubt(rows)
    new: dict[str, tuple[int, set[str]]] = {}
    for check, one in rows:
        ids = _known.get(one.check_id, {})
        if len(ids) < 2 * MOST_SERIES and not (TOOK in ids and one.values.keys() <= ids.keys()):
            new.setdefault(one.check_id, (check, {TOOK}))[1].update(one.values)
    if not new:
        return _known
    made = _made(new)
    transaction.on_commit(lambda: _known.update(made))  # what is rolled back was never known
    return {**_known, **made}


def _doubt(rows: Sequence[tuple[int, Measured]]) -> None:
    """Forget what is known when the database is another one than it was: a copy was put back."""
    for check, one in rows:
        series = _known.get(one.check_id, {}).get(TOOK)
        if series is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM monitoring_series WHERE id = %s AND check_ref_id = %s", [series, check]
            )
            if cursor.fetchone() is None:
                _known.clear()
        return


def _made(new: Mapping[str, tuple[int, set[str]]]) -> dict[str, Known]:
    checks = [check for check, _names in new.values()]
    there = _by_check(checks)
    rows = []
    for check, names in new.values():
        room = MOST_SERIES - len(there.get(check, {}))
        missing = sorted(
            (name for name in names if name not in there.get(check, {})),
            key=lambda name: (name != TOOK, name),
        )
        rows += [Series(check_ref_id=check, name=name) for name in missing if _can_be_a_name(name)][:room]
    if rows:
        Series.objects.bulk_create(rows, ignore_conflicts=True)
        there = _by_check(checks)
    return {
        public_id: {**dict.fromkeys(names), **there.get(check, {})}
        for public_id, (check, names) in new.items()
    }


def _by_check(checks: Sequence[int]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    listed = Series.objects.filter(check_ref_id__in=checks).values_list("check_ref_id", "name", "pk")
    for check, name, pk in listed:
        found.setdefault(check, {})[name] = pk
    return found


def _can_be_a_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


# ------------------------------------------------------------------------------------------------ reading


def of(check: Check, name: str, from_at: datetime, until_at: datetime, points: int) -> list[Point]:
    """Return what a value of the check was from `from_at` until before `until_at`: at most `points` of them.

    From whichever resolution there is; where nothing was measured there is no point. Raises DamagedError.
    """
    series = Series.objects.filter(check_ref=check, name=name).values_list("pk", flat=True).first()
    return [] if series is None else read([series], from_at, until_at, points)[series]


def read(series: Sequence[int], from_at: datetime, until_at: datetime, points: int) -> dict[int, list[Point]]:
    """Return the same of several series, by their primary keys, in as few looks as for one."""
    if points < 2:
        raise ValueError(f"points: {points}: a line has two or more")
    first, last = math.floor(from_at.timestamp()), math.ceil(until_at.timestamp())
    if last <= first or not series:
        return {one: [] for one in series}
    width = _width((last - first) / (points - 1))
    found: dict[int, dict[tuple[int, int], list[Summary]]] = {one: {} for one in series}
    for one, start, span, part in (*_packed(series, first, last, width), *_open(series, first, last, width)):
        wide = max(width, span)
        found[one].setdefault((start // wide * wide, wide), []).append(part)
    return {one: [_point(*key, parts) for key, parts in sorted(found[one].items())] for one in series}


def _width(seconds: float) -> int:
    """Return the width of a stretch: one that hours, or days, are made of."""
    return next((width for width in WIDTHS if width >= seconds), DAY_S * math.ceil(seconds / DAY_S))


def _point(start: int, span: int, parts: Sequence[Summary]) -> Point:
    whole = parts[0] if len(parts) == 1 else packing.merged(parts, 0)
    middle = start if span == 1 else start + span / 2
    return Point(datetime.fromtimestamp(middle, UTC), whole.lo, whole.mean, whole.hi, span)


Found = Iterator[tuple[int, int, int, Summary]]
"""A series, the second at which a stretch begins, how long it is, and what was measured in it."""


def _packed(series: Sequence[int], first: int, last: int, width: int) -> Found:
    whole_hours = width >= HOUR_S
    for one, hour, tier, data, *rest in _chunks(series, first // HOUR_S, (last - 1) // HOUR_S, whole_hours):
        begin = hour * HOUR_S
        if whole_hours or tier == HOURLY:
            yield one, begin, HOUR_S, Summary(0, *rest)
            continue
        span = width if tier == WHOLE else packing.FIVE_MIN_S
        for part in _parts(one, hour, tier, bytes(data), width):
            if first <= begin + part.offset + span - 1 and begin + part.offset < last:
                yield one, begin + part.offset, span, part


def _parts(series: int, hour: int, tier: int, data: bytes, width: int) -> list[Summary]:
    try:
        if tier == FIVE_MIN:
            return packing.unpack_summed(data)
        return packing.summed(*packing.unpack(data), width)
    except PackingError as error:
        raise damaged(series, hour, error) from error


def damaged(series: int, hour: int, error: PackingError) -> DamagedError:
    """Return the error that names what cannot be read."""
    named = Series.objects.select_related("check_ref__server").get(pk=series)
    at = datetime.fromtimestamp(hour * HOUR_S, UTC)
    return DamagedError(
        f"samples of {named} (series {series}), hour of {at:%Y-%m-%dT%H:%MZ}: {error};"
        " restore the database from a copy, or go without this hour"
    )


# One look-up a second, or an hour, and series: time comes first in both keys, so that an hour lies together.
EACH = {
    "postgresql": "= ANY(ARRAY(SELECT generate_series(%s::bigint, %s::bigint)))",
    "sqlite": "IN (WITH RECURSIVE each(x) AS (SELECT %s UNION ALL SELECT x + 1 FROM each WHERE x < %s)"
    " SELECT x FROM each)",
}
"""Each whole number from one to another, by database, in the form that its planner looks up in a key."""


def _one_of(series: Sequence[int]) -> str:
    return f"IN ({','.join(['%s'] * len(series))})"


def _chunks(series: Sequence[int], first: int, last: int, bare: bool) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(hour) FROM monitoring_samplechunk")
        (oldest,) = cursor.fetchone()
        cursor.execute("SELECT max(hour) FROM monitoring_samplechunk")
        (newest,) = cursor.fetchone()
        if oldest is None or last < oldest or newest < first:
            return []
        cursor.execute(
            f"SELECT series_id, hour, tier, {'NULL' if bare else 'data'}, n, lo, hi, total"  # noqa: S608  # words of ours
            f" FROM monitoring_samplechunk WHERE hour {EACH[connection.vendor]} AND series_id {_one_of(series)}",
            [max(first, oldest), min(last, newest), *series],
        )
        return list(cursor.fetchall())


def _open(series: Sequence[int], first: int, last: int, width: int) -> Found:
    narrow = min(width, HOUR_S)
    rows = sorted(_open_rows(series, first, last))
    for (one, hour), group in groupby(rows, key=lambda row: (row[0], row[1] // HOUR_S)):
        listed = list(group)
        begin = hour * HOUR_S
        for part in packing.summed([row[1] - begin for row in listed], [row[2] for row in listed], narrow):
            yield one, begin + part.offset, narrow, part


def open_query(series: Sequence[int]) -> str:
    """Return the question for the open samples of some series, from a second to another."""
    return (
        "SELECT series_id, at, value FROM monitoring_sampleopen"  # noqa: S608  # words of ours
        f" WHERE at {EACH[connection.vendor]} AND series_id {_one_of(series)}"
    )


def _open_rows(series: Sequence[int], first: int, last: int) -> list[tuple[int, int, float]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at) FROM monitoring_sampleopen")
        (oldest,) = cursor.fetchone()
        # Not the newest of all: that may be of a clock that was ahead, and is far from what is asked for.
        cursor.execute("SELECT max(at) FROM monitoring_sampleopen WHERE at < %s", [last])
        (newest,) = cursor.fetchone()
        if oldest is None or newest is None:
            return []
        begin, end = max(first, oldest, newest - OPEN_S), min(last, newest + 1)
        if end <= begin:
            return []
        cursor.execute(open_query(series), [begin, end - 1, *series])
        return [itemgetter(0, 1, 2)(row) for row in cursor.fetchall()]
