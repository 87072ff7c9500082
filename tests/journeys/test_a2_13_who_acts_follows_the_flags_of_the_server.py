"""A2.13: the same disk-full alert on two servers gives two different next steps, by what is managed of each."""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.inventory import managing
from astreinte.records.inventory.listing import InventoryError
from astreinte.records.inventory.models import Management
from astreinte.records.journal import verifying
from astreinte.records.monitoring import checking
from astreinte.records.notices.models import Notice
from astreinte.records.tickets.models import Ticket
from tests.builders import BEGINNING, SETUP, a_server, acting, paris, the_cast, time_passes
from tests.doors.browsing import Reading
from tests.journeys.shown import in_cli_json, on_desk, on_portal, readable
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import CRITICAL, OK, recorded

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = paris("2026-11-24 02:00")


def letters(person, start):
    """The bodies of the letters to a person whose subject begins so."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return [readable(row.body) for row in rows if readable(row.subject).startswith(start)]


def ticket_of(server):
    return Ticket.objects.get(server=server)


def a_full_disk(server, at):
    check = checking.add(server=server, kind="disk", name="disk", at=at, actor=SETUP)
    recorded(check, [CRITICAL] * 3, start=at)
    return check


def test_a2_13_the_same_alert_gives_provider_acts_and_client_acts_provider_informs():
    cast = the_cast()
    managed, bare = cast.web1, a_server(cast.kermor, "web2.kermor.example", address="192.0.2.9")
    managing.state(managed, infrastructure=False, system=True, at=BEGINNING, actor=SETUP)
    managing.state(bare, infrastructure=False, system=False, at=BEGINNING, actor=SETUP)
    with clock.moved_to(NIGHT) as hand:
        for server in (managed, bare):
            a_full_disk(server, NIGHT)
            hand.advance(minutes=6)  # apart: two incidents, of two addresses
        time_passes()
        provider_acts = "Système d’exploitation, web1.kermor.example : Estran agit."
        client_acts = "Système d’exploitation, web2.kermor.example : Maison Kermor agit, Estran informe."
        for server, step, other in (
            (managed, provider_acts, "Maison Kermor agit, Estran informe."),
            (bare, client_acts, "Estran agit."),
        ):
            for page in (
                on_desk(ticket_of(server), cast.house.hugo),
                on_portal(ticket_of(server), cast.alice),
            ):
                said = page.says("answers")
                assert step in said
                assert other not in said.partition("Qui répond de quelle couche")[0]
        duty = letters(cast.house.hugo, "Ticket n°")
        assert [provider_acts in body for body in duty] == [True, False]
        assert [client_acts in body for body in duty] == [False, True]
        (informed,) = letters(cast.alice, "À vous d’agir")
        assert client_acts in informed
        assert "vous d’agir, ou de nous le demander" in informed
        assert not letters(cast.charlie, ""), "another client hears of nothing"
        shown = in_cli_json("ticket", "show", str(ticket_of(bare).number), person=cast.house.hugo)
        assert [(one["layer"], one["acts"], one["informs"]) for one in shown["answers"]] == [
            ("os", "client", "provider")
        ]
        (incident, *_) = in_cli_json("incident", "list", person=cast.house.hugo)
        checks = in_cli_json("incident", "show", str(incident["number"]), person=cast.house.hugo)["checks"]
        assert checks[0]["layer"] == "os"


def test_whoever_was_told_to_act_is_told_that_it_is_over():
    cast = the_cast()
    managing.state(cast.web1, infrastructure=True, system=False, at=BEGINNING, actor=SETUP)
    with clock.moved_to(NIGHT) as hand:
        check = a_full_disk(cast.web1, NIGHT)
        time_passes()
        hand.advance(minutes=10)
        recorded(check, [OK] * 2, start=hand.instant)
        hand.advance(minutes=40)
        time_passes()
        assert letters(cast.alice, "Rétabli")


def test_a_flag_that_changes_in_the_middle_of_an_incident_holds_for_the_next_one():
    cast = the_cast()
    managing.state(cast.web1, infrastructure=False, system=True, at=BEGINNING, actor=SETUP)
    with clock.moved_to(NIGHT) as hand:
        a_full_disk(cast.web1, NIGHT)
        hand.advance(minutes=5)
        sofia = acting(cast.house.sofia, hand.instant)
        managing.state(cast.web1, infrastructure=False, system=False, at=hand.instant, actor=sofia)
        time_passes()
        page = on_portal(ticket_of(cast.web1), cast.alice)
        assert "Système d’exploitation, web1.kermor.example : Estran agit." in page.says("answers")
        server = readable(Reading(cast.alice).get(f"/servers/{cast.web1.public_id}/").text)
        assert "ni infrastructure ni système gérés" in server
        assert "système géré, infrastructure non gérée" in server, "the history is kept, and shown to both"
        seal_all()
        assert verifying.verify() == []


def test_where_nothing_was_said_nobody_is_made_to_answer_and_it_is_said_so():
    cast = the_cast()
    with clock.moved_to(NIGHT):
        a_full_disk(cast.web1, NIGHT)
        time_passes()
        said = on_desk(ticket_of(cast.web1), cast.house.hugo).says("answers")
        assert "il n’est pas écrit qui agit : Estran regarde, et le dit." in said
        assert not letters(cast.alice, "À vous d’agir")


def test_what_is_managed_is_not_changed_for_the_past_and_not_by_anybody():
    cast = the_cast()
    with pytest.raises(InventoryError, match=r"management.from: .* is past; write an instant from now on"):
        managing.state(
            cast.web1,
            infrastructure=True,
            system=True,
            from_at=NIGHT - timedelta(days=1),
            at=NIGHT,
            actor=acting(cast.house.sofia, NIGHT),
        )
    for person in (cast.house.hugo, cast.alice, cast.victor):
        with pytest.raises(NotAllowed):
            managing.state(cast.web1, infrastructure=True, system=True, at=NIGHT, actor=acting(person, NIGHT))
    assert not Management.objects.exists()


def test_what_was_written_for_later_and_is_said_again_is_withdrawn_and_the_past_stays():
    cast = the_cast()
    sofia, later, latest = (
        acting(cast.house.sofia, NIGHT),
        NIGHT + timedelta(days=10),
        NIGHT + timedelta(days=20),
    )

    def stated(*managed, from_at=NIGHT):
        flags = {flag: flag in managed for flag in ("infrastructure", "system")}
        return managing.state(cast.web1, **flags, from_at=from_at, at=NIGHT, actor=sofia)

    first = stated("infrastructure", "system")
    assert stated("infrastructure", "system") == first, "said again, it is the same"
    stated(from_at=latest)
    stated("infrastructure", from_at=later)
    at = {day: managing.at(cast.web1, NIGHT + timedelta(days=day)) for day in (-1, 0, 5, 10, 15, 25)}
    assert at[-1] is None
    assert [(at[day].infrastructure, at[day].system) for day in (0, 5, 10, 15, 25)] == [
        (True, True),
        (True, True),
        (True, False),
        (True, False),
        (True, False),
    ]
