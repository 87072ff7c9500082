"""What is done to a ticket, and that none of it stops the clock (A5.10, A5.13)."""

from datetime import timedelta

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.tickets import conversation, handling
from astreinte.records.tickets.models import Message
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from tests.builders import a_ticket, acting, paris, stands

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 11:30")
DUE = paris("2026-11-23 13:30")


@pytest.fixture
def ticket(cast):
    return a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))


@pytest.fixture
def hugo(cast):
    return acting(cast.house.hugo, NOON)


def test_a5_10_taking_a_ticket_leaves_the_countdown_running(ticket, hugo):
    handling.take(ticket, at=NOON + timedelta(minutes=4), actor=hugo)
    found = stands(ticket, NOON + timedelta(minutes=22))
    assert (found.state, found.left, found.promise.deadline_at) == ("running", timedelta(minutes=98), DUE)
    assert found.ticket.assignee.name == "Hugo Lemaire"


def test_a5_13_waiting_for_the_client_changes_nothing_to_the_deadline(ticket, hugo):
    before = stands(ticket, NOON)
    handling.wait_for_client(ticket, text="Quel mot de passe ?", at=NOON + timedelta(minutes=5), actor=hugo)
    during = stands(ticket, NOON + timedelta(minutes=30))
    assert during.ticket.state == "waiting"
    assert (during.promise.pk, during.promise.deadline_at) == (before.promise.pk, DUE)
    assert during.left == timedelta(minutes=90)
    assert stands(ticket, DUE + timedelta(seconds=1)).state == "late"
    handling.resume(ticket, at=NOON + timedelta(minutes=40), actor=hugo)
    assert stands(ticket, NOON + timedelta(minutes=40)).promise.deadline_at == DUE


def test_a5_10_an_intervention_stops_the_clock_and_so_does_a_written_diagnostic(cast, ticket, hugo):
    at = NOON + timedelta(minutes=28, seconds=20)
    intervening.start(ticket, at=at, actor=hugo)
    found = stands(ticket, DUE + timedelta(hours=5))
    assert (found.state, found.verdict.late_seconds) == ("met", 0)
    assert found.left == DUE - at
    other = a_ticket(cast.web1, NOON, by=acting(cast.bob, NOON))
    intervening.diagnose(
        other, "Le disque /var est plein, la base ne démarre plus ; je libère de la place.", at=at, actor=hugo
    )
    assert stands(other, DUE).state == "met"


def test_a_diagnostic_of_a_few_words_is_none(ticket, hugo):
    with pytest.raises(
        TicketError, match="12 characters; write what is wrong and what will be done, in 40 or more"
    ):
        intervening.diagnose(ticket, "On regarde !", at=NOON, actor=hugo)
    assert stands(ticket, DUE).state == "running"


def test_a5_10_what_is_written_down_afterwards_needs_its_evidence_and_is_marked(ticket, hugo):
    at, begun = NOON + timedelta(hours=3), NOON + timedelta(hours=1)
    with pytest.raises(TicketError, match="afterwards needs its evidence"):
        intervening.start(ticket, at=at, started_at=begun, actor=hugo)
    row = intervening.start(
        ticket, at=at, started_at=begun, evidence="session ssh 8812, journal joint", actor=hugo
    )
    assert row.afterwards
    assert stands(ticket, at).verdict.stopped_at == begun


def test_a_ticket_is_not_closed_without_an_intervention_or_a_reason_that_the_client_reads(ticket, hugo):
    with pytest.raises(TicketError, match="nobody intervened; start an intervention, or give the reason"):
        handling.close(ticket, reason=" ", at=NOON, actor=hugo)
    handling.close(ticket, reason="Déclaré par erreur, dit Alice Caradec.", at=NOON, actor=hugo)
    assert Message.objects.filter(
        ticket=ticket, public=True, text="Déclaré par erreur, dit Alice Caradec."
    ).exists()


def test_an_internal_note_is_never_read_by_the_client(cast, ticket, hugo):
    conversation.note(ticket, "Encore eux.", at=NOON, actor=hugo)
    alice = acting(cast.alice, NOON)
    assert "Encore eux." not in {message.text for message in Message.objects.visible_to(alice)}
    assert "Encore eux." in {message.text for message in Message.objects.visible_to(hugo)}


def test_the_client_handles_no_ticket_and_stops_no_clock(cast, ticket):
    alice = acting(cast.alice, NOON)
    for act in (
        lambda: handling.take(ticket, at=NOON, actor=alice),
        lambda: handling.close(ticket, reason="x", at=NOON, actor=alice),
        lambda: intervening.start(ticket, at=NOON, actor=alice),
        lambda: conversation.note(ticket, "x", at=NOON, actor=alice),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_stranger_of_another_provider_touches_nothing(cast, ticket):
    victor = acting(cast.victor, NOON)
    with pytest.raises(NotAllowed, match="belongs to another provider"):
        handling.take(ticket, at=NOON, actor=victor)
