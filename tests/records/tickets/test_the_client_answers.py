"""Once the client has answered, nobody waits for it any more; the deadline was never moved by waiting (A5.13)."""

from datetime import timedelta

import pytest

from astreinte.records.journal.events import kind_of
from astreinte.records.journal.models import Entry
from astreinte.records.tickets import conversation, handling
from astreinte.records.tickets.facts import TicketResumed
from astreinte.records.tickets.models import Ticket
from tests.builders import a_ticket, acting, paris, stands

pytestmark = pytest.mark.django_db

NOON = paris("2026-11-23 11:30")
LATER = NOON + timedelta(minutes=9)


@pytest.fixture
def waiting(cast):
    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    hugo = acting(cast.house.hugo, NOON)
    return handling.wait_for_client(
        ticket, text="Quel mot de passe ?", at=NOON + timedelta(minutes=5), actor=hugo
    )


def resumed():
    return Entry.objects.filter(kind=kind_of(TicketResumed))


def test_the_clients_answer_ends_the_waiting_and_is_written_down(cast, waiting):
    conversation.reply(waiting, "Le voici.", at=LATER, actor=acting(cast.alice, NOON))
    assert Ticket.objects.get().state == "open"
    assert [entry.at for entry in resumed()] == [LATER]
    assert stands(waiting, LATER).promise.deadline_at == paris("2026-11-23 13:30")


def test_a_word_of_the_staff_does_not(cast, waiting):
    conversation.reply(waiting, "Nous attendons.", at=LATER, actor=acting(cast.house.hugo, NOON))
    assert Ticket.objects.get().state == "waiting"
    assert not resumed().exists()


def test_an_answer_that_nobody_waited_for_resumes_nothing(cast):
    ticket = a_ticket(cast.web1, NOON, by=acting(cast.alice, NOON))
    conversation.reply(ticket, "Cela remarche.", at=LATER, actor=acting(cast.alice, NOON))
    assert Ticket.objects.get().state == "open"
    assert not resumed().exists()
