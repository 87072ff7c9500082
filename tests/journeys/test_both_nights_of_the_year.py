"""Nights when the clock changes: an hour that never was, an hour that was twice (X.2)."""

from datetime import datetime

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach
from astreinte.records.worklog import intervening
from tests.builders import a_ticket, acting, paris, stands, the_cast, time_passes
from tests.journeys.shown import everywhere, in_api, in_cli, in_cli_json, on_desk, on_portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("received", "fold", "due", "read"),
    [
        pytest.param(
            *("2026-03-29 01:30", 0, "2026-03-29 06:30", "dimanche 29 mars 2026 à 01:30:00"),
            id="spring: 01:30 plus four hours is 06:30",
        ),
        pytest.param(
            *("2026-10-25 01:30", 0, "2026-10-25 04:30", "dimanche 25 octobre 2026 à 01:30:00"),
            id="autumn: 01:30 plus four hours is 04:30",
        ),
        pytest.param(
            *("2026-10-25 02:30", 0, "2026-10-25 05:30", "dimanche 25 octobre 2026 à 02:30:00 (+02:00)"),
            id="autumn: the first half past two",
        ),
        pytest.param(
            *("2026-10-25 02:30", 1, "2026-10-25 06:30", "dimanche 25 octobre 2026 à 02:30:00 (+01:00)"),
            id="autumn: the second half past two",
        ),
    ],
)
def test_x_2_four_hours_at_night_are_four_elapsed_hours(received, fold, due, read):
    cast = the_cast()
    at = paris(received, fold)
    with clock.moved_to(at) as hand:
        ticket = a_ticket(cast.web1, at, by=acting(cast.alice, at))
        standing = stands(ticket, at)
        assert standing.promise.deadline_at == paris(due)
        assert (standing.promise.deadline_at - at).total_seconds() == 4 * 3600
        said, hour = str(everywhere(ticket, cast).deadline), due[-5:]
        assert f"le {read}. C’était en heures non ouvrées." in said
        assert f"à {hour}:00" in said
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert f"Intervention avant {hour}, dimanche" in page.says("left")
            assert "4 h 00 min 00" in page.says("left")
        assert in_api(ticket, cast.alice)["promise"]["left_s"] == 4 * 3600
        shown = in_cli_json("ticket", "show", str(ticket.number), person=cast.house.hugo)
        assert datetime.fromisoformat(shown["promise"]["deadline_at"]) == paris(due)
        hand.move_to(standing.promise.deadline_at)
        time_passes()
        assert not Breach.objects.exists()
        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == hand.instant


def test_x_2_the_repeated_hour_counts_twice_in_what_is_owed():
    cast = the_cast()
    received = paris("2026-10-24 23:30")
    hugo = acting(cast.house.hugo, received)
    with clock.moved_to(received) as hand:
        ticket = a_ticket(cast.web1, received, by=acting(cast.alice, received))
        assert stands(ticket, received).promise.deadline_at == paris("2026-10-25 02:30", 1)
        came = hand.move_to(paris("2026-10-25 03:31"))
        intervening.start(ticket, at=came, actor=hugo)
        time_passes()
        found = stands(ticket, came)
        assert found.verdict.late_seconds == 61 * 60
        assert found.verdict.charged_seconds == 2 * 3600
        said = everywhere(ticket, cast)
        assert "dimanche 25 octobre 2026 à 02:30:00 (+01:00)" in str(said.deadline)
        assert "Le retard est de 1 h 01. Il est retenu par heure entamée : 2 h." in str(said.sum)
        printed = in_cli("ticket", "show", str(ticket.number), person=cast.house.hugo)
        assert "deadline 2026-10-25 02:30+01:00" in " ".join(printed.split())
        assert "02:30 (+01:00)" in on_portal(ticket, cast.alice).says("left")
