"""How a check stood at a past instant: what its transitions say, and stale where nothing is known."""

from datetime import timedelta

import pytest

from astreinte.records.monitoring import checking, past, recording
from astreinte.records.monitoring.models import Check, CheckState
from astreinte.records.monitoring.past import Stood, Stretch
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import CRITICAL, NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


@pytest.fixture
def check() -> Check:
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def s(count: float) -> timedelta:
    return timedelta(seconds=count)


def told(found: list[Stretch]) -> list[tuple[Level, float, float]]:
    return [
        (one.level, (one.start - NOON).total_seconds(), (one.end - NOON).total_seconds()) for one in found
    ]


def test_the_level_holds_from_its_transition_on_and_not_a_second_before(check: Check) -> None:
    recorded(check, [OK, OK, CRITICAL, CRITICAL, CRITICAL])
    for after, level, since in (
        (0, Level.STALE, 0),
        (4, Level.STALE, 0),
        (5, Level.OK, 5),
        (19, Level.OK, 5),
        (20, Level.CRITICAL, 20),
        (25, Level.CRITICAL, 20),
    ):
        assert past.state_at(check, NOON + s(after)) == Stood(level, NOON + s(since)), after


def test_before_its_first_result_it_is_stale_and_before_it_was_watched_nothing(check: Check) -> None:
    assert past.state_at(check, NOON) == Stood(Level.STALE, NOON)
    with pytest.raises(ValueError, match="not watched at"):
        past.state_at(check, NOON - MOMENT)
    checking.end(check, at=NOON + s(60), actor=builders.SETUP)
    assert past.state_at(check, NOON + s(59)).level is Level.STALE
    with pytest.raises(ValueError, match="not watched at"):
        past.state_at(check, NOON + s(60))


def test_a_silence_counts_from_where_it_began_declared_or_not(check: Check) -> None:
    recorded(check, [OK, OK])
    silent = CheckState.objects.get(pk=check.pk).stale_at
    asked = (silent - MOMENT, silent, silent + s(3600))
    undeclared = [past.state_at(check, at) for at in asked]
    assert undeclared == [
        Stood(Level.OK, NOON + s(5)),
        Stood(Level.STALE, silent),
        Stood(Level.STALE, silent),
    ]
    recording.mark_stale(at=silent + s(3600), actor=builders.SETUP)
    assert [past.state_at(check, at) for at in asked] == undeclared


def test_a_silence_that_is_over_does_not_reach_back(check: Check) -> None:
    recorded(check, [OK, OK])
    recorded(check, [OK, OK], start=NOON + s(30))
    assert past.state_at(check, NOON + s(20)) == Stood(Level.OK, NOON + s(5))


def test_stretches_cover_the_time_asked_for_without_a_hole(check: Check) -> None:
    recorded(check, [OK, OK, CRITICAL, CRITICAL, CRITICAL, OK, OK])
    silent = (CheckState.objects.get(pk=check.pk).stale_at - NOON).total_seconds()
    found = past.stretches(check, NOON - s(60), NOON + s(600))
    assert told(found) == [
        (Level.STALE, 0, 5),
        (Level.OK, 5, 20),
        (Level.CRITICAL, 20, 30),
        (Level.OK, 30, silent),
        (Level.STALE, silent, 600),
    ]
    assert told(past.stretches(check, NOON + s(10), NOON + s(25))) == [
        (Level.OK, 10, 20),
        (Level.CRITICAL, 20, 25),
    ]
    recording.mark_stale(at=NOON + s(600), actor=builders.SETUP)
    assert told(past.stretches(check, NOON - s(60), NOON + s(600))) == told(found)


def test_there_are_no_stretches_of_a_time_when_it_was_not_watched(check: Check) -> None:
    assert past.stretches(check, NOON - s(60), NOON) == []
    checking.end(check, at=NOON + s(60), actor=builders.SETUP)
    assert told(past.stretches(check, NOON, NOON + s(600))) == [(Level.STALE, 0, 60)]


def test_a_line_begins_with_the_level_that_a_stretch_before_it_left(check: Check) -> None:
    recorded(check, [OK, OK])
    silent = CheckState.objects.get(pk=check.pk).stale_at
    assert told(past.stretches(check, silent + s(60), silent + s(70))) == [
        (Level.STALE, (silent - NOON).total_seconds() + 60, (silent - NOON).total_seconds() + 70)
    ]
