"""The story of #4822: called in on Saturday at 03:00, due 07:00, taken up at 09:30: 53.57 (Part 5)."""

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Settlement, Share, Verdict
from astreinte.records.tickets import opening
from astreinte.records.worklog import intervening
from tests.builders import acting, paris, stands, the_cast, time_passes
from tests.journeys.shown import amounts, everywhere, in_cli_json, on_portal

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
        in_time = on_portal(ticket, cast.alice)
        assert "Intervention avant 07:00, samedi 28 novembre 2026" in in_time.says("left")
        assert amounts(in_time) == ["17,86 €", "500,00 €"]  # what an hour costs, and at most
        assert everywhere(ticket, cast).sum is None

        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == paris("2026-11-28 07:00:01")
        assert stands(ticket, hand.instant).stake.due_cents == 17_86
        assert amounts(on_portal(ticket, cast.alice)) == ["17,86 €", "35,71 €"]  # owed, and from 08:00 on
        (missed,) = in_cli_json("breach", "list", person=cast.house.hugo)
        assert (missed["ticket"], missed["late_s"], missed["due"]) == (ticket.number, 1, "17.86")

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
        said = everywhere(ticket, cast)
        assert "reçu par un appel au numéro d’urgence le samedi 28 novembre 2026 à 03:00:00" in str(
            said.deadline
        )
        assert "Échéance: samedi 28 novembre 2026 à 07:00:00" in str(said.deadline)
        assert "5 × 500,00 € ÷ 140 h × 3 h = 53,57 €" in str(said.sum)
        page = on_portal(ticket, cast.alice)
        assert amounts(page) == ["53,57 €"]
        assert "Nous vous devons 53,57 € si vous le demandez." in page.text
        settled = in_cli_json("settlement", "show", str(cast.line.number), "2026-11", person=cast.house.sofia)
        assert (settled["due"], settled["cap"]) == ("53.57", "500.00")
        assert settled["shares"] == [
            {"ticket": ticket.number, "late_s": 9000, "raw": "53.57", "due": "53.57", "reason": None}
        ]
