"""What keeping a sample costs, and how many bytes it takes: kept, packed, thinned out and read, on both databases.

`python benchmarks/samples.py [SERIES]`: one hour of SERIES series (default 10,000), a sample each 15 s, in batches
of a second, as the recorder writes them. Wanted: 1 µs of CPU and 6 bytes a sample. The CPU is that of this
process: on PostgreSQL the server's comes on top. Values as the probes measure them: response times, shares, bytes.
"""

import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

BEGIN = datetime(2026, 11, 23, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVERY_S = 15
NAMES = ("first_byte_s", "used_percent:/", "avail_bytes:/", "status")
"""Beside them, each check has the time that it took."""


def main(series: str = "10000") -> None:
    """Measure on SQLite, then on PostgreSQL, each in a process of its own on a new data folder."""
    from tests import postgres

    for name, database in (("SQLite", nullcontext("")), ("PostgreSQL", postgres.cluster())):
        with database as address, tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "ASTREINTE_DATA": data, "ASTREINTE_DATABASE": address}
            subprocess.run([sys.executable, __file__, "inside", name, series], env=environment, check=True)


@dataclass(frozen=True, slots=True)
class _Result:
    check_id: str
    slot: int
    at: datetime
    level: Any
    text: str
    values: dict[str, float]
    took_s: float


def inside(name: str, series: int) -> None:
    """Measure on the database of this process and print what was seen."""
    from astreinte.doors.cli import booting

    booting.ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    count = series // (len(NAMES) + 1)
    checks = _checks(count)
    kept = _kept(checks)
    n = count * (len(NAMES) + 1) * 3600 // EVERY_S
    print(f"{name}: {n} samples of {count * (len(NAMES) + 1)} series in one hour")
    bare = _appended(n)
    print(
        f"  kept: {kept / n * 1e6:.2f} µs of CPU a sample, transaction included;"
        f" bare rows without a key, appended to SQLite in this run: {bare / n * 1e6:.2f} µs"
    )
    _packed(n)
    _read(checks)
    _thinned(n)


def _checks(count: int) -> list[tuple[int, str]]:
    from astreinte.records.monitoring import checking
    from tests.builders import SETUP, a_client, a_house, a_server

    server = a_server(a_client(a_house()))
    made = [
        checking.add(server=server, kind="tcp", name=f"check {number}", at=BEGIN - HOUR, actor=SETUP)
        for number in range(count)
    ]
    return [(check.pk, check.public_id) for check in made]


def _kept(checks: list[tuple[int, str]]) -> float:
    """Keep an hour of samples; return the CPU seconds that it took."""
    from django.db import transaction

    from astreinte.records.monitoring import samples
    from astreinte.rules.checks.outcome import Level

    draw = random.Random(1)
    free = {pk: draw.uniform(1e9, 1e11) for pk, _public_id in checks}
    used = 0.0
    for second in range(-EVERY_S, 3600):  # the first round makes the series
        at = BEGIN + timedelta(seconds=second)
        rows = []
        for pk, public_id in checks[second % EVERY_S :: EVERY_S]:
            free[pk] += draw.randrange(-50, 40) * 4096
            took = draw.lognormvariate(-7, 0.3)
            values = dict(
                zip(
                    NAMES,
                    (took * 0.7, round(61 + second / 900, 2), free[pk] // 4096 * 4096, 200),
                    strict=True,
                )
            )
            rows.append((pk, _Result(public_id, int(at.timestamp()), at, Level.OK, "", values, took)))
        before = time.process_time()
        with transaction.atomic():
            samples.keep(rows, at=at)
        used += time.process_time() - before if second >= 0 else 0.0
    return used


def _appended(n: int) -> float:
    """Append as many rows to a SQLite table without a key, 500 a transaction: what cannot be cheaper."""
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/bare")) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("CREATE TABLE sample (at, series, value)")
        rows = [(second, second % 100, second / 7) for second in range(500)]
        before = time.process_time()
        for _ in range(n // 500):
            with bare:
                bare.executemany("INSERT INTO sample VALUES (?, ?, ?)", rows)
        return time.process_time() - before


def _packed(n: int) -> None:
    from astreinte.records.monitoring.closing import close
    from astreinte.records.monitoring.models import SampleChunk

    turns: list[float] = []
    last = time.monotonic()

    def between() -> None:
        nonlocal last
        turns.append(time.monotonic() - last)
        last = time.monotonic()

    close(at=BEGIN + 2 * HOUR)  # the round that made the series, in the hour before
    SampleChunk.objects.all().delete()
    turns.clear()
    with _locks() as locks:
        before = time.process_time()
        close(at=BEGIN + 2 * HOUR, between=between)
        used = time.process_time() - before
    taken = sum(len(bytes(data)) for data in SampleChunk.objects.values_list("data", flat=True))
    print(
        f"  packed: {used / n * 1e6:.2f} µs of CPU a sample, {taken / n:.2f} bytes a sample"
        f" ({_bytes_in_all() / n:.2f} with rows and keys); {len(turns)} slices,"
        f" a lock held {max(locks) * 1000:.1f} ms at the most, median {statistics.median(locks) * 1000:.1f} ms"
    )


@contextmanager
def _locks() -> Iterator[list[float]]:
    """Give how long each transaction lasted, in seconds."""
    from django.db import transaction

    lengths: list[float] = []
    whole = transaction.Atomic

    class Timed(whole):  # type: ignore[misc, valid-type]  # a class that is only known here
        def __enter__(self) -> None:
            super().__enter__()
            self.began = time.monotonic()

        def __exit__(self, *error: object) -> None:
            super().__exit__(*error)
            lengths.append(time.monotonic() - self.began)

    transaction.Atomic = Timed  # type: ignore[misc]  # put back below
    try:
        yield lengths
    finally:
        transaction.Atomic = whole  # type: ignore[misc]  # as it was


def _bytes_in_all() -> int:
    """Return the bytes of the packed hours in the database, keys included."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('monitoring_samplechunk')")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute("CREATE TEMP TABLE held AS SELECT * FROM monitoring_samplechunk")
            cursor.execute("DELETE FROM monitoring_samplechunk")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            pages -= cursor.fetchone()[0]
            cursor.execute("INSERT INTO monitoring_samplechunk SELECT * FROM held")
            cursor.execute("DROP TABLE held")
            cursor.execute("PRAGMA page_size")
            return int(pages * cursor.fetchone()[0])
        return int(cursor.fetchone()[0])


def _read(checks: list[tuple[int, str]]) -> None:
    from astreinte.records.monitoring import samples
    from astreinte.records.monitoring.models import SampleChunk, Series

    series = list(Series.objects.filter(check_ref_id=checks[0][0]).values_list("pk", flat=True))
    hour = int(BEGIN.timestamp()) // 3600
    rows = list(SampleChunk.objects.filter(series_id__in=series))
    for back in range(1, 720):  # a month of the same hour, for the series that are read
        for row in rows:
            row.pk = (hour - back, row.series_id)
            row.hour = hour - back
        SampleChunk.objects.bulk_create(rows)
    day = _median_ms(lambda: samples.read(series[:1], BEGIN - 23 * HOUR, BEGIN + HOUR, 289))
    month = _median_ms(lambda: samples.read(series, BEGIN - 719 * HOUR, BEGIN + HOUR, 361))
    print(f"  read: one series over 24 h {day:.1f} ms; {len(series)} series over 30 days {month:.1f} ms")


def _median_ms(act: Callable[[], object]) -> float:
    lengths = []
    for _ in range(9):
        before = time.monotonic()
        act()
        lengths.append(time.monotonic() - before)
    return statistics.median(lengths) * 1000


def _thinned(n: int) -> None:
    from astreinte.records.monitoring.closing import Retention, by_the_clock, forget, thin

    keep = Retention()
    old = by_the_clock(BEGIN + keep.whole + 2 * HOUR, keep)
    before = time.process_time()
    touched = 0
    while turn := thin(old):
        touched += turn
    used = time.process_time() - before
    began = time.monotonic()
    gone, old = 0, by_the_clock(BEGIN + keep.hourly + 2 * HOUR, keep)
    while turn := thin(old) or forget(old):
        gone += turn
    print(
        f"  thinned out: {used / touched * 1e6:.0f} µs of CPU a packed hour of a series;"
        f" forgotten: {(time.monotonic() - began) / gone * 1e6:.0f} µs each, thinned out to the hour before"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(sys.argv[2], int(sys.argv[3]))
    else:
        main(*sys.argv[1:])
