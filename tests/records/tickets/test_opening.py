"""A declaration is received once, by any channel, and only some of them start the clock (A5.6 to A5.8, A5.15)."""

from datetime import timedelta

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.models import Message, Receipt, Ticket
from astreinte.records.tickets.opening import TicketError
from tests.builders import a_declaration, acting, paris, stands, the_cast

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 11:30")


def called(cast, **how):
    asked = {
        "client": cast.kermor,
        "server": cast.web1,
        "number_called": "+33 2 61 91 00 24",
        "caller": "Alice Caradec",
        "rang_at": paris("2026-11-28 03:00"),
        "text": "Plus rien.",
        "priority": "critical",
        "key": "call-1",
        "at": paris("2026-11-28 03:05"),
        "actor": acting(cast.house.hugo, NOON),
    }
    return opening.record_call(**{**asked, **how})


def test_a5_6_the_receipt_keeps_the_instant_of_the_server_and_starts_the_clock():
    cast = the_cast()
    receipt = a_declaration(cast.web1, NOON, by=acting(cast.alice, NOON))
    found = stands(receipt.ticket, NOON)
    assert (receipt.at, found.promise.started_at) == (NOON, NOON)
    assert found.promise.deadline_at == paris("2026-11-23 13:30")
    assert found.promise.regime == "business"


def test_a5_6_a_double_click_is_one_ticket_at_one_instant():
    cast = the_cast()
    alice = acting(cast.alice, NOON)
    first = a_declaration(cast.web1, NOON, by=alice, key="web:form-1")
    again = a_declaration(cast.web1, NOON + timedelta(seconds=1), by=alice, key="web:form-1")
    assert (again.pk, again.at) == (first.pk, NOON)
    assert (Ticket.objects.count(), Receipt.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_key_of_another_client_gives_nothing_away():
    cast = the_cast()
    a_declaration(cast.web1, NOON, by=acting(cast.alice, NOON), key="web:form-1")
    with pytest.raises(TicketError, match="was used for another declaration; send a new one"):
        a_declaration(cast.app2, NOON, by=acting(cast.charlie, NOON), key="web:form-1")


def test_nobody_declares_for_another_client():
    cast = the_cast()
    with pytest.raises(NotAllowed):
        a_declaration(cast.web1, NOON, by=acting(cast.charlie, NOON))
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("channel", ["email", "monitoring", "desk", "api"])
def test_a5_8_a_channel_that_the_text_does_not_name_starts_the_internal_clock_alone(channel):
    cast = the_cast()
    found = stands(a_declaration(cast.web1, NOON, channel=channel).ticket, NOON)
    assert (found.state, found.promise) == ("no_clock", None)
    assert found.objective.deadline_at == paris("2026-11-23 13:30")
    assert found.stake is None


def test_this_one_adds_a_receipt_and_starts_the_clock_of_a_ticket_that_a_probe_opened():
    cast = the_cast()
    ticket = a_declaration(cast.web1, NOON, channel="monitoring").ticket
    declared = NOON + timedelta(minutes=8)
    opening.join(
        ticket,
        text="C’est celle-ci.",
        priority=None,
        channel="web",
        key="web:form-2",
        at=declared,
        actor=acting(cast.alice, declared),
    )
    found = stands(ticket, declared)
    assert (found.promise.started_at, found.objective.started_at) == (declared, NOON)
    assert [receipt.channel for receipt in ticket.receipts.order_by("at")] == ["monitoring", "web"]
    assert Ticket.objects.count() == 1


def test_a_graver_declaration_raises_the_priority_and_counts_from_its_own_earliest_receipt():
    cast = the_cast()
    ticket = a_declaration(cast.web1, NOON, priority="urgent").ticket
    later = NOON + timedelta(minutes=20)
    opening.join(
        ticket,
        text="",
        priority="critical",
        channel="web",
        key="k2",
        at=later,
        actor=acting(cast.alice, later),
    )
    ticket.refresh_from_db()
    assert ticket.priority == "critical"
    assert stands(ticket, later).promise.deadline_at == paris("2026-11-23 13:30")


def test_a5_7_a_call_counts_from_its_first_ring_answered_or_not():
    cast = the_cast()
    receipt = called(cast, answered=False)
    found = stands(receipt.ticket, receipt.recorded_at)
    assert found.promise.started_at == paris("2026-11-28 03:00")
    assert found.promise.deadline_at == paris("2026-11-28 07:00")
    assert (receipt.call.defined, receipt.call.answered) == (True, False)


def test_a5_7_a_call_to_another_number_is_kept_and_starts_no_contractual_clock():
    cast = the_cast()
    receipt = called(cast, number_called="+33 1 00 00 00 00")
    assert (receipt.channel, receipt.call.defined) == ("desk", False)
    assert stands(receipt.ticket, receipt.recorded_at).state == "no_clock"


def test_a_call_that_is_still_to_come_is_refused_and_changes_nothing():
    cast = the_cast()
    with pytest.raises(TicketError) as refused:
        called(cast, rang_at=paris("2026-11-28 04:00"))
    assert str(refused.value) == (
        "call.rang_at: 2026-11-28T03:00:00+00:00 is still to come, or over a year ago;"
        " write the instant of the first ring"
    )
    assert not Ticket.objects.exists()


def test_a5_15_merging_keeps_both_receipts_and_the_earliest_start():
    cast = the_cast()
    hugo = acting(cast.house.hugo, NOON)
    late = a_declaration(cast.web1, NOON + timedelta(minutes=15), by=acting(cast.alice, NOON)).ticket
    early = a_declaration(cast.web1, NOON, by=acting(cast.bob, NOON), subject="Site en panne").ticket
    at = NOON + timedelta(minutes=20)
    handling.merge(early, into=late, at=at, actor=hugo)
    assert stands(late, at).promise.started_at == NOON
    assert stands(early, at).promise is None
    assert Receipt.objects.count() == 2


def test_a5_15_two_clients_tickets_are_never_merged():
    cast = the_cast()
    hugo = acting(cast.house.hugo, NOON)
    ours, theirs = a_declaration(cast.web1, NOON).ticket, a_declaration(cast.app2, NOON).ticket
    with pytest.raises(TicketError, match="two clients' tickets are never merged"):
        handling.merge(ours, into=theirs, at=NOON, actor=hugo)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        pytest.param(
            {"subject": "  "}, "subject: is empty; write in a few words what is wrong", id="no subject"
        ),
        pytest.param(
            {"priority": "severity-1"},
            "priority: 'severity-1': write one of critical, urgent, normal, low",
            id="unknown priority",
        ),
        pytest.param(
            {"channel": "fax"},
            "channel: 'fax': write one of web, phone, email, monitoring, desk, api",
            id="unknown channel",
        ),
        pytest.param(
            {"text": "x" * 20_001},
            "text: 20001 characters; write at most 20000, and attach the rest",
            id="too long a text",
        ),
        pytest.param(
            {"key": "k" * 121},
            f"key: '{'k' * 121}': write a text of 1 to 120 characters that is new for each declaration",
            id="too long a key",
        ),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_with_its_place_and_changes_nothing(how, message):
    cast = the_cast()
    with pytest.raises(TicketError) as refused:
        a_declaration(cast.web1, NOON, **how)
    assert str(refused.value) == message
    assert not Ticket.objects.exists()
