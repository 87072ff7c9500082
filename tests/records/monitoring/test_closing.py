"""Hours that are over are packed without losing a sample, then thinned out and forgotten when their time has come."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.db import connection

from astreinte.records.monitoring import closing, samples
from astreinte.records.monitoring.closing import Retention
from astreinte.records.monitoring.models import Check, SampleChunk, SampleOpen, Series
from astreinte.records.monitoring.samples import Point
from tests import builders
from tests.records.monitoring.test_samples import measured
from tests.records.monitoring.watching import NOON, a_check

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OVER = NOON + HOUR + timedelta(seconds=closing.GRACE_S)
KEEP = Retention()


@pytest.fixture
def check() -> Check:
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def written(check: Check, values: Mapping[int, float], start: datetime = NOON) -> None:
    """Keep a value `a` at each of these seconds after `start`."""
    row = [measured(check, start + timedelta(seconds=n), {"a": value}) for n, value in values.items()]
    samples.keep([(check.pk, one) for one in row], at=row[-1].at)


def an_hour(seed: int = 1) -> dict[int, float]:
    draw = random.Random(seed)
    return {n: round(draw.uniform(0, 100), 2) for n in range(7, 3600, 15)}


def line(check: Check, points: int = 7200, hours: float = 1) -> list[Point]:
    return samples.of(check, "a", NOON, NOON + hours * HOUR, points)


def thinned(at: datetime) -> int:
    total = 0
    before = closing.by_the_clock(at, KEEP)
    while touched := closing.thin(before) or closing.forget(before):
        total += touched
    return total


def tiers() -> list[tuple[int, int]]:
    return sorted(SampleChunk.objects.filter(series__name="a").values_list("tier", "n"))


def test_an_hour_is_packed_once_it_is_over_and_not_a_second_before(check: Check) -> None:
    written(check, an_hour())
    before = line(check)
    assert closing.close(at=OVER - timedelta(seconds=1)) == 0
    assert closing.close(at=OVER) == 480  # and the time that each took
    assert closing.close(at=OVER) == 0
    assert SampleOpen.objects.count() == 0
    assert tiers() == [(samples.WHOLE, 240)]
    assert line(check) == before


def test_the_hour_that_runs_stays_open(check: Check) -> None:
    written(check, {0: 1.0, 3599: 2.0, 3600: 3.0})
    closing.close(at=OVER)
    assert sorted(SampleOpen.objects.filter(series__name="a").values_list("value", flat=True)) == [3.0]
    assert [point.mean for point in line(check, hours=2)] == [1.0, 2.0, 3.0]


def test_what_comes_late_is_packed_with_the_rest_of_its_hour(check: Check) -> None:
    written(check, {0: 1.0, 600: 2.0})
    closing.close(at=OVER)
    written(check, {300: 7.0, 600: 2.0})
    closing.close(at=OVER)
    assert [point.mean for point in line(check)] == [1.0, 7.0, 2.0]
    assert tiers() == [(samples.WHOLE, 3)]


def test_what_comes_while_the_hour_is_packed_is_not_deleted_with_it(check: Check) -> None:
    written(check, {0: 1.0})
    late = [measured(check, NOON + timedelta(seconds=30), {"a": 9.0})]

    def comes() -> None:
        if late:
            samples.keep([(check.pk, late.pop())], at=OVER)

    closing.close(at=OVER, between=comes)
    assert [point.mean for point in line(check)] == [1.0, 9.0]
    closing.close(at=OVER)
    assert SampleOpen.objects.count() == 0
    assert [point.mean for point in line(check)] == [1.0, 9.0]


@pytest.mark.parametrize("turn", range(1, 12))
def test_a_stop_between_two_slices_costs_no_sample(check: Check, monkeypatch, turn: int) -> None:
    monkeypatch.setattr(closing, "READ_ROWS", 100)
    monkeypatch.setattr(closing, "DELETE_ROWS", 100)
    monkeypatch.setattr(closing, "CHUNKS", 1)
    other = a_check(check.server, "mail")
    written(check, an_hour(1))
    written(other, an_hour(2))
    before = line(check), line(other)
    turns = 0

    class Killed(Exception):
        pass

    def stops() -> None:
        nonlocal turns
        turns += 1
        if turns == turn:
            raise Killed

    with pytest.raises(Killed):
        closing.close(at=OVER, between=stops)
    assert (line(check), line(other)) == before
    closing.close(at=OVER)
    assert (line(check), line(other)) == before
    assert SampleOpen.objects.count() == 0


def test_samples_age_from_whole_to_five_minutes_to_the_hour_to_nothing(check: Check) -> None:
    values = an_hour()
    written(check, values)
    closing.close(at=OVER)
    lowest, highest, mean = min(values.values()), max(values.values()), sum(values.values()) / 240
    for age, tier, count in (
        (KEEP.whole, samples.FIVE_MIN, 12),
        (KEEP.five_min, samples.HOURLY, 1),
    ):
        assert thinned(NOON + age) == 0
        assert thinned(NOON + age + HOUR) == 2
        assert tiers() == [(tier, 240)]
        drawn = line(check)
        assert len(drawn) == count
        assert (min(p.lo for p in drawn), max(p.hi for p in drawn)) == (lowest, highest)
        assert sum(p.mean for p in drawn) / count == pytest.approx(mean)
    assert thinned(NOON + KEEP.hourly) == 0
    assert thinned(NOON + KEEP.hourly + HOUR) == 2
    assert SampleChunk.objects.count() == 0
    assert Series.objects.filter(check_ref=check).count() == 2


def test_five_minutes_without_a_sample_stay_a_gap(check: Check) -> None:
    written(check, {0: 1.0, 10: 3.0, 900: 5.0})
    closing.close(at=OVER)
    thinned(NOON + KEEP.whole + HOUR)
    drawn = line(check)
    assert [(point.at, point.lo, point.mean, point.hi) for point in drawn] == [
        (NOON + timedelta(seconds=150), 1.0, 2.0, 3.0),
        (NOON + timedelta(seconds=1050), 5.0, 5.0, 5.0),
    ]


def test_a_damaged_hour_is_said_and_holds_up_no_other(check: Check, caplog) -> None:
    written(check, {0: 1.0, 10: 3.0})
    closing.close(at=OVER)
    SampleChunk.objects.filter(series__name="a").update(data=b"\1no samples")
    assert thinned(NOON + KEEP.whole + HOUR) == 2
    (said,) = [record.message for record in caplog.records]
    assert "web1.kermor.example: shop: a (series" in said
    (point,) = line(check)
    assert (point.lo, point.mean, point.hi) == (1.0, 2.0, 3.0)


def test_samples_of_a_series_that_nobody_knows_hold_up_nothing(check: Check) -> None:
    written(check, {0: 1.0})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO monitoring_sampleopen (at, series_id, value) VALUES (%s, 4711, 1.0)",
            [int(NOON.timestamp())],
        )
    assert closing.close(at=OVER) == 3
    assert SampleOpen.objects.count() == 0
    assert [point.mean for point in line(check)] == [1.0]


def test_samples_from_a_clock_that_was_ahead_are_dropped_and_no_other(check: Check) -> None:
    written(check, {0: 1.0, samples.SLACK_S: 2.0})
    written(check, {0: 8.0, 59: 9.0}, start=NOON + 365 * DAY)
    dropped = 0
    while touched := closing.drop_ahead(at=NOON):
        dropped += touched
    assert dropped == 4  # and the time that each took
    assert [point.mean for point in line(check)] == [1.0, 2.0]
    assert SampleOpen.objects.count() == 4
