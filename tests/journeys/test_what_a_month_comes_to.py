"""Month ends, holiday eves, a fee that changes, a cap shared by three, an overlay (articles 5 and 6)."""

import pytest

from astreinte.loops import clock
from astreinte.records.commitments.models import Breach, Settlement, Share, Verdict
from astreinte.records.contracts import binding, overlaying
from astreinte.records.tickets import opening
from astreinte.records.worklog import intervening
from tests.builders import SETUP, a_declaration, a_ticket, acting, paris, stands, the_cast, time_passes
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


def last_settlement(month):
    return Settlement.objects.filter(month=month).latest("pk")


def shares(settlement):
    return {
        share.ticket.number: (share.raw_cents, share.due_cents, share.reason)
        for share in settlement.shares.select_related("ticket")
    }


def settled(cast, month):
    """What `settlement show` prints; None when it says that nothing was late."""
    listed = in_cli_json("settlement", "list", "--month", month, person=cast.house.sofia)
    line = str(cast.line.number)
    return in_cli_json("settlement", "show", line, month, person=cast.house.sofia) if listed else None


def taken_up(cast, received, came, **how):
    """A ticket received and taken up at these instants, with what follows done."""
    with clock.moved_to(came) as hand:
        ticket = a_ticket(cast.web1, received, by=acting(cast.alice, received), **how)
        intervening.start(ticket, at=came, actor=acting(cast.house.hugo, came))
        hand.advance(seconds=1)
        time_passes()
    return ticket


def test_a_deadline_at_midnight_on_the_first_is_charged_at_the_new_month():
    cast = the_cast()
    ticket = taken_up(cast, paris("2026-11-30 20:00"), paris("2026-12-01 00:30"))
    verdict = Verdict.objects.get(clock__ticket=ticket, clock__kind="contractual")
    assert verdict.clock.deadline_at == paris("2026-12-01 00:00")
    assert verdict.clock.month == "2026-12"
    assert verdict.opening_seconds == 154 * 3600
    assert last_settlement("2026-12").due_cents == 16_23  # 5 x 500 / 154 = 16.2337…
    with clock.moved_to(paris("2026-12-01 09:00")):
        said = everywhere(ticket, cast)
        assert "5 × 500,00 € ÷ 154 h × 1 h = 16,23 €. Le calcul donne 16,2337… €" in str(said.sum)
        assert "Le mois de l’échéance, décembre 2026, a 154 h" in str(said.sum)
        assert amounts(on_portal(ticket, cast.alice)) == ["16,23 €"]
        assert (settled(cast, "2026-12")["due"], settled(cast, "2026-11")) == ("16.23", None)


def test_an_urgent_ticket_on_a_holiday_eve_waits_for_the_next_working_days():
    cast = the_cast()
    received = paris("2026-12-24 17:00")
    with clock.moved_to(received) as hand:
        ticket = a_ticket(cast.web1, received, by=acting(cast.alice, received), priority="urgent")
        assert stands(ticket, received).promise.deadline_at == paris("2026-12-28 18:00")
        said = everywhere(ticket, cast)
        assert "Échéance: lundi 28 décembre 2026 à 18:00:00" in str(said.deadline)
        assert "vendredi 25 décembre 2026" in str(said.deadline)
        for page in (on_portal(ticket, cast.alice), on_desk(ticket, cast.house.hugo)):
            assert "Intervention avant lundi 18:00, lundi 28 décembre 2026" in page.says("left")
        printed = in_cli("ticket", "show", str(ticket.number), person=cast.house.hugo)
        assert "l’horloge court jusqu’au lundi 28 décembre 2026 à 18:00" in readable(printed).lower()
        hand.move_to(paris("2026-12-29 09:00"))
        time_passes()
        assert not Breach.objects.exists()  # the next opening after a deadline at a closing is in time
        hand.advance(seconds=1)
        time_passes()
        assert Breach.objects.get().at == paris("2026-12-29 09:00:01")


def test_the_fee_is_that_of_the_deadline_even_when_it_changed_since_the_receipt():
    cast = the_cast()
    binding.change_price(
        line=cast.line,
        price_cents=1000_00,
        from_at=paris("2026-11-28 05:00"),
        at=paris("2026-11-20 10:00"),
        actor=SETUP,
    )
    before = taken_up(cast, paris("2026-11-27 22:00"), paris("2026-11-28 02:30"))  # due 02:00, old fee
    after = taken_up(cast, paris("2026-11-28 03:00"), paris("2026-11-28 07:30"))  # due 07:00, new fee
    found = shares(last_settlement("2026-11"))
    assert found[before.number] == (17_86, 17_86, "")
    assert found[after.number] == (35_71, 35_71, "")
    with clock.moved_to(paris("2026-11-28 09:00")):
        for ticket, fee, owed in ((before, "500,00 €", "17,86 €"), (after, "1 000,00 €", "35,71 €")):
            assert f"5 × {fee} ÷ 140 h × 1 h = {owed}." in str(everywhere(ticket, cast).sum)
            assert amounts(on_desk(ticket, cast.house.hugo)) == [owed]
        assert settled(cast, "2026-11")["due"] == "53.57"


def test_a_cap_shared_by_three_late_tickets_is_shared_again_when_one_is_added_late():
    cast = the_cast()
    long_late = [
        taken_up(cast, paris("2026-11-07 03:00"), paris("2026-11-07 22:00")),  # due 07:00, 15 h: 267.86
        taken_up(cast, paris("2026-11-14 03:00"), paris("2026-11-14 22:00")),
    ]
    first, second = (ticket.number for ticket in long_late)
    assert shares(last_settlement("2026-11")) == {
        first: (267_86, 267_86, ""),
        second: (267_86, 232_14, "cap"),
    }
    called = paris("2026-11-01 03:00")
    written = paris("2026-11-16 10:00")
    hugo = acting(cast.house.hugo, written)
    with clock.moved_to(written):
        forgotten = opening.record_call(
            client=cast.kermor,
            server=cast.web1,
            number_called="+33261910024",
            caller="Bob Tanguy",
            rang_at=called,
            text="Appel noté après coup.",
            priority="critical",
            key="call-forgotten",
            at=written,
            actor=hugo,
        ).ticket
        intervening.start(
            forgotten,
            at=written,
            started_at=paris("2026-11-01 17:00"),
            evidence="journal de la session du 1er",
            actor=hugo,
        )
        time_passes()
    found = last_settlement("2026-11")
    assert shares(found) == {
        forgotten.number: (178_57, 178_57, ""),  # due 07:00, 10 h
        first: (267_86, 267_86, ""),
        second: (267_86, 53_57, "cap"),
    }
    assert found.due_cents == 500_00 == found.cap_cents
    assert Settlement.objects.filter(month="2026-11").count() >= 3  # the old ones stay
    assert Share.objects.filter(ticket__number=second, due_cents=232_14).exists()
    with clock.moved_to(paris("2026-11-16 10:01")):
        last = long_late[1]
        assert "53,57 €" in str(everywhere(last, cast).sum)
        for page in (on_portal(last, cast.alice), on_desk(last, cast.house.hugo)):
            assert amounts(page) == ["53,57 €"]
            assert "coupé par le plafond du mois" in page.says("left")
            assert "Le plafond du mois est de 500,00 €" in page.says("sum")
        assert in_api(last, cast.alice)["owed"]["due"] == "53.57"
        everywhere(forgotten, cast)
        shown = settled(cast, "2026-11")
        assert [one["due"] for one in shown["shares"]] == ["178.57", "267.86", "53.57"]
        assert [one["due"] for one in shown["before"]][-2:] == ["500.00", "267.86"]


def test_a6_13_an_overlay_judges_what_was_received_while_it_held():
    cast = the_cast()
    overlaying.lay(
        line=cast.line,
        title="Contrat spécifique Noël",
        patch={
            "targets": {"critical": {"business": "1h", "non_business": "1h"}},
            "penalty": {"multiplier": "10"},
        },
        from_at=paris("2026-12-01 00:00"),
        until_at=paris("2027-01-01 00:00"),
        at=paris("2026-11-20 10:00"),
        actor=SETUP,
    )
    before = a_ticket(cast.web1, paris("2026-11-30 23:59"))
    during = a_ticket(cast.web1, paris("2026-12-01 00:00"))
    after = a_ticket(cast.web1, paris("2027-01-01 00:00"))
    at = paris("2026-12-01 00:00")
    assert stands(before, at).promise.deadline_at == paris("2026-12-01 03:59")
    assert stands(during, at).promise.deadline_at == paris("2026-12-01 01:00")
    assert stands(during, at).promise.origin == "infogerance-2017 + Contrat spécifique Noël"
    assert stands(after, at).promise.deadline_at == paris("2027-01-01 04:00")
    came = paris("2026-12-01 01:30")
    with clock.moved_to(came):
        intervening.start(during, at=came, actor=acting(cast.house.hugo, came))
        time_passes()
    assert (
        Verdict.objects.get(clock__ticket=during, clock__kind="contractual").raw_cents == 32_47
    )  # 10 x 500 / 154
    with clock.moved_to(paris("2026-12-01 09:00")):
        said = everywhere(during, cast)
        assert "10 × 500,00 € ÷ 154 h × 1 h = 32,47 €." in str(said.sum)
        for why in (said.deadline, said.sum):
            assert why.source.startswith(
                "contrat spécifique «\u00a0Contrat spécifique Noël\u00a0», qui prévaut sur"
            )
        page = on_portal(during, cast.alice)
        assert "Conditions infogerance-2017 + Contrat spécifique Noël" in page.says("left")
        assert amounts(page) == ["32,47 €"]
        assert everywhere(before, cast).deadline.source.endswith("du 1er\u00a0juillet\u00a02017")


def test_the_terms_are_those_of_the_receipt_that_starts_the_clock():
    cast = the_cast()
    receipt = a_declaration(cast.web1, paris("2026-11-30 23:00"), channel="email")
    ticket = receipt.ticket
    assert stands(ticket, receipt.at).state == "no_clock"
    overlaying.lay(
        line=cast.line,
        title="Décembre",
        patch={"targets": {"critical": {"business": "1h", "non_business": "1h"}}},
        from_at=paris("2026-12-01 00:00"),
        until_at=None,
        at=paris("2026-11-20 10:00"),
        actor=SETUP,
    )
    declared = paris("2026-12-01 00:10")
    opening.join(
        ticket,
        text="C’est celle-ci.",
        priority="critical",
        channel="web",
        key="this-one",
        at=declared,
        actor=acting(cast.alice, declared),
    )
    found = stands(ticket, declared)
    assert found.promise.started_at == declared
    assert found.promise.deadline_at == paris("2026-12-01 01:10")
    assert found.objective.deadline_at == paris("2026-12-01 03:00")  # the terms of the first receipt of all
    with clock.moved_to(declared):
        said = everywhere(ticket, cast)
        assert "mardi 1er décembre 2026 à 00:10:00" in str(said.deadline)
        assert "Échéance: mardi 1er décembre 2026 à 01:10:00" in str(said.deadline)
