"""A breach exists at the first second late, by itself, and never disappears (A6.1); money follows (A6.2, A6.3)."""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Settlement, Verdict
from astreinte.records.contracts import binding
from astreinte.records.worklog import intervening
from tests.builders import (
    SETUP,
    a_contract,
    a_server,
    a_ticket,
    acting,
    paris,
    some_terms,
    stands,
    the_cast,
    time_passes,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOON = paris("2026-11-23 11:30")
DUE = paris("2026-11-23 13:30")


def test_a6_1_the_breach_exists_at_the_deadline_and_one_second_and_stays_when_somebody_comes():
    cast = the_cast()
    with clock.moved_to(NOON) as hand:
        ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
        hand.move_to(DUE)
        time_passes()
        assert not Breach.objects.exists()
        assert stands(ticket, DUE).state == "running"
        hand.advance(seconds=1)
        assert stands(ticket, hand.instant).state == "late"  # by the data, whatever the loops do
        time_passes()
        breach = Breach.objects.get(ticket=ticket)
        assert breach.at == DUE + timedelta(seconds=1)
        intervening.start(ticket, at=hand.advance(minutes=5), actor=acting(cast.house.hugo, NOON))
        time_passes()
        assert Breach.objects.get(ticket=ticket).pk == breach.pk


def test_a6_1_loops_that_slept_through_the_deadline_note_the_same_instant():
    cast = the_cast()
    with clock.moved_to(NOON) as hand:
        ticket = a_ticket(cast.web1, NOON)
        hand.move_to(DUE + timedelta(hours=9))
        time_passes()
        assert Breach.objects.get(ticket=ticket).at == DUE + timedelta(seconds=1)


def test_a6_1_an_intervention_at_the_deadline_itself_is_in_time():
    cast = the_cast()
    with clock.moved_to(DUE) as hand:
        ticket = a_ticket(cast.web1, NOON)
        intervening.start(ticket, at=DUE, actor=acting(cast.house.hugo, NOON))
        hand.advance(hours=1)
        time_passes()
        assert stands(ticket, hand.instant).state == "met"
        assert not Breach.objects.exists()
        assert not Settlement.objects.exists()


def test_a6_1_the_breach_stays_when_an_earlier_intervention_is_proved_afterwards_and_nothing_is_owed():
    cast = the_cast()
    hugo = acting(cast.house.hugo, NOON)
    with clock.moved_to(DUE + timedelta(hours=3)) as hand:
        ticket = a_ticket(cast.web1, NOON)
        time_passes()
        assert Settlement.objects.latest("pk").due_cents == 53_57
        proved = NOON + timedelta(minutes=30)
        intervening.start(
            ticket, at=hand.instant, started_at=proved, evidence="session ssh 8812, journal joint", actor=hugo
        )
        time_passes()
        assert Breach.objects.filter(ticket=ticket).exists()
        assert stands(ticket, hand.instant).state == "met"
        assert Settlement.objects.latest("pk").due_cents == 0
        assert Settlement.objects.filter(due_cents=53_57).exists()


@pytest.mark.parametrize(
    ("cents", "period", "late", "raw"),
    [
        pytest.param(
            500_00, "monthly", timedelta(hours=2, minutes=30), 53_57, id="monthly, three started hours"
        ),
        pytest.param(1500_00, "quarterly", timedelta(hours=2, minutes=30), 53_57, id="quarterly, a third"),
        pytest.param(5400_00, "yearly", timedelta(hours=2, minutes=30), 48_21, id="yearly, a twelfth"),
        pytest.param(500_00, "one_off", timedelta(hours=2, minutes=30), 0, id="one-off: no monthly fee"),
    ],
)
def test_a6_2_five_monthly_fees_by_the_opening_hours_of_the_month(cents, period, late, raw):
    cast = the_cast()
    server = a_server(cast.kermor, "db1.kermor.example")
    a_contract(cast.kermor, server, terms=some_terms(cast.house), cents=cents, period=period)
    received = paris("2026-11-28 03:00")
    came = paris("2026-11-28 07:00") + late
    with clock.moved_to(came):
        ticket = a_ticket(server, received)
        intervening.start(ticket, at=came, actor=acting(cast.house.hugo, came))
        time_passes()
        assert Verdict.objects.get(clock__ticket=ticket, clock__kind="contractual").raw_cents == raw


@pytest.mark.parametrize(
    ("hours", "due", "reason"),
    [
        pytest.param(27, 482_14, "", id="27 h: below the fee"),
        pytest.param(28, 500_00, "", id="28 h of 140: exactly the fee"),
        pytest.param(200, 500_00, "cap", id="200 h: capped"),
    ],
)
def test_a6_3_a_month_of_penalties_never_exceeds_the_monthly_fee(hours, due, reason):
    cast = the_cast()
    received = paris("2026-11-03 03:00")
    came = paris("2026-11-03 07:00") + timedelta(hours=hours)
    with clock.moved_to(came):
        ticket = a_ticket(cast.web1, received)
        intervening.start(ticket, at=came, actor=acting(cast.house.hugo, came))
        time_passes()
        last = Settlement.objects.latest("pk")
        assert (last.due_cents, last.shares.get().reason) == (due, reason)
        assert stands(ticket, came).stake.due_cents == due


def test_a_ticket_whose_own_cap_is_used_up_stops_no_hour_of_another():
    cast = the_cast()
    server = a_server(cast.kermor, "db1.kermor.example")
    capped = some_terms(cast.house, "capped", {"penalty": {"cap_scope": "ticket", "cap": "0.05"}})
    a_contract(cast.kermor, server, terms=capped)
    with clock.moved_to(NOON) as hand:
        a_ticket(server, NOON)
        hand.move_to(
            paris("2026-11-23 14:40")
        )  # an hour and ten minutes late: two hours of 17.86 reach the cap
        time_passes()
        a_ticket(server, hand.instant)
        hand.move_to(paris("2026-11-23 16:40:01"))
        time_passes()
        assert sorted(Settlement.objects.latest("pk").shares.values_list("due_cents", flat=True)) == [
            1786,
            2500,
        ]
        hand.move_to(paris("2026-11-23 17:40:01"))
        time_passes()
        assert list(Settlement.objects.latest("pk").shares.values_list("due_cents", flat=True)) == [
            2500,
            2500,
        ]


def test_a5_9_a_late_recovery_after_an_intervention_in_time_owes_nothing():
    cast = the_cast()
    with clock.moved_to(NOON) as hand:
        ticket = a_ticket(cast.web1, NOON)
        row = intervening.start(ticket, at=hand.advance(minutes=30), actor=acting(cast.house.hugo, NOON))
        intervening.end(row, text="Rétabli.", at=hand.advance(hours=30), actor=acting(cast.house.hugo, NOON))
        time_passes()
        assert stands(ticket, hand.instant).state == "met"
        assert not Settlement.objects.exists()


def test_a1_1_a_server_that_nothing_covers_has_no_promise_and_says_so():
    cast = the_cast()
    ticket = a_ticket(a_server(cast.kermor, "lost.kermor.example"), NOON)
    assert stands(ticket, NOON).state == "uncovered"


def test_the_provider_s_own_house_is_never_bound():
    cast = the_cast()
    with pytest.raises(binding.ContractError, match="no contract, no commitment"):
        binding.bind(
            client=cast.house.internal,
            plan="x",
            price_cents=1,
            period="monthly",
            terms=some_terms(cast.house),
            from_at=NOON,
            at=NOON,
            actor=SETUP,
        )
