"""Forty checks die behind one address, and a service flaps: one incident each, and people are told once."""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.journal import verifying
from astreinte.records.monitoring import checking, recording
from astreinte.records.monitoring.models import Incident
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Mention, Ticket
from tests import builders
from tests.builders import a_server, paris, the_cast, time_passes
from tests.journeys.shown import on_desk, on_portal, readable, signed_in
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import CRITICAL, OK, a_check, recorded, result

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = paris("2026-11-24 02:00")


def letters_to(person, start=""):
    subjects = [readable(one.subject) for one in Notice.objects.filter(person=person).order_by("pk")]
    return [one for one in subjects if one.startswith(start)]


def test_forty_alerts_behind_one_dead_address_are_one_incident_and_one_ticket_a_client():
    cast = the_cast()
    gateway = "192.0.2.7"
    servers = [
        a_server(client, f"{name}.example", address=gateway)
        for client, name in (
            *((cast.kermor, f"k{place}.kermor") for place in range(3)),
            *((cast.halles, f"h{place}.halles") for place in range(2)),
        )
    ]
    elsewhere = a_server(cast.kermor, "far.kermor.example", address="192.0.2.8")
    with clock.moved_to(NIGHT) as hand:
        checks = [a_check(server, f"port {place}", at=NIGHT) for server in servers for place in range(8)]
        assert len(checks) == 40
        for turn in range(3):
            results = [result(check, CRITICAL, NIGHT + timedelta(seconds=5 * turn)) for check in checks]
            for start in range(0, 40, 7):  # as they come: in batches that cut across servers and clients
                recording.record(results[start : start + 7], at=hand.instant, actor=builders.SETUP)
            hand.advance(seconds=5)
        recorded(a_check(elsewhere, at=NIGHT), [CRITICAL] * 3, start=NIGHT)
        time_passes()

        assert Incident.objects.count() == 2, "the forty, and the one elsewhere"
        incident = Incident.objects.order_by("pk").first()
        assert incident.checks.count() == 40
        tickets = {one.client: one for one in Ticket.objects.filter(incident=incident)}
        assert set(tickets) == {cast.kermor, cast.halles}
        assert Mention.objects.filter(ticket=tickets[cast.kermor]).count() == 2
        assert len(letters_to(cast.house.hugo, "Ticket n°")) == 3
        page = readable(signed_in(cast.house.hugo).get("/desk/").content.decode())
        assert "port 3" not in page, "what has its ticket is not told a second time, check by check"
        for ticket, person, stranger in (
            (tickets[cast.kermor], cast.alice, "halles"),
            (tickets[cast.halles], cast.charlie, "kermor"),
        ):
            assert stranger not in on_portal(ticket, person).text.lower()

        for check in checks:
            recorded(check, [OK] * 2, start=hand.instant)
        assert Incident.objects.get(pk=incident.pk).recovered_at is not None
        hand.advance(minutes=31)
        time_passes()
        assert len(letters_to(cast.house.hugo, "Rétabli")) == 2
        seal_all()
        assert verifying.verify() == []


def test_a_flapping_service_is_one_incident_told_at_its_start_and_at_its_end():
    cast = the_cast()
    with clock.moved_to(NIGHT) as hand:
        check = a_check(cast.web1, at=NIGHT, every_s=600)
        for _ in range(5):
            recorded(check, [CRITICAL] * 3, start=hand.instant)
            hand.advance(minutes=4)
            time_passes()
            recorded(check, [OK] * 2, start=hand.instant)
            hand.advance(minutes=6)
            time_passes()
        ticket = Ticket.objects.get()
        assert Incident.objects.count() == 1
        assert letters_to(cast.house.hugo) == [
            f"Ticket n° {ticket.number} · Maison Kermor : {ticket.subject}"
        ]

        hand.advance(minutes=25)
        time_passes()
        hand.advance(hours=2)
        time_passes()
        told = letters_to(cast.house.hugo)
        assert told[1:] == [f"Rétabli : ticket n° {ticket.number} · {ticket.subject}"]
        assert "revenue 4 fois" in readable(Notice.objects.latest("pk").body)
        assert letters_to(cast.alice) == []  # who was told of no trouble is told of no end

        for page in (on_desk(ticket, cast.house.hugo), on_portal(ticket, cast.alice)):
            steps = " / ".join(page.steps())
            assert steps.count("Nos sondes revoient le service") == 5
            assert steps.count("La panne revient") == 4


def test_a_client_who_declared_the_trouble_is_told_of_its_end():
    cast = the_cast()
    with clock.moved_to(NIGHT) as hand:
        check = a_check(cast.web1, at=NIGHT)
        recorded(check, [CRITICAL] * 3, start=hand.instant)
        hand.advance(minutes=1)
        opening.join(
            Ticket.objects.get(),
            text="Rien ne va.",
            priority="critical",
            channel="web",
            key="this very one",
            at=hand.instant,
            actor=builders.acting(cast.alice, hand.instant),
        )
        time_passes()
        hand.advance(minutes=1)
        recorded(check, [OK] * 2, start=hand.instant)
        time_passes()
        assert not letters_to(cast.alice, "Rétabli")
        hand.advance(minutes=30, seconds=5)
        time_passes()
        assert not letters_to(cast.alice, "Rétabli"), "a fault of 30 minutes after would not be sure yet"
        hand.advance(seconds=15)
        time_passes()
    assert len(letters_to(cast.alice, "Rétabli")) == len(letters_to(cast.bob, "Rétabli")) == 1
    assert len(letters_to(cast.house.hugo, "Rétabli")) == 1
    assert not letters_to(cast.charlie)


def test_a_check_that_is_ended_is_no_good_news():
    cast = the_cast()
    with clock.moved_to(NIGHT) as hand:
        check = a_check(cast.web1, at=NIGHT)
        recorded(check, [CRITICAL] * 3, start=hand.instant)
        time_passes()
        checking.end(check, at=hand.advance(minutes=5), actor=builders.SETUP)
        hand.advance(minutes=31)
        time_passes()
    assert len(letters_to(cast.house.hugo)) == 1
