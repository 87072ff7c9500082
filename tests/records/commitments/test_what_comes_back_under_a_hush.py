"""What came back, or was over, under a silence: who had heard of the trouble hears of its end and of its return."""

from datetime import timedelta

import pytest

from astreinte.records.monitoring.models import HeldAlert
from astreinte.records.tickets.models import Ticket
from tests.builders import time_passes
from tests.records.commitments.hushes import (
    TWO,
    close_it,
    declare_this_one,
    down_in_silence,
    fails,
    goes_on,
    outcomes,
    silence,
    told,
)
from tests.records.monitoring.watching import DOWN, NOON, UP, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_recovered_meanwhile_is_told_to_nobody(cast, hand):
    check = down_in_silence(cast, hand)
    fails(check, hand, UP)
    goes_on(hand, TWO)
    time_passes()
    assert told(cast.house.hugo) == []
    assert outcomes() == ["over"]
    assert Ticket.objects.get().restored_at is not None


def test_a_fault_that_came_and_went_before_anybody_could_be_told_was_hushed_all_the_same(cast, hand):
    check = a_check(cast.web1)
    silence(cast, NOON)
    recorded(check, [*DOWN, *UP])
    time_passes()
    assert told(cast.house.hugo) == []
    goes_on(hand, TWO)
    assert told(cast.house.hugo) == []


def test_the_relapse_of_what_was_told_is_held_back_and_told_in_its_own_words(cast, hand):
    check = a_check(cast.web1)
    fails(check, hand)
    fails(check, hand, UP)
    close_it(cast, hand, "Le service répond de nouveau.")
    silence(cast, hand.advance(seconds=1))
    fails(check, hand)
    assert len([one for one in told(cast.house.hugo) if one.startswith("Rechute")]) == 0
    goes_on(hand, TWO)
    assert len([one for one in told(cast.house.hugo) if one.startswith("Rechute")]) == 1


def test_the_relapse_of_what_a_client_declared_is_told_whatever_is_silenced(cast, hand):
    check = a_check(cast.web1)
    fails(check, hand)
    declare_this_one(cast, hand)
    fails(check, hand, UP)
    close_it(cast, hand, "Le service répond de nouveau.")
    silence(cast, hand.advance(seconds=1))
    fails(check, hand)
    assert [one for one in told(cast.house.hugo) if one.startswith("Rechute")]
    assert not HeldAlert.objects.exists()


def test_what_was_over_when_the_silence_ended_and_comes_back_is_told_as_new(cast, hand):
    check = down_in_silence(cast, hand)
    hand.move_to(TWO - timedelta(minutes=10))
    fails(check, hand, UP)
    goes_on(hand, TWO + timedelta(minutes=5))
    assert told(cast.house.hugo) == []
    fails(check, hand)
    assert [one.split(" ")[0] for one in told(cast.house.hugo)] == ["Ticket"]
    fails(check, hand, UP)
    fails(check, hand)
    assert len(told(cast.house.hugo)) == 1, "each turn of a flapping service is no news"


def test_what_comes_back_under_another_silence_waits_for_its_end_too(cast, hand):
    check = down_in_silence(cast, hand)
    hand.move_to(TWO - timedelta(minutes=10))
    fails(check, hand, UP)
    goes_on(hand, TWO + timedelta(minutes=5))
    silence(cast, hand.instant, until=TWO + timedelta(hours=1))
    fails(check, hand)
    assert told(cast.house.hugo) == []
    goes_on(hand, TWO + timedelta(hours=1))
    assert [one.split(" ")[0] for one in told(cast.house.hugo)] == ["Ticket"]


def test_a_recovery_is_told_to_nobody_who_had_not_heard_of_the_trouble(cast, hand):
    check = down_in_silence(cast, hand)
    fails(check, hand, UP)
    goes_on(hand, TWO + timedelta(hours=1))
    time_passes()
    assert told(cast.house.hugo) == []


def test_a_ticket_that_was_closed_meanwhile_is_told_to_nobody(cast, hand):
    down_in_silence(cast, hand)
    close_it(cast, hand, "Serveur éteint pour la migration.")
    goes_on(hand, TWO)
    assert not [one for one in told(cast.house.hugo) if one.startswith("Ticket")]
    assert outcomes() == ["over"]
