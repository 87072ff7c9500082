"""By itself the hub packs the hours that are over, and keeps them as long as the settings say."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings

from astreinte.doors.cli import up
from astreinte.loops import tidy
from astreinte.project.places import Places
from astreinte.records.monitoring import samples
from astreinte.records.monitoring.models import SampleChunk, SampleOpen
from tests import builders
from tests.records.monitoring.watching import NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db


def kept(at: datetime) -> None:
    while tidy.keep_samples(at):
        pass


def tiers() -> set[int]:
    return set(SampleChunk.objects.values_list("tier", flat=True))


def test_samples_are_packed_and_age_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PLACES", Places(settings.PLACES.data, samples="8,10,12"))
    recorded(a_check(builders.a_server(builders.a_client(builders.a_house()))), [OK, OK])
    days = {day: NOON + timedelta(days=day, hours=2) for day in (1, 8, 10, 12)}
    kept(days[1])
    assert (SampleOpen.objects.count(), tiers()) == (0, {samples.WHOLE})
    kept(days[8])
    assert tiers() == {samples.FIVE_MIN}
    kept(days[10])
    assert tiers() == {samples.HOURLY}
    kept(days[12])
    assert tiers() == set()


def test_the_hub_has_a_thread_for_it() -> None:
    assert "samples" in up._threads()
