"""A4.2: hush people, never the record. What is held back is told when that ends, and nothing is forgotten."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction

from astreinte.records.agenda import announcing
from astreinte.records.journal import claiming, verifying
from astreinte.records.monitoring import silencing
from astreinte.records.monitoring.models import HeldAlert, Incident, Silence
from astreinte.records.notices.models import Notice
from astreinte.records.tickets.models import Ticket
from tests.builders import a_declaration, a_server, acting, paris, time_passes
from tests.records.commitments.hushes import (
    TWO,
    declare_this_one,
    down_in_silence,
    fails,
    goes_on,
    outcomes,
    silence,
    told,
    window,
)
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import DOWN, NOON, UP, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_silence_hushes_people_and_never_the_record(cast, hand):
    check = down_in_silence(cast, hand)
    check.state.refresh_from_db()
    assert check.state.level == "critical"
    assert Incident.objects.get().recovered_at is None
    ticket = Ticket.objects.get()
    assert ticket.state == "open"
    assert told(cast.house.hugo) == []
    held = HeldAlert.objects.get(client=cast.kermor)
    assert (held.silence, held.until_at, held.settled_at) == (Silence.objects.get(), TWO, None)


def test_what_is_still_down_when_the_silence_ends_is_told_then_once_and_says_why_so_late(cast, hand):
    down_in_silence(cast, hand)
    goes_on(hand, TWO - timedelta(seconds=1))
    assert told(cast.house.hugo) == []
    goes_on(hand, TWO)
    time_passes()
    assert told(cast.house.hugo) == ["Ticket n° 1 · Maison Kermor : web1.kermor.example: shop"]
    body = Notice.objects.get(person=cast.house.hugo).body.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Alerte retenue depuis le lundi 23 novembre 2026 à 12:00:20 : silence n° 1 de Hugo Lemaire" in body
    assert "« Migration de la base »" in body
    assert outcomes() == ["told"]


def test_a_silence_ended_early_lets_people_be_told_at_once(cast, hand):
    check, said = a_check(cast.web1), silence(cast, NOON)
    fails(check, hand)
    silencing.end(said, at=hand.advance(minutes=5), actor=acting(cast.house.hugo, NOON))
    time_passes()
    assert len(told(cast.house.hugo)) == 1
    goes_on(hand, TWO)
    assert len(told(cast.house.hugo)) == 1


def test_a_second_silence_holds_on_where_the_first_one_ends(cast, hand):
    down_in_silence(cast, hand)
    silence(cast, hand.move_to(TWO - timedelta(minutes=1)), until=TWO + timedelta(hours=1))
    goes_on(hand, TWO)
    assert told(cast.house.hugo) == []
    assert outcomes() == ["again", None]
    goes_on(hand, TWO + timedelta(hours=1))
    assert len(told(cast.house.hugo)) == 1
    assert outcomes() == ["again", "told"]


def test_a_silence_of_one_check_hushes_no_other_and_one_that_is_heard_is_enough(cast, hand):
    shop, mail = a_check(cast.web1), a_check(cast.web1, "mail")
    silence(cast, NOON, check=shop)
    fails(shop, hand)
    assert told(cast.house.hugo) == []
    fails(mail, hand)
    assert len(told(cast.house.hugo)) == 1
    assert outcomes() == ["told"]
    goes_on(hand, TWO)
    assert len(told(cast.house.hugo)) == 1


def test_a_silence_of_another_server_hushes_nothing_here(cast, hand):
    check = a_check(cast.web1)
    silence(cast, NOON, server=cast.app2)
    fails(check, hand)
    assert len(told(cast.house.hugo)) == 1
    assert not HeldAlert.objects.exists()


def test_of_one_incident_behind_one_address_each_client_is_hushed_by_itself(cast, hand):
    mine, other = (
        a_server(client, name, address="192.0.2.9")
        for client, name in ((cast.kermor, "shop.kermor.example"), (cast.halles, "shop.halles.example"))
    )
    checks = [a_check(server) for server in (mine, other)]
    silence(cast, NOON, server=mine)
    for check in checks:
        recorded(check, DOWN, start=hand.instant)
    hand.advance(seconds=15)
    time_passes()
    assert Incident.objects.count() == 1
    assert [one.partition(" · ")[2] for one in told(cast.house.hugo)] == [
        "Coopérative Les Halles : shop.halles.example"
    ]
    assert HeldAlert.objects.get().client == cast.kermor


@pytest.mark.parametrize("channel", ["web", "email", "api", "desk"])
def test_what_reaches_us_by_people_is_told_whatever_is_silenced(cast, hand, channel):
    silence(cast, NOON)
    a_declaration(cast.web1, NOON, channel=channel)
    time_passes()
    assert len(told(cast.house.hugo)) == 1


def test_a_silence_said_after_the_alert_takes_nothing_back(cast, hand):
    check = a_check(cast.web1)
    fails(check, hand)
    silence(cast, hand.instant)
    assert len(told(cast.house.hugo)) == 1
    assert not HeldAlert.objects.exists()


def test_what_is_announced_hushes_from_its_start_to_its_end(cast, hand):
    check = a_check(cast.web1)
    window(cast, NOON, start=NOON + timedelta(hours=1), until=TWO)
    fails(check, hand)
    assert len(told(cast.house.hugo)) == 1
    fails(check, hand, UP)
    hand.move_to(NOON + timedelta(hours=1, minutes=40))
    fails(check, hand)
    assert [one.split(" ")[0] for one in told(cast.house.hugo)] == ["Ticket", "Rétabli"]
    goes_on(hand, TWO)
    assert len(told(cast.house.hugo)) == 3
    body = Notice.objects.filter(person=cast.house.hugo).order_by("-pk")[0].body
    assert "travaux annoncés" in body
    assert "« Changement de disque »" in body.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_window_of_some_checks_leaves_the_others_heard(cast, hand):
    shop, mail = a_check(cast.web1), a_check(cast.web1, "mail")
    window(cast, NOON, start=NOON + timedelta(seconds=1), until=TWO, checks=["shop"])
    fails(shop, hand)
    assert told(cast.house.hugo) == []
    fails(mail, hand)
    assert len(told(cast.house.hugo)) == 1


def test_work_that_is_over_early_or_called_off_hushes_no_more(cast, hand):
    check = a_check(cast.web1)
    sofia = acting(cast.house.sofia, NOON)
    off = window(cast, NOON, start=NOON + timedelta(seconds=2), until=TWO)
    announcing.withdraw(off, at=hand.advance(seconds=1), actor=sofia)
    early = window(cast, hand.instant, start=NOON + timedelta(seconds=2), until=TWO)
    fails(check, hand)
    assert told(cast.house.hugo) == []
    announcing.end(early, at=hand.advance(minutes=1), actor=sofia)
    time_passes()
    assert len(told(cast.house.hugo)) == 1


def test_what_the_client_declares_is_never_hushed_and_nothing_is_told_twice(cast, hand):
    down_in_silence(cast, hand)
    declare_this_one(cast, hand)
    time_passes()
    (declared,) = told(cast.house.hugo)
    assert declared.startswith("Déclaré")
    goes_on(hand, TWO)
    assert told(cast.house.hugo) == [declared]
    assert outcomes() == ["declared"]
    goes_on(hand, paris("2026-11-23T18:00"))
    time_passes()
    assert any(one.startswith("Échéance dépassée") for one in told(cast.house.sofia))


def test_the_journal_holds_every_silence_and_what_it_held_back(cast, hand):
    check, said = a_check(cast.web1), silence(cast, NOON)
    early = window(cast, NOON, start=NOON + timedelta(seconds=2), until=TWO)
    fails(check, hand)
    silencing.end(said, at=hand.advance(minutes=1), actor=acting(cast.house.hugo, NOON))
    time_passes()
    announcing.end(early, at=hand.advance(minutes=1), actor=acting(cast.house.sofia, NOON))
    time_passes()
    seal_all()
    assert verifying.verify() == []
    assert outcomes() == ["again", "told"]


def test_a_hub_that_dies_while_it_looks_again_tells_once_when_it_is_back(cast, hand):
    down_in_silence(cast, hand)
    hand.move_to(TWO)
    claimed = claiming.claim(hand.instant)
    assert claimed.reaction == "commitments.telling.alert_when_hush_ends"
    time_passes()
    assert told(cast.house.hugo) == [], "the lease of the dead one still runs"
    hand.advance(seconds=claiming.LEASE.total_seconds())
    time_passes()
    time_passes()
    assert len(told(cast.house.hugo)) == 1


def test_who_decides_by_a_silence_holds_it_until_the_decision_is_written(cast):
    """Else it could end in between, and its end would not find what it held back. SQLite has one writer anyway."""
    check, said = a_check(cast.web1), silence(cast, NOON)
    came = []

    def end():
        try:
            with transaction.atomic():
                came.append(Silence.objects.select_for_update(no_key=True, nowait=True).get(pk=said.pk))
        except OperationalError as error:
            came.append(error)
        finally:
            connections.close_all()

    if connection.features.has_select_for_update_nowait:
        with transaction.atomic():
            assert silencing.over([check], NOON, deciding=True)
            meanwhile = threading.Thread(target=end)
            meanwhile.start()
            meanwhile.join(60)
        assert isinstance(came[0], OperationalError)
