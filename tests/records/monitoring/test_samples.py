"""What was measured is kept with its result, once, and read again at the resolution that is asked for."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from astreinte.engine.bus.ports import Result
from astreinte.records.monitoring import recording, samples
from astreinte.records.monitoring.models import Check, SampleChunk, SampleOpen, Series
from astreinte.rules.checks import packing
from tests import builders
from tests.records.monitoring.watching import CRITICAL, INCONCLUSIVE, NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def check() -> Check:
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def measured(
    check: Check, at: datetime, values: Mapping[str, float], level=OK, took_s: float = 0.25
) -> Result:
    return Result(check.public_id, int(at.timestamp()), at, level, "", values, took_s)


def kept(check: Check, *results: Result, now: datetime | None = None) -> None:
    recording.record(results, at=now or results[-1].at, actor=builders.SETUP)


def values(check: Check, name: str) -> list[float]:
    return [
        point.mean for point in samples.of(check, name, NOON - 10 * DAY, NOON + 10 * DAY, 2 * 20 * 86_400)
    ]


def test_each_value_of_a_result_and_the_time_it_took_is_a_sample(check: Check) -> None:
    kept(check, measured(check, NOON, {"used_percent:/": 61.25, "status": 200}))
    assert values(check, "used_percent:/") == [61.25]
    assert values(check, "status") == [200.0]
    assert values(check, "took_s") == [0.25]
    assert SampleOpen.objects.count() == 3


def test_a_result_that_comes_twice_is_one_sample(check: Check) -> None:
    recorded(check, [OK, OK, OK])
    recorded(check, [OK, OK, OK])
    assert SampleOpen.objects.count() == 3


def test_what_is_not_recorded_leaves_no_sample(check: Check) -> None:
    with transaction.atomic():
        recorded(check, [OK])
        transaction.set_rollback(True)
    assert SampleOpen.objects.count() == 0
    recorded(check, [OK])
    assert values(check, "took_s") == [0.01]


def test_what_we_failed_to_measure_is_a_gap(check: Check) -> None:
    row = [OK, INCONCLUSIVE, CRITICAL]
    recorded(check, row)
    assert SampleOpen.objects.count() == 2


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-8)])
def test_a_clock_that_is_wrong_leaves_no_sample(check: Check, wrong: timedelta) -> None:
    kept(check, measured(check, NOON + wrong, {}), now=NOON)
    assert SampleOpen.objects.count() == 0


def test_seconds_are_kept_to_the_microsecond_and_nothing_else_is_rounded(check: Check) -> None:
    kept(check, measured(check, NOON, {"connect_s": 0.00041234567, "ratio": 1 / 3}))
    assert values(check, "connect_s") == [0.000412]
    assert values(check, "ratio") == [1 / 3]


def test_a_value_without_end_is_left_out_alone(check: Check) -> None:
    kept(check, measured(check, NOON, {"odd": math.inf, "good": 1.0}))
    assert values(check, "odd") == []
    assert values(check, "good") == [1.0]


def test_a_check_that_names_its_values_anew_each_time_is_bounded(check: Check) -> None:
    for turn in range(4):
        at = NOON + seconds(15 * turn)
        kept(check, measured(check, at, {f"value {turn} {number}": 1.0 for number in range(60)}))
    assert Series.objects.filter(check_ref=check).count() == samples.MOST_SERIES
    assert len(values(check, "took_s")) == 4


@pytest.mark.parametrize("name", ["", "x" * 101, "nul\0", "\ud800", "two\nlines"])
def test_a_name_that_no_page_could_show_is_passed_over(check: Check, name: str) -> None:
    samples.keep([(check.pk, measured(check, NOON, {name: 1.0, "good": 1.0}))], at=NOON)
    assert set(Series.objects.values_list("name", flat=True)) == {"took_s", "good"}


def test_other_checks_are_not_read(check: Check) -> None:
    other = a_check(check.server, "mail")
    kept(check, measured(check, NOON, {"a": 1.0}))
    kept(other, measured(other, NOON, {"a": 2.0}))
    assert values(check, "a") == [1.0]
    assert samples.of(other, "b", NOON - DAY, NOON + DAY, 10) == []


def test_a_line_has_at_most_the_points_asked_for_with_the_lowest_and_the_highest(check: Check) -> None:
    row = [measured(check, NOON + seconds(15 * n), {"a": float(n % 4)}) for n in range(240)]
    kept(check, *row)
    for points in (2, 3, 7, 50, 240, 1000):
        line = samples.of(check, "a", NOON, NOON + seconds(3600), points)
        assert 1 <= len(line) <= points
        assert min(point.lo for point in line) == 0.0
        assert max(point.hi for point in line) == 3.0
    whole = samples.of(check, "a", NOON, NOON + seconds(3600), 100)
    assert [(point.lo, point.mean, point.hi) for point in whole[:2]] == [(0.0, 1.5, 3.0)] * 2
    assert whole[0].at == NOON + seconds(30)


def test_the_end_of_the_time_asked_for_is_not_part_of_it(check: Check) -> None:
    kept(check, *[measured(check, NOON + seconds(n), {"a": float(n)}) for n in range(3)])
    line = samples.of(check, "a", NOON, NOON + seconds(2), 100)
    assert [point.mean for point in line] == [0.0, 1.0]


def test_a_gap_stays_a_gap(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 1.0}), measured(check, NOON + seconds(3000), {"a": 2.0}))
    line = samples.of(check, "a", NOON, NOON + seconds(3600), 121)
    assert [point.at for point in line] == [NOON + seconds(15), NOON + seconds(3015)]


def test_a_packed_hour_and_the_open_one_make_one_line(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 5.0}))
    series = Series.objects.get(check_ref=check, name="a")
    hour = int(NOON.timestamp()) // 3600 - 1
    data = packing.pack([0, 1800], [1.0, 3.0])
    SampleChunk.objects.create(
        hour=hour, series=series, tier=samples.WHOLE, n=2, lo=1.0, hi=3.0, total=4.0, data=data
    )
    assert values(check, "a") == [1.0, 3.0, 5.0]
    by_day = samples.of(check, "a", NOON - 10 * DAY, NOON + DAY, 12)
    assert [(point.lo, point.mean, point.hi) for point in by_day] == [(1.0, 3.0, 5.0)]


def test_a_packed_hour_that_is_damaged_is_named_not_drawn(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 5.0}))
    series = Series.objects.get(check_ref=check, name="a")
    hour = int(NOON.timestamp()) // 3600 - 1
    SampleChunk.objects.create(
        hour=hour, series=series, tier=samples.WHOLE, n=2, lo=1.0, hi=3.0, total=4.0, data=b"\1damaged"
    )
    with pytest.raises(samples.DamagedError) as error:
        values(check, "a")
    assert f"web1.kermor.example: shop: a (series {series.pk}), hour of 2026-11-23T10:00Z" in str(error.value)


def test_a_database_that_was_put_back_is_not_taken_for_the_one_before(check: Check, monkeypatch) -> None:
    monkeypatch.setattr(samples, "_known", {check.public_id: {"took_s": 4_711, "a": 4_712}})
    samples.keep([(check.pk, measured(check, NOON, {"a": 1.0}))], at=NOON)
    assert values(check, "a") == [1.0]


@pytest.mark.django_db(transaction=True)
def test_known_series_are_looked_up_once(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 1.0}))
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        samples.keep([(check.pk, measured(check, NOON + seconds(15), {"a": 1.0}))], at=NOON + seconds(15))
    # Is it still the same database? Then the samples, at most.
    assert 1 <= sum("monitoring_" in query["sql"] for query in asked) <= 2


@pytest.mark.django_db(transaction=True)
def test_a_value_that_was_new_in_what_was_rolled_back_is_new_again(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 1.0}))
    later = measured(check, NOON + seconds(15), {"a": 1.0, "b": 2.0})
    with transaction.atomic():
        samples.keep([(check.pk, later)], at=later.at)
        transaction.set_rollback(True)
    kept(check, later)
    assert values(check, "b") == [2.0]


def test_a_minute_with_the_clock_a_year_ahead_blanks_no_drawing(check: Check) -> None:
    ahead = NOON + 365 * DAY
    samples.keep([(check.pk, measured(check, ahead, {"a": 9.0}))], at=ahead)
    kept(check, *[measured(check, NOON + seconds(n), {"a": float(n)}) for n in range(3)])
    line = samples.of(check, "a", NOON - DAY / 24, NOON + seconds(60), 10_000)
    assert [point.mean for point in line] == [0.0, 1.0, 2.0]


def test_reading_by_time_uses_the_key(check: Check) -> None:
    kept(check, measured(check, NOON, {"a": 1.0}))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {samples.open_query([1])}", [0, 1, 1])
            expected = "SEARCH monitoring_sampleopen USING PRIMARY KEY (at=? AND series_id=?)"
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")  # it is a small table
            cursor.execute(f"EXPLAIN {samples.open_query([1])}", [0, 1, 1])
            expected = "Index Cond: ((at = ANY ($0)) AND (series_id = 1))"
        plan = [str(row) for row in cursor.fetchall()]
    assert any(expected in line for line in plan), plan
