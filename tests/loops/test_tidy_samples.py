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
from astreinte.records.monitoring.models import Check, SampleChunk, SampleOpen
from tests import builders
from tests.records.monitoring.watching import NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Hub:
    """The thread of one hub, with a clock on the wall and one that only ever runs."""

    def __init__(self, *, kept: bool = True) -> None:
        self.ran_s = 0.0
        self._samples = tidy.Samples(lambda: self.ran_s, lambda: kept)

    def turn(self, at: datetime, ran: timedelta = timedelta(0)) -> None:
        """Do what there is to do at `at` by the clock on the wall, when `ran` has passed since the last turn."""
        self.ran_s += ran.total_seconds()
        while self._samples.keep(at):
            pass


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setattr(settings, "PLACES", Places(settings.PLACES.data, samples="8,10,12"))
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def lived(check: Check, start: datetime, length: timedelta) -> None:
    """Have been there for a while: the check was measured each hour, and what it took is packed."""
    recorded(check, [OK], start=start)
    Hub().turn(start + 2 * HOUR)
    packed = SampleChunk.objects.get(hour=int(start.timestamp()) // 3600)
    hours = range(packed.hour + 1, packed.hour + length // HOUR)
    SampleChunk.objects.bulk_create(
        SampleChunk(
            hour=hour, series=packed.series, tier=samples.WHOLE, n=1, lo=1, hi=1, total=1, data=packed.data
        )
        for hour in hours
    )


def oldest() -> int | None:
    """Return how the hour of noon is kept."""
    return (
        SampleChunk.objects.filter(hour=int(NOON.timestamp()) // 3600).values_list("tier", flat=True).first()
    )


@pytest.mark.parametrize(
    ("days", "kept"),
    [(8, samples.FIVE_MIN), (10, samples.HOURLY), (12, None)],
)
def test_samples_are_packed_and_age_as_the_settings_say(check: Check, days: int, kept: int | None) -> None:
    lived(check, NOON, days * DAY + HOUR)
    Hub().turn(NOON + days * DAY)
    assert oldest() == (samples.WHOLE, samples.FIVE_MIN, samples.HOURLY)[(8, 10, 12).index(days)]
    Hub().turn(NOON + days * DAY + 3 * HOUR)
    assert oldest() == kept


@pytest.mark.parametrize("starts", [1, 3])
def test_a_clock_that_is_years_ahead_ages_nothing_however_often_the_hub_starts_with_it(
    check: Check, starts: int
) -> None:
    lived(check, NOON, 7 * DAY)
    before = SampleChunk.objects.count()
    for start in range(starts):
        wrong = NOON + (start + 1) * 365 * DAY
        hub = Hub()
        recorded(check, [OK], start=wrong)
        hub.turn(wrong + 2 * HOUR)
        hub.turn(wrong + 365 * DAY, ran=HOUR)
    assert oldest() == samples.WHOLE
    assert SampleChunk.objects.filter(tier=samples.WHOLE).count() == before + starts


def test_a_month_without_the_hub_ages_nothing(check: Check) -> None:
    lived(check, NOON, 7 * DAY)
    Hub().turn(NOON + 37 * DAY)
    assert oldest() == samples.WHOLE


def test_a_clock_that_is_behind_ages_nothing(check: Check) -> None:
    lived(check, NOON, 20 * DAY)
    Hub().turn(NOON + DAY)
    assert oldest() == samples.WHOLE


def test_what_was_measured_ahead_of_time_is_dropped_once_the_clock_has_stood_for_an_hour(
    check: Check,
) -> None:
    hub = Hub()
    hub.turn(NOON)
    recorded(check, [OK], start=NOON + 365 * DAY)
    hub.turn(NOON + HOUR / 2, ran=HOUR / 2)
    assert SampleOpen.objects.count() == 1
    with capture_logs() as said:
        hub.turn(NOON + HOUR, ran=HOUR / 2)
    assert SampleOpen.objects.count() == 0
    assert [(one["event"], one["samples"]) for one in said] == [("samples from the future dropped", 1)]


def test_a_clock_that_nothing_keeps_drops_nothing_it_may_be_behind_itself(check: Check) -> None:
    hub = Hub(kept=False)
    recorded(check, [OK], start=NOON)
    hub.turn(NOON - DAY)
    hub.turn(NOON - DAY + 2 * HOUR, ran=2 * HOUR)
    assert SampleOpen.objects.count() == 1


def test_the_thread_of_the_hub_does_it(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "turning", lambda _name, step, **_pace: step)
    recorded(check, [OK])
    turned: Any = up._threads()["samples"]
    while turned(NOON + 2 * HOUR):
        pass
    assert (SampleOpen.objects.count(), oldest()) == (0, samples.WHOLE)
