"""`astreinte why N --readings`, and the fold on the desk's page of a ticket: what each reading would come to."""

import pytest

from astreinte.loops import clock
from astreinte.records.worklog import intervening
from tests.builders import a_ticket, acting, paris, the_cast, time_passes
from tests.journeys.shown import in_cli_json, on_desk, on_portal

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_readings_of_a_night_call_are_told_with_what_was_judged_in_front():
    cast = the_cast()
    with clock.moved_to(paris("2026-11-28 03:00")) as hand:
        ticket = a_ticket(cast.web1, hand.instant)
        hand.move_to(paris("2026-11-28 09:30"))
        intervening.start(ticket, at=hand.instant, actor=acting(cast.house.hugo, hand.instant))
        time_passes()
        found = in_cli_json("why", str(ticket.number), "--readings", person=cast.house.hugo)["readings"]
        assert (found[0]["reading"], found[0]["due"], found[0]["late_s"]) == ("in_force", "53.57", 9000)
        assert {one["reading"]: one["due"] for one in found}["elapsed"] == "10.42"
        assert "readings" not in in_cli_json("why", str(ticket.number), person=cast.house.hugo)
        said = on_desk(ticket, cast.house.hugo).says("why")
        assert "tel que jugé samedi 28 novembre 2026 à 07:00 2 h 30 53,57 €" in said
        assert (
            "art. 6 : toutes les heures du mois au diviseur samedi 28 novembre 2026 à 07:00 2 h 30 10,42 €"
            in said
        )
        assert "toutes les heures du mois au diviseur" not in on_portal(ticket, cast.alice).says("why")


def test_a_ticket_without_a_clock_shows_what_would_have_given_it_one():
    cast = the_cast()
    with clock.moved_to(paris("2026-11-28 03:00")):
        ticket = a_ticket(cast.web1, paris("2026-11-28 03:00"), channel="email")
        time_passes()
        found = in_cli_json("why", str(ticket.number), "--readings", person=cast.house.hugo)["readings"]
        assert [one["reading"] for one in found] == ["in_force", "more_channels"]
        assert found[0]["deadline_at"] is None
