"""The story of #4822: called in on Saturday at 03:00, due 07:00, taken up at 09:30: 53.57 (Part 5)."""

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Settlement, Share, Verdict
from astreinte.records.tickets import opening
from astreinte.records.worklog import intervening
from tests.builders import acting, paris, stands, the_cast, time_passes

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_at_night_taken_up_two_hours_and_a_half_late_is_owed_three_started_hours():
    cast = the_cast()
    called, due, came = paris("2026-11-28 03:00"), paris("2026-11-28 07:00"), paris("2026-11-28 09:30")
    hugo = acting(cast.house.hugo, called)
    with clock.moved_to(called) as hand:
        receipt = opening.record_call(
            client=cast.kermor,
            server=cast.web1,
            number_called="+33 2 61 91 00 24",
            caller="Alice Caradec",
            rang_at=called,
            text="La boutique ne répond plus.",
            priority="critical",
            key="call-1",
            at=hand.advance(minutes=4),
            actor=hugo,
        )
        ticket = receipt.ticket
        assert receipt.channel == "phone"
        assert stands(ticket, hand.instant).promise.deadline_at == due

        hand.move_to(due)
        time_passes()
        assert stands(ticket, due).state == "running"
        assert not Breach.objects.exists()

        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == paris("2026-11-28 07:00:01")
        assert stands(ticket, hand.instant).stake.due_cents == 17_86

        hand.move_to(came)
        intervening.start(ticket, at=came, actor=hugo)
        time_passes()
        verdict = Verdict.objects.get(clock__kind="contractual")
        assert (verdict.late_seconds, verdict.charged_seconds) == (9000, 10800)
        assert (verdict.opening_seconds, verdict.raw_cents) == (140 * 3600, 53_57)
        last = Settlement.objects.latest("pk")
        assert (last.month, last.due_cents, last.cap_cents) == ("2026-11", 53_57, 500_00)
        assert Share.objects.get(settlement=last).due_cents == 53_57
        assert stands(ticket, came).state == "missed"
