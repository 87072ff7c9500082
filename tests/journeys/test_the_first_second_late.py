"""The promise is missed at the first second whose lateness is more than zero, by the data alone (A6.1)."""

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach
from tests.builders import a_ticket, acting, paris, the_cast, time_passes
from tests.journeys.shown import (
    amounts,
    everywhere,
    in_api,
    in_cli,
    in_cli_json,
    on_desk,
    on_portal,
    readable,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("priority", "received", "last_in_time"),
    [
        pytest.param("critical", "2026-11-28 03:00", "2026-11-28 07:00", id="at night: the deadline + 1 s"),
        pytest.param(
            *("urgent", "2026-12-24 17:00", "2026-12-29 09:00"),
            id="due at a closing: the next opening + 1 s",
        ),
    ],
)
def test_a6_1_page_command_and_api_say_it_at_the_first_second_late_when_no_loop_ran(
    priority, received, last_in_time
):
    cast = the_cast()
    at = paris(received)
    with clock.moved_to(at) as hand:
        ticket = a_ticket(cast.web1, at, by=acting(cast.alice, at), priority=priority)
        hand.move_to(paris(last_in_time))
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert "Reste pour intervenir" in page.says("left")
            assert page.part("sum") is None
        assert in_api(ticket, cast.alice)["standing"] == "running"

        hand.advance(seconds=1)
        hour = everywhere(ticket, cast)
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert "Intervention en retard" in page.says("left")
            assert amounts(page)[0] in str(hour.sum)
        assert "Nous avons manqué notre promesse" in on_portal(ticket, cast.alice).text
        assert in_api(ticket, cast.alice)["standing"] == "late"
        printed = in_cli("why", str(ticket.number), person=cast.alice)
        assert "En retard de 1 s" in readable(printed)
        assert not Breach.objects.exists()  # no loop ran yet

        late = hand.instant
        hand.advance(hours=3)
        time_passes()
        breach = Breach.objects.get()
        assert breach.at == late
        time_passes()
        (shown,) = in_cli_json("breach", "list", person=cast.house.sofia)
        assert (shown["ticket"], shown["standing"]) == (ticket.number, "late")
        assert any(
            one.endswith("La promesse est manquée") for one in on_desk(ticket, cast.house.hugo).steps()
        )
