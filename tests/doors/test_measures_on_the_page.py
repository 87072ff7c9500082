"""The page of a server shows what was measured: to its staff, to its client, and to nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from astreinte.engine.bus.ports import Result
from astreinte.loops import clock
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import checking, closing, recording
from astreinte.records.monitoring.models import Check, SampleChunk
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.builders import Cast
from tests.records.monitoring.watching import CRITICAL, NOON, OK, a_check

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return builders.the_cast()


def measured(server: Server) -> Check:
    """A check of a shop that answered for an hour each minute, then did not."""
    check = a_check(server, every_s=60)
    levels = [OK] * 60 + [CRITICAL] * 3
    row = [
        Result(
            check.public_id,
            int((NOON + timedelta(minutes=n)).timestamp()),
            NOON + timedelta(minutes=n),
            level,
            "",
            {"first_byte_s": 0.2, "status": 200},
            0.212,
        )
        for n, level in enumerate(levels)
    ]
    recording.record(row, at=row[-1].at, actor=builders.SETUP)
    return check


def page(person: Any, path: str, minutes: int = 63) -> str:
    browser = Browser()
    browser.force_login(person)
    with clock.moved_to(NOON + timedelta(minutes=minutes)):
        answer = browser.get(path, headers={"host": "testserver"})
    assert answer.status_code == 200
    return answer.content.decode()


def captions(body: str) -> list[str]:
    found = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", body)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_staff_and_the_client_see_the_curve_of_what_a_check_is_about(cast: Cast) -> None:
    measured(cast.web1)
    for person, path in (
        (cast.house.sofia, f"/desk/servers/{cast.web1.public_id}/"),
        (cast.alice, f"/servers/{cast.web1.public_id}/"),
    ):
        body = page(person, path)
        assert captions(body) == ["shop · durée de la réponse 212 ms"]
        assert 'class="line s-data"' in body
        assert 'class="f-critw"' in body
        assert "Critique pendant 1\N{NO-BREAK SPACE}min." in body


def test_all_measures_of_a_check_are_shown_when_asked_for(cast: Cast) -> None:
    check = measured(cast.web1)
    body = page(cast.alice, f"/servers/{cast.web1.public_id}/?over=hours&check={check.public_id}")
    assert captions(body) == [
        "shop · premier octet 200 ms",
        "shop · code HTTP 200",
        "shop · durée de la réponse 212 ms",
    ]
    assert '<b aria-current="true">3\N{NO-BREAK SPACE}heures</b>' in body


def test_a_yes_or_no_has_no_curve_unless_it_is_asked_for_and_is_said_as_such(cast: Cast) -> None:
    check = checking.add(server=cast.web1, kind="clock", name="clock", at=NOON, actor=builders.SETUP)
    at = NOON + timedelta(minutes=50)
    row = [Result(check.public_id, int(at.timestamp()), at, Level.WARNING, "", {"kept": 0}, 0.01)]
    recording.record(row, at=at, actor=builders.SETUP)
    path = f"/servers/{cast.web1.public_id}/"
    assert captions(page(cast.alice, path)) == []
    assert captions(page(cast.alice, f"{path}?check={check.public_id}")) == [
        "clock · horloge tenue à l’heure Non",
        "clock · durée de la mesure 10 ms",
    ]


@pytest.mark.parametrize("asked", ["over=century", "check=nobodys", "over=%00&check=%00", "over=&check="])
def test_what_does_not_exist_is_passed_over(cast: Cast, asked: str) -> None:
    measured(cast.web1)
    body = page(cast.alice, f"/servers/{cast.web1.public_id}/?{asked}")
    assert captions(body) == ["shop · durée de la réponse 212 ms"]


def test_the_check_of_another_client_is_not_shown_by_asking_for_it(cast: Cast) -> None:
    measured(cast.web1)
    other = a_check(cast.app2, "secret")
    body = page(cast.alice, f"/servers/{cast.web1.public_id}/?check={other.public_id}")
    assert "secret" not in body


def test_measures_that_are_damaged_are_said_so_beside_those_that_are_not(cast: Cast, caplog: Any) -> None:
    check = measured(cast.web1)
    closing.close(at=NOON + 2 * HOURS)
    SampleChunk.objects.filter(series__name="status").update(data=b"\1no samples")
    body = page(cast.alice, f"/servers/{cast.web1.public_id}/?over=hours&check={check.public_id}")
    assert len(captions(body)) == 3
    assert body.count("sont pas montrées") == 1
    assert body.count('class="line s-data"') >= 4
    assert any("status (series" in record.message for record in caplog.records)


def test_a_server_that_nothing_watches_has_no_measures(cast: Cast) -> None:
    assert 'id="measures"' not in page(cast.alice, f"/servers/{cast.web1.public_id}/")


def test_a_level_is_one_that_the_drawing_knows() -> None:
    from astreinte.doors.curves import BANDS

    held = set(Level) - {Level.OK, Level.INCONCLUSIVE}  # neither is a trouble that a check can stand in
    assert set(BANDS) == held


def test_a_server_that_is_watched_for_less_than_an_hour_shows_its_last_hours(cast: Cast) -> None:
    measured(cast.web1)
    there = f"/servers/{cast.web1.public_id}/"
    young, older = page(cast.alice, there, minutes=50), page(cast.alice, there)
    assert '<b aria-current="true">3 heures</b>' in young.replace("\u00a0", " ")
    assert '<b aria-current="true">24 heures</b>' in older.replace("\u00a0", " ")
