"""What was promised and missed is not lowered unseen: by a merge, a closing, back-dating, a slow clock (A6.19)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from astreinte.loops import clock
from astreinte.records.commitments import explaining, settling
from astreinte.records.commitments.models import Breach, Clock, Settlement, Verdict
from astreinte.records.contracts import binding, overlaying, signing
from astreinte.records.contracts.binding import ContractError
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from tests.builders import (
    SETUP,
    a_server,
    a_ticket,
    acting,
    paris,
    some_terms,
    stands,
    time_passes,
)
from tests.records.contracts.signed import accepted, signs, transcribed
from tests.records.contracts.texts import both_texts

pytestmark = pytest.mark.django_db(transaction=True)

NOON = paris("2026-11-23 11:30")
DUE = paris("2026-11-23 13:30")
PROOF = "session ssh 8812, journal joint"


def hugo(cast):
    return acting(cast.house.hugo, NOON)


def last_due():
    return Settlement.objects.latest("pk").due_cents


def missed(cast, hours, **how):
    """A ticket of web1 that is that many hours late, and what followed."""
    with clock.moved_to(DUE + timedelta(hours=hours)):
        ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON), **how)
        time_passes()
    return ticket


def test_a_missed_ticket_is_not_merged_into_one_that_promises_nothing(cast):
    late = missed(cast, 3)
    for into in (a_ticket(a_server(cast.kermor, "lost.kermor.example"), NOON), a_ticket(cast.app2, NOON)):
        with pytest.raises(TicketError):
            handling.merge(late, into=into, at=DUE + timedelta(hours=3), actor=hugo(cast))
    assert Ticket.objects.get(pk=late.pk).state == "open"
    assert stands(late, DUE + timedelta(hours=3)).stake.due_cents == 53_57


def test_a_missed_ticket_is_not_met_by_an_intervention_that_was_there_before_it(cast):
    old = a_ticket(cast.web1, NOON - timedelta(days=30))
    intervening.start(old, at=NOON - timedelta(days=30) + timedelta(minutes=9), actor=hugo(cast))
    late = missed(cast, 3)
    with pytest.raises(
        TicketError, match="was missed, and the intervention on #1 was before it was received"
    ):
        handling.merge(late, into=old, at=DUE + timedelta(hours=3), actor=hugo(cast))


def test_a5_15_the_graver_priority_prevails_and_the_other_s_intervention_counts(cast):
    one = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    other = a_ticket(cast.web1, NOON + timedelta(minutes=1), by=acting(cast.bob, NOON), priority="urgent")
    intervening.start(one, at=NOON + timedelta(minutes=10), actor=hugo(cast))
    merged = handling.merge(one, into=other, at=NOON + timedelta(minutes=20), actor=hugo(cast))
    found = stands(merged, DUE + timedelta(hours=30))
    assert (merged.priority, found.state, found.promise.deadline_at) == ("critical", "met", DUE)


@pytest.mark.parametrize("what", ["price", "terms", "overlay", "coverage", "end"])
def test_a_change_begins_now_or_later_never_in_what_was_promised(cast, what):
    past, at = NOON - timedelta(days=7), NOON
    common: dict[str, Any] = {"from_at": past, "at": at, "actor": SETUP}
    slow = some_terms(cast.house, "slow", {"targets": {"critical": {"business": "100h"}}})
    other = binding.bind(
        client=cast.kermor,
        plan="B",
        price_cents=1,
        period="monthly",
        terms=slow,
        from_at=past,
        at=at,
        actor=SETUP,
    )
    acts = {
        "price": lambda: binding.change_price(line=cast.line, price_cents=1, **common),
        "terms": lambda: binding.change_terms(line=cast.line, terms=slow, **common),
        "overlay": lambda: overlaying.lay(line=cast.line, title="x", patch={}, until_at=None, **common),
        "coverage": lambda: binding.cover(line=other, server=cast.web1, **common),
        "end": lambda: binding.end_line(line=cast.line, until_at=past, at=at, actor=SETUP),
    }
    with pytest.raises(ContractError, match=r"is past; write an instant from now on \(2026-11-23T10:30:00"):
        acts[what]()


def test_terms_of_another_provider_are_no_terms_of_ours(cast):
    theirs = some_terms(cast.other_house, "theirs", {"penalty": {"multiplier": "99"}})
    with pytest.raises(ContractError, match="those of another provider"):
        binding.change_terms(line=cast.line, terms=theirs, from_at=NOON, at=NOON, actor=SETUP)
    with pytest.raises(ContractError, match="those of another provider"):
        binding.write_terms(cast.house.provider, name="x", patch={}, extends=theirs, at=NOON, actor=SETUP)


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param({"business_hours": {"mon-fri": None}}, id="no hours at all"),
        pytest.param({"closed_days": [f"2027-08-{day:02}" for day in range(1, 32)]}, id="a closed month"),
    ],
)
def test_terms_under_which_a_month_would_have_no_rate_are_refused(cast, patch):
    with pytest.raises(ContractError, match="has no opening hours, so a penalty would have no rate"):
        binding.write_terms(cast.house.provider, name="shut", patch=patch, at=NOON, actor=SETUP)


def test_a_judged_ticket_keeps_the_price_of_its_verdict(cast):
    ticket = missed(cast, 2.5)
    with clock.moved_to(DUE + timedelta(hours=2.5)) as hand:
        intervening.start(ticket, at=hand.instant, actor=hugo(cast))
        time_passes()
    from astreinte.records.contracts.models import Price

    Price.objects.create(line=cast.line, cents=1, from_at=paris("2020-01-01"), until_at=paris("2025-01-01"))
    assert settling.owed(cast.line, "2026-11", DUE + timedelta(days=3)).due_cents == 53_57


def test_a_deliverer_whose_clock_is_behind_settles_the_whole_verdict(cast):
    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    intervening.start(ticket, at=DUE + timedelta(hours=2, minutes=30), actor=hugo(cast))
    with clock.moved_to(DUE + timedelta(hours=1)):
        time_passes()
    assert last_due() == 53_57


def test_an_hour_more_of_delay_is_settled_by_itself_up_to_the_cap(cast):
    missed(cast, 0.5)
    assert last_due() == 17_86
    with clock.moved_to(DUE + timedelta(hours=1)) as hand:
        time_passes()
        assert last_due() == 17_86
        hand.advance(seconds=1)
        time_passes()
        assert last_due() == 35_71
        hand.advance(days=9)
        time_passes()
        assert last_due() == 500_00
        count = Settlement.objects.count()
        hand.advance(days=9)
        time_passes()
        assert Settlement.objects.count() == count


def test_a_closing_without_an_intervention_judges_as_of_then_and_tells_who_manages(cast):
    ticket = missed(cast, 2.5)
    with clock.moved_to(DUE + timedelta(hours=2.5)) as hand:
        handling.close(ticket, reason="Rien à faire, dit l’équipe.", at=hand.instant, actor=hugo(cast))
        time_passes()
        found = stands(ticket, hand.advance(days=2))
        time_passes()
    assert (found.state, found.verdict.intervention, found.verdict.late_seconds) == ("missed", None, 9000)
    assert last_due() == 53_57
    told = Notice.objects.filter(person=cast.house.sofia)
    assert any("Clos sans intervention" in notice.subject for notice in told)


def test_a_client_that_contests_a_closing_has_its_clock_run_on_as_if_it_never_was(cast):
    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    with clock.moved_to(NOON + timedelta(minutes=5)) as hand:
        handling.close(ticket, reason="Pas chez nous.", at=hand.instant, actor=hugo(cast))
        time_passes()
        assert stands(ticket, DUE + timedelta(hours=1)).state == "closed"
        hand.move_to(DUE + timedelta(hours=1))
        alice = acting(cast.alice, NOON)
        handling.reopen_contested(ticket, text="Toujours en panne !", at=hand.instant, actor=alice)
        time_passes()
        found = stands(ticket, hand.instant)
        assert (found.state, found.promise.deadline_at) == ("late", DUE)
        assert Breach.objects.get().at == DUE + timedelta(seconds=1)
        assert last_due() == 17_86
        assert Verdict.objects.filter(clock__kind="contractual", replaced_at__isnull=False).count() == 1


def test_a6_19_a_verdict_lowered_by_what_was_written_afterwards_stays_and_tells_who_manages(cast):
    ticket = missed(cast, 2.5)
    with clock.moved_to(DUE + timedelta(hours=2.5)) as hand:
        intervening.start(ticket, at=hand.instant, actor=hugo(cast))
        time_passes()
        begun = NOON + timedelta(minutes=30)
        row = intervening.start(
            ticket, at=hand.advance(hours=1), started_at=begun, evidence=PROOF, actor=hugo(cast)
        )
        time_passes()
    assert (last_due(), row.evidence, row.afterwards) == (0, PROOF, True)
    old = Verdict.objects.get(clock__kind="contractual", replaced_at__isnull=False)
    assert (old.late_seconds, old.raw_cents) == (9000, 53_57)
    told = Notice.objects.filter(person=cast.house.sofia)
    assert any("Verdict corrigé" in notice.subject for notice in told)


def test_work_is_not_written_down_before_anybody_reported_anything(cast):
    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    with pytest.raises(TicketError, match="is before anybody or anything reported this"):
        intervening.start(
            ticket, at=DUE, started_at=NOON - timedelta(days=60), evidence=PROOF, actor=hugo(cast)
        )


def test_a_breach_that_moves_to_another_month_is_settled_there(cast):
    received = paris("2026-11-30 16:00")
    with clock.moved_to(paris("2026-12-02 10:00")) as hand:
        ticket = a_ticket(cast.web1, received, by=acting(cast.alice, received), priority="urgent")
        time_passes()
        assert Settlement.objects.latest("pk").month == "2026-12"
        opening.join(
            ticket,
            text="Plus rien.",
            priority="critical",
            channel="web",
            key="worse",
            at=hand.instant,
            actor=acting(cast.alice, hand.instant),
        )
        time_passes()
    assert Clock.objects.current().contractual().get().month == "2026-11"
    assert Settlement.objects.filter(month="2026-11").latest("pk").due_cents == 500_00
    assert Settlement.objects.filter(month="2026-12").latest("pk").due_cents == 0


@pytest.mark.parametrize(
    "number", ["02 61 91 00 24", "0033 2 61 91 00 24", "+33 (0)2 61 91 00 24", "02.61.91.00.24"]
)
def test_the_emergency_number_is_the_same_however_it_is_written(cast, number):
    receipt = opening.record_call(
        client=cast.kermor,
        server=cast.web1,
        number_called=number,
        caller="Alice",
        rang_at=NOON,
        text="",
        priority="critical",
        key="call",
        at=NOON,
        actor=hugo(cast),
    )
    assert (receipt.channel, receipt.call.number_called) == ("phone", "+33261910024")


def test_a_caller_who_knows_no_server_has_a_promise_from_the_first_ring_once_it_is_found(cast):
    receipt = opening.record_call(
        client=cast.kermor,
        server=None,
        number_called="+33261910024",
        caller="Alice",
        rang_at=NOON,
        text="",
        priority="critical",
        key="call",
        at=NOON,
        actor=hugo(cast),
    )
    assert stands(receipt.ticket, NOON).promise is None
    handling.place(receipt.ticket, server=cast.web1, at=NOON + timedelta(minutes=9), actor=hugo(cast))
    assert stands(receipt.ticket, NOON).promise.deadline_at == DUE


def test_what_was_asked_as_low_long_ago_is_not_raised_to_a_promise_already_missed(cast):
    ticket = a_ticket(cast.web1, NOON - timedelta(days=50), priority="low")
    with pytest.raises(TicketError, match="declare what is critical as another one"):
        opening.join(
            ticket,
            text="",
            priority="critical",
            channel="web",
            key="k",
            at=NOON,
            actor=acting(cast.alice, NOON),
        )


def test_a_server_that_left_management_promises_nothing_any_more(cast):
    from astreinte.records.inventory import listing

    listing.end_server(cast.web1, at=NOON - timedelta(days=1), actor=SETUP)
    assert stands(a_ticket(cast.web1, NOON), NOON).state == "uncovered"


def test_a_page_that_shows_another_sum_than_its_trace_says_so(cast):
    ticket = missed(cast, 2.5)
    with clock.moved_to(DUE + timedelta(hours=2.5)) as hand:
        intervening.start(ticket, at=hand.instant, actor=hugo(cast))
        time_passes()
        found = stands(ticket, hand.instant)
        assert explaining.amount(found, hand.instant, provider="Estran").agrees
        from dataclasses import replace

        assert found.stake is not None
        other = replace(found, stake=replace(found.stake, due_cents=0))
        assert not explaining.amount(other, hand.instant, provider="Estran").agrees


def test_a_look_before_its_instant_is_made_again(cast):
    from astreinte.records.commitments import verdicts
    from astreinte.records.commitments.facts import ClockStarted

    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    promise = stands(ticket, NOON).promise
    event = ClockStarted(
        at=NOON,
        provider_id=cast.house.provider.pk,
        ticket_id=ticket.pk,
        clock_id=promise.pk,
        clock_kind="contractual",
        deadline_at=DUE,
        first_late_at=promise.first_late_at,
    )
    with pytest.raises(verdicts.TooEarly), transaction.atomic():  # as a delivery does
        verdicts.look(event, at=DUE)


def slow_texts(cast):
    """Special terms with 4 h where the order has 2 h, transcribed, and Alice's mandate to sign them."""
    special, sale = both_texts(cast.house)
    slow = some_terms(cast.house, "slow", {"targets": {"critical": {"business": "4h"}}})
    transcribed(special, slow, {"targets.critical": "5.1.1", "targets.urgent": "5.1.1"})
    signs(cast.kermor, cast.alice)
    return special, sale


def test_a_paper_recorded_afterwards_does_not_change_the_price_of_what_was_missed_before(cast):
    texts = slow_texts(cast)
    now = DUE + timedelta(hours=3)
    with clock.moved_to(now):
        signing.record_signed(
            cast.kermor,
            versions=texts,
            person=cast.alice,
            paper=b"%PDF-1.4",
            paper_name="signed.pdf",
            signed_at=NOON - timedelta(days=1),
            brand=cast.house.brand,
            at=now,
            actor=acting(cast.house.sofia, now),
        )
        late = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
        assert stands(late, now).promise.deadline_at == DUE


@pytest.mark.parametrize("first", ["critical", "urgent"])
def test_a_clock_that_the_same_receipt_starts_keeps_its_terms_when_it_is_worked_out_again(cast, first):
    slow_texts(cast)
    now = DUE + timedelta(hours=3)
    with clock.moved_to(now):
        late = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON), priority=first)
        held = json.loads(stands(late, now).promise.trace)["terms"]
        accepted(cast.house, cast.kermor, cast.alice, NOON - timedelta(days=1))  # by a clock that was slow
        other = a_ticket(cast.web1, NOON + timedelta(hours=1), by=acting(cast.alice, NOON))
        assert stands(other, now).promise.deadline_at == NOON + timedelta(hours=5)
        handling.merge(other, into=late, at=now, actor=hugo(cast))
        time_passes()
        promise = stands(late, now).promise
        assert promise is not None
        assert (promise.priority, promise.deadline_at) == ("critical", DUE)
        trace = json.loads(promise.trace)
        assert (trace["terms"], "citation" in trace, promise.origin) == (held, False, "infogerance-2017")
        assert explaining.deadline(promise, provider="Estran").agrees
