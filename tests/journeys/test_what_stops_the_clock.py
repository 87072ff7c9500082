"""Nothing but a person's first technical act stops the clock: not taking, not giving, not waiting (A5.10, A5.13)."""

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Verdict
from tests.builders import a_ticket, acting, paris, stands, the_cast, time_passes
from tests.journeys.shown import (
    Page,
    amounts,
    everywhere,
    in_api,
    in_cli,
    on_desk,
    on_portal,
    readable,
    signed_in,
)

pytestmark = pytest.mark.django_db(transaction=True)

RECEIVED, DUE = paris("2026-11-23 14:30"), paris("2026-11-23 16:30")


def on_the_desk(ticket, browser, act, **said):
    """Hugo presses a button of the ticket's page; what he reads then."""
    fields = {f"{act}-{name}": value for name, value in said.items()}
    return Page(browser.post(f"/desk/tickets/{ticket.number}/{act}/", fields, follow=True))


def test_a5_10_taking_a_ticket_says_that_the_clock_runs_and_leaves_it_running():
    cast = the_cast()
    with clock.moved_to(RECEIVED) as hand:
        ticket = a_ticket(cast.web1, RECEIVED, by=acting(cast.alice, RECEIVED))
        before = everywhere(ticket, cast)
        hand.advance(minutes=10)
        page = on_the_desk(ticket, signed_in(cast.house.hugo), "take")
        assert "L’horloge court toujours : seule une intervention l’arrête." in page.text
        assert "Pris par Hugo Lemaire, 14:40. L’horloge court toujours." in page.says("left")
        assert "Reste pour intervenir" in page.says("left")
        assert "1 h 50 min 00" in page.says("left")
        assert everywhere(ticket, cast) == before
        (taken,) = [one for one in page.steps() if one.startswith("14:40 Hugo Lemaire")]
        assert taken.endswith("n’arrête pas l’horloge")

        hand.move_to(DUE)
        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == hand.instant
        assert stands(ticket, hand.instant).state == "late"


def test_a5_10_taking_at_the_command_line_says_the_same():
    cast = the_cast()
    with clock.moved_to(RECEIVED):
        ticket = a_ticket(cast.web1, RECEIVED, by=acting(cast.alice, RECEIVED))
        printed = in_cli("take", str(ticket.number), person=cast.house.hugo)
        assert "running" in printed
        assert stands(ticket, RECEIVED).promise.deadline_at == DUE


def test_a5_13_waiting_for_the_client_changes_nothing_to_the_deadline_nor_to_the_sum():
    cast = the_cast()
    hugo = signed_in(cast.house.hugo)
    with clock.moved_to(RECEIVED) as hand:
        ticket = a_ticket(cast.web1, RECEIVED, by=acting(cast.alice, RECEIVED))
        before, at_stake = everywhere(ticket, cast), amounts(on_portal(ticket, cast.alice))
        hand.advance(minutes=10)
        page = on_the_desk(ticket, hugo, "wait", text="Avez-vous changé quelque chose ce matin ?")
        assert "L’attente n’arrête pas l’horloge : rien dans l’article 5 ne suspend le délai." in page.text
        client = on_portal(ticket, cast.alice)
        assert "L’attente n’arrête pas le délai garanti." in client.text
        for each in (page, client):
            assert "Intervention avant 16:30, lundi 23 novembre 2026" in each.says("left")
        assert everywhere(ticket, cast) == before
        assert amounts(client) == at_stake
        assert in_api(ticket, cast.alice)["promise"]["left_s"] == 110 * 60

        hand.move_to(DUE)
        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == hand.instant
        assert amounts(on_portal(ticket, cast.alice)) == ["17,86 €", "35,71 €"]
        printed = in_cli("why", str(ticket.number), person=cast.house.hugo)
        assert "En retard de 1 s" in readable(printed)


def test_a5_10_beginning_to_intervene_stops_it_and_the_page_says_by_whom():
    cast = the_cast()
    hugo = signed_in(cast.house.hugo)
    with clock.moved_to(RECEIVED) as hand:
        ticket = a_ticket(cast.web1, RECEIVED, by=acting(cast.alice, RECEIVED))
        hand.advance(minutes=25)
        page = on_the_desk(ticket, hugo, "start")
        assert "Votre intervention a commencé." in page.text
        assert "horloge arrêtée" in page.says("left")
        hand.move_to(DUE)
        hand.advance(hours=1)
        time_passes()
        assert not Breach.objects.exists()
        assert Verdict.objects.get(clock__kind="contractual").late_seconds == 0
        for each in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert "Intervention commencée à 14:55, échéance 16:30" in each.says("left")
            assert "Dû Rien. Marge : 1 h 35" in each.says("left")
        assert everywhere(ticket, cast).sum is None
