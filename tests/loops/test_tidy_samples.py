"""By itself the hub packs the hours that are over, and keeps them as the settings say, whatever its clock does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from structlog.testing import capture_logs

from astreinte.doors.cli import up
from astreinte.loops import tidy, turn
from astreinte.project.places import Places
from astreinte.records.monitoring import samples
from astreinte.records.monitoring.models import Check, SampleChunk, SampleOpen, Series
from tests import builders
from tests.records.monitoring.watching import NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db


class Hub:
    """The thread of one hub, with a clock on the wall and one that only ever runs."""

    def __init__(self) -> None:
        self.ran_s = 0.0
        self._samples = tidy.Samples(lambda: self.ran_s)

    def turn(self, at: datetime, ran: timedelta = timedelta(0)) -> None:
        """Do what there is to do at `at` by the clock on the wall, when `ran` has passed since the last turn."""
        self.ran_s += ran.total_seconds()
        while self._samples.keep(at):
            pass


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setattr(settings, "PLACES", Places(settings.PLACES.data, samples="8,10,12"))
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def tiers() -> set[int]:
    return set(SampleChunk.objects.values_list("tier", flat=True))


def test_samples_are_packed_and_age_as_the_settings_say(check: Check) -> None:
    recorded(check, [OK, OK])
    hub, day = Hub(), timedelta(days=1)
    at = NOON + timedelta(hours=2)
    hub.turn(at + day)
    assert (SampleOpen.objects.count(), tiers()) == (0, {samples.WHOLE})
    hub.turn(at + 8 * day, ran=7 * day)
    assert tiers() == {samples.FIVE_MIN}
    hub.turn(at + 10 * day, ran=2 * day)
    assert tiers() == {samples.HOURLY}
    hub.turn(at + 12 * day, ran=2 * day)
    assert tiers() == set()


def test_a_clock_that_jumps_ahead_ages_nothing(check: Check) -> None:
    recorded(check, [OK, OK])
    hub, began = Hub(), NOON + timedelta(hours=2)
    minute = timedelta(minutes=1)
    hub.turn(began)
    with capture_logs() as said:
        hub.turn(began + timedelta(days=365), ran=minute)
        hub.turn(began + timedelta(days=365) + minute, ran=minute)
        assert tiers() == {samples.WHOLE}
        hub.turn(began + 3 * minute, ran=minute)
    assert [one["event"] for one in said] == [
        "clock jumped ahead: samples grow old as if it had not; restart the hub if it is right now",
        "clock is back: samples grow old by it again",
    ]
    assert said[0]["ahead_s"] == 365 * 86_400 - 60


def test_what_was_measured_ahead_of_time_is_dropped_once_the_clock_has_stood_for_an_hour(
    check: Check,
) -> None:
    hub, hour = Hub(), timedelta(hours=1)
    hub.turn(NOON)
    recorded(check, [OK], start=NOON + timedelta(days=365))
    hub.turn(NOON + hour / 2, ran=hour / 2)
    assert SampleOpen.objects.count() == 1
    with capture_logs() as said:
        hub.turn(NOON + hour, ran=hour / 2)
    assert (SampleOpen.objects.count(), tiers()) == (0, set())
    assert [(one["event"], one["samples"]) for one in said] == [("samples from the future dropped", 1)]


def test_a_clock_that_falls_back_drops_nothing(check: Check) -> None:
    hub, hour = Hub(), timedelta(hours=1)
    hub.turn(NOON)
    recorded(check, [OK], start=NOON + hour)
    hub.turn(NOON - timedelta(days=365), ran=2 * hour)
    assert SampleOpen.objects.count() == 1


def test_a_hub_that_starts_with_a_wrong_clock_forgets_no_more_than_some_hours_a_day(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "FORGOTTEN_A_DAY", 5)
    recorded(check, [OK])
    Hub().turn(NOON + timedelta(hours=2))
    series, first = Series.objects.get(), SampleChunk.objects.get().hour
    SampleChunk.objects.bulk_create(
        SampleChunk(hour=first + n, series=series, tier=samples.HOURLY, n=1, lo=1, hi=1, total=1, data=b"")
        for n in range(1, 15)
    )
    hub, at, day = Hub(), NOON + timedelta(days=3650), timedelta(days=1)
    hub.turn(at)
    assert SampleChunk.objects.count() == 10
    hub.turn(at + day / 2, ran=day / 2)
    assert SampleChunk.objects.count() == 10
    hub.turn(at + day, ran=day / 2)
    assert SampleChunk.objects.count() == 5


def test_the_thread_of_the_hub_does_it(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "turning", lambda _name, step, **_pace: step)
    recorded(check, [OK])
    turned: Any = up._threads()["samples"]
    while turned(NOON + timedelta(hours=2)):
        pass
    assert (SampleOpen.objects.count(), tiers()) == (0, {samples.WHOLE})
