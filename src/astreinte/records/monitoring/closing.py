"""Samples grow old: an hour that is over is packed, then thinned out, then forgotten. In slices: people wait behind it.

A packed hour holds every sample for some days, then a summary of each five minutes, then only its own. What is
packed is deleted from the open samples only where exactly what was packed is still there: a result that comes
late, or a process that is killed in between, costs a second turn and no sample.

What is thinned out or forgotten cannot be had again, and a clock can be wrong. So an hour grows old by the hours that
were measured after it, and by the clock: who lived no thirteen days since throws no measure of two weeks ago away.
"""

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from astreinte.records.monitoring import samples
from astreinte.records.monitoring.models import SampleChunk
from astreinte.records.monitoring.samples import FIVE_MIN, HOURLY, WHOLE
from astreinte.rules.checks import packing
from astreinte.rules.checks.packing import HOUR_S, PackingError

GRACE_S = 120
"""An hour is packed this long after its end: the last results of it are on their way."""
READ_ROWS, DELETE_ROWS, CHUNKS = 30_000, 10_000, 100
"""The sizes of a slice: samples read (without a lock), samples deleted, packed hours written or thinned out."""

log = logging.getLogger("astreinte.samples")

Pause = Callable[[], None]
Row = tuple[int, int, float]
Hour = tuple[int, list[int], list[float]]
"""A series with its offsets and values in one hour."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long samples are kept whole, by five minutes, by the hour; each at least as long as the one before."""

    whole: timedelta = timedelta(days=14)
    five_min: timedelta = timedelta(days=92)
    hourly: timedelta = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Old:
    """Hours since 1970 before which a packed hour becomes summaries of five minutes, one of its own, nothing."""

    five_min: int
    hourly: int
    gone: int


def by_the_clock(at: datetime, keep: Retention) -> Old:
    """Return what is old if the clock is right."""
    return Old(*(int(at.timestamp()) // HOUR_S - hours for hours in _hours(keep)))


COUNTED_BACK = """
WITH RECURSIVE measured (hour, n) AS (
    SELECT max(hour), 1 FROM monitoring_samplechunk
    UNION ALL
    SELECT (SELECT max(hour) FROM monitoring_samplechunk WHERE hour < measured.hour), n + 1
    FROM measured WHERE hour IS NOT NULL AND n < %s
)
SELECT n, hour FROM measured WHERE n IN (%s, %s, %s) AND hour IS NOT NULL
"""


def by_what_was_measured(keep: Retention) -> Old:
    """Return what is old by the hours that were measured since, whatever the clock says."""
    counts = _hours(keep)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_BACK, [max(counts), *counts])
        found = dict(cursor.fetchall())
    return Old(*(found.get(count, 0) for count in counts))


def old(*, at: datetime, keep: Retention) -> Old:
    """Return what is old by both: by the clock alone nothing is, for it may be wrong.

    To count two years of hours back takes some 20 ms, and holds nobody up.
    """
    clock, measured = by_the_clock(at, keep), by_what_was_measured(keep)
    return Old(
        min(clock.five_min, measured.five_min),
        min(clock.hourly, measured.hourly),
        min(clock.gone, measured.gone),
    )


def close(*, at: datetime, between: Pause = lambda: None) -> int:
    """Pack the oldest hour that is over at `at`; return how many samples it had, 0 when there is no such hour.

    `between` is called after each slice, outside of any transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at) FROM monitoring_sampleopen")
        (oldest,) = cursor.fetchone()
    over = (int(at.timestamp()) - GRACE_S) // HOUR_S
    if oldest is None or oldest // HOUR_S >= over:
        return 0
    return _close(oldest // HOUR_S, between)


def _close(hour: int, between: Pause) -> int:
    # Counted before they are read: a sample that comes in between makes the counts differ, never vanish.
    counts, series = _inventory(hour)
    rows = sum(n for _minute, n in counts)
    known = set(series)
    size = max(1, READ_ROWS * len(series) // rows)
    for start in range(0, len(series), size):
        part = series[start : start + size]
        read = _rows(hour, part[0], part[-1], seek=len(series) > size)
        between()
        hours = [one for one in _by_series(hour, read) if one[0] in known]
        for chunks in _sliced(hours, CHUNKS):
            _write(hour, chunks)
            between()
    for first, last, n in _spans(counts):
        _delete(hour * HOUR_S + first, hour * HOUR_S + last, n)
        between()
    return rows


def _inventory(hour: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Return how many samples each minute of the hour has, and of which series they are."""
    begin = hour * HOUR_S
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (at - %s) / 60, count(*) FROM monitoring_sampleopen WHERE at >= %s AND at < %s"
            " GROUP BY 1 ORDER BY 1",
            [begin, begin, begin + HOUR_S],
        )
        counts = [(minute, n) for minute, n in cursor.fetchall()]
        cursor.execute(
            "SELECT DISTINCT series_id FROM monitoring_sampleopen WHERE at >= %s AND at < %s"
            " AND series_id IN (SELECT id FROM monitoring_series) ORDER BY 1",
            [begin, begin + HOUR_S],
        )
        return counts, [one for (one,) in cursor.fetchall()]


PART = "SELECT series_id, at, value FROM monitoring_sampleopen WHERE series_id BETWEEN %s AND %s AND"
ORDERED = "ORDER BY 1, 2"


def _rows(hour: int, first: int, last: int, *, seek: bool) -> list[Row]:
    begin = hour * HOUR_S
    with connection.cursor() as cursor:
        if seek:
            # A look-up a second costs less than to pass over the whole hour again for each part.
            asked = f"{PART} at {samples.EACH[connection.vendor]} {ORDERED}"
            cursor.execute(asked, [first, last, begin, begin + HOUR_S - 1])
        else:
            cursor.execute(f"{PART} at >= %s AND at < %s {ORDERED}", [first, last, begin, begin + HOUR_S])
        rows: list[Row] = cursor.fetchall()
        return rows


def _by_series(hour: int, rows: Sequence[Row]) -> Iterator[Hour]:
    begin = hour * HOUR_S
    series = [row[0] for row in rows]
    offsets = [row[1] - begin for row in rows]
    values = [row[2] for row in rows]
    start = 0
    while start < len(rows):
        end = bisect_right(series, series[start], lo=start)
        yield series[start], offsets[start:end], values[start:end]
        start = end


INSERT = """
INSERT INTO monitoring_samplechunk (hour, series_id, tier, n, lo, hi, total, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (hour, series_id) DO UPDATE
SET tier = excluded.tier, n = excluded.n, lo = excluded.lo, hi = excluded.hi,
    total = excluded.total, data = excluded.data
"""


def _write(hour: int, chunks: Sequence[Hour]) -> None:
    packed = [_chunk(hour, *one) for one in _with_earlier(hour, chunks)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(INSERT, packed)


def _chunk(
    hour: int, series: int, offsets: list[int], values: list[float]
) -> tuple[int | float | bytes, ...]:
    whole = packing.summary(0, values)
    data = packing.pack(offsets, values)
    return hour, series, WHOLE, whole.n, whole.lo, whole.hi, whole.total, data


def _with_earlier(hour: int, chunks: Sequence[Hour]) -> Iterator[Hour]:
    """Add what was packed of this hour before: samples that came late make it be packed again."""
    asked = [one for one, _offsets, _values in chunks]
    packed = SampleChunk.objects.filter(hour=hour, series_id__in=asked).values_list("series_id", "data")
    earlier = {series: bytes(data) for series, data in packed}
    for series, offsets, values in chunks:
        if series in earlier:
            yield series, *_merged(hour, series, earlier[series], offsets, values)
        else:
            yield series, offsets, values


def _merged(
    hour: int, series: int, data: bytes, offsets: list[int], values: list[float]
) -> tuple[list[int], list[float]]:
    try:
        before = dict(zip(*packing.unpack(data), strict=True))
    except PackingError as error:
        log.error("%s", samples.damaged(series, hour, error))
        return offsets, values
    both = sorted((before | dict(zip(offsets, values, strict=True))).items())
    return [offset for offset, _value in both], [value for _offset, value in both]


def _spans(counts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Return stretches of the hour, in seconds, with how many samples each holds: few enough to delete at once."""
    first, held = 0, 0
    for minute, n in counts:
        if held and held + n > DELETE_ROWS:
            yield first * 60, minute * 60, held
            first, held = minute, 0
        held += n
    yield first * 60, HOUR_S, held


def _delete(first: int, last: int, n: int) -> None:
    """Delete the open samples of a stretch if they are those that were counted before they were packed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM monitoring_sampleopen WHERE at >= %s AND at < %s", [first, last])
        if cursor.rowcount != n:
            transaction.set_rollback(True)


def thin(before: Old) -> int:
    """Thin out one slice of the packed hours that are old; return how many."""
    return _sum_up(before.five_min) or _leave_the_hour(before.hourly)


def forget(before: Old) -> int:
    """Delete the oldest hour if it is old enough; return how many series had it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT min(hour) FROM monitoring_samplechunk")
        (oldest,) = cursor.fetchone()
        if oldest is None or oldest >= before.gone:
            return 0
        cursor.execute("DELETE FROM monitoring_samplechunk WHERE hour = %s", [oldest])
        return int(cursor.rowcount)


def drop_ahead(*, at: datetime) -> int:
    """Delete a minute of the open samples that are yet to come at `at`, of a clock that was ahead; return how many.

    Only the caller can know that the clock is not behind instead.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(at) FROM monitoring_sampleopen WHERE at > %s", [int(at.timestamp()) + samples.SLACK_S]
        )
        (first,) = cursor.fetchone()
        if first is None:
            return 0
        cursor.execute("DELETE FROM monitoring_sampleopen WHERE at >= %s AND at < %s", [first, first + 60])
        return int(cursor.rowcount)


def _hours(keep: Retention) -> tuple[int, int, int]:
    lengths = (keep.whole, keep.five_min, keep.hourly)
    whole, five_min, hourly = (int(length.total_seconds()) // HOUR_S for length in lengths)
    return whole, five_min, hourly


def _sum_up(before: int) -> int:
    """Turn whole hours to summaries of five minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hour, series_id, data FROM monitoring_samplechunk WHERE tier = %s AND hour < %s"
            " ORDER BY hour LIMIT %s",
            [WHOLE, before, CHUNKS],
        )
        rows = [_five_minutes(hour, series, bytes(data)) for hour, series, data in cursor.fetchall()]
    return _rewrite(rows)


def _five_minutes(hour: int, series: int, data: bytes) -> tuple[int, bytes, int, int]:
    try:
        return FIVE_MIN, packing.pack_summed(packing.summed(*packing.unpack(data))), hour, series
    except PackingError as error:  # its extremes and its mean are still known
        log.error("%s", samples.damaged(series, hour, error))
        return HOURLY, b"", hour, series


def _leave_the_hour(before: int) -> int:
    """Keep of summaries of five minutes that of their hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hour, series_id FROM monitoring_samplechunk WHERE tier = %s AND hour < %s"
            " ORDER BY hour LIMIT %s",
            [FIVE_MIN, before, CHUNKS],
        )
        rows = [(HOURLY, b"", hour, series) for hour, series in cursor.fetchall()]
    return _rewrite(rows)


def _rewrite(rows: Sequence[tuple[int, bytes, int, int]]) -> int:
    if rows:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE monitoring_samplechunk SET tier = %s, data = %s WHERE hour = %s AND series_id = %s",
                rows,
            )
    return len(rows)


def _sliced(listed: Sequence[Hour], size: int) -> Iterator[Sequence[Hour]]:
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
