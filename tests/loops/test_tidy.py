"""A hub that was away is no silence of the targets: what the watch kept is recorded first, and judged in order."""

from datetime import timedelta

import pytest

from astreinte.doors.watched import watched
from astreinte.loops.tidy import Silence
from astreinte.records.monitoring import recording
from astreinte.records.monitoring.models import CheckState
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import CRITICAL, NOON, OK, a_check, recorded, result

pytestmark = pytest.mark.django_db

AWAY = timedelta(hours=1)
PACE = timedelta(seconds=15)


@pytest.fixture
def checks():
    server = builders.a_server(builders.a_client(builders.a_house()))
    made = [a_check(server, f"service {place}") for place in range(3)]
    for check in made:
        recorded(check, [OK, OK])
    return made


def kept(checks, levels=OK):
    """What the watch measured while the hub was away: a result of each check at its pace, in order."""
    at = NOON + timedelta(seconds=5) + PACE
    while at <= NOON + AWAY:
        yield [result(check, levels, at) for check in checks]
        at += PACE


def told(check):
    return list(check.transitions.order_by("pk").values_list("after", flat=True))


def levels(check, at):
    (found,) = watched([check.server], actor=builders.SETUP, at=at)
    return {one.level for one in found.standings}


def test_a_hub_that_comes_back_finds_nothing_stale_and_nothing_moved(checks) -> None:
    since = [CheckState.objects.get(pk=check.pk).since for check in checks]
    silence, now = Silence(), NOON + AWAY
    silence.mark_stale(now)
    for place, batch in enumerate(kept(checks)):
        recording.record(batch, at=now, actor=builders.SETUP)
        if place % 40 == 0:  # what runs beside it, again and again, while results come in
            now += timedelta(seconds=5)
            silence.mark_stale(now)
    silence.mark_stale(now + timedelta(seconds=5))
    assert [told(check) for check in checks] == [["ok"]] * 3
    assert [CheckState.objects.get(pk=check.pk).since for check in checks] == since
    assert levels(checks[0], now) == {Level.OK}


def test_what_happened_while_the_hub_was_away_has_the_instants_at_which_it_happened(checks) -> None:
    silence, now = Silence(), NOON + AWAY
    silence.mark_stale(now)
    for batch in kept(checks[:1], CRITICAL):
        recording.record(batch, at=now, actor=builders.SETUP)
        silence.mark_stale(now)
    assert told(checks[0]) == ["ok", "critical"]
    assert checks[0].transitions.get(after="critical").first_at == NOON + timedelta(seconds=5) + PACE


def test_a_check_that_is_missing_from_what_comes_is_stale_from_where_its_own_results_end(checks) -> None:
    silence, now = Silence(), NOON + AWAY
    silence.mark_stale(now)
    blind_from = CheckState.objects.get(pk=checks[2].pk).stale_at
    for batch in kept(checks[:2]):
        recording.record(batch, at=now, actor=builders.SETUP)
        silence.mark_stale(now)
    assert [told(check) for check in checks] == [["ok"], ["ok"], ["ok", "stale"]]
    assert CheckState.objects.get(pk=checks[2].pk).since == blind_from


def test_when_nothing_comes_at_all_the_watch_was_silent_too_and_everything_is_stale(checks) -> None:
    silence, now = Silence(), NOON + AWAY
    assert silence.mark_stale(now) == 0
    assert silence.mark_stale(now + recording.PATIENCE - timedelta(seconds=1)) == 0
    assert silence.mark_stale(now + recording.PATIENCE) == 3
    blind_from = NOON + timedelta(seconds=5) + 2 * PACE + timedelta(seconds=10)
    assert {CheckState.objects.get(pk=check.pk).since for check in checks} == {blind_from}


def test_a_page_waits_for_what_is_on_its_way_but_shows_no_news_as_no_news(checks) -> None:
    last = NOON + timedelta(seconds=5)
    assert levels(checks[0], last + timedelta(seconds=55)) == {Level.OK}
    assert levels(checks[0], last + recording.PATIENCE) == {Level.STALE}
    recorded(checks[0], [OK, OK], start=last + timedelta(seconds=20), step_s=30)
    assert levels(checks[0], last + timedelta(seconds=55)) == {Level.OK, Level.STALE}


def test_a_result_from_a_wrong_clock_judges_nothing_ahead_of_time(checks) -> None:
    recorded(checks[0], [OK], start=NOON + timedelta(days=1), at=NOON + timedelta(seconds=10))
    assert Silence().mark_stale(NOON + timedelta(seconds=20)) == 0
