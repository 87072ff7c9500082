"""A declaration that leaves twice at the same moment is one ticket, on both databases (A5.6)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from astreinte.records.accounts.models import RequestKey
from astreinte.records.tickets.models import Receipt, Ticket
from tests.builders import BEGINNING, the_cast
from tests.doors.api.caller import calling

SENDERS = 4


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_sent_four_times_at_once_is_done_once(hand):
    cast = the_cast()
    alice = calling(cast.alice, BEGINNING)
    body = {
        "subject": "Plus rien",
        "text": "502 partout.",
        "priority": "critical",
        "server": cast.web1.public_id,
    }
    ready = Barrier(SENDERS)

    def send(_):
        ready.wait()
        try:
            return alice.post("/tickets", body, key="once")
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(send, range(SENDERS)))

    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]
    assert len({one.json()["ticket"]["id"] for one in answers}) == 1
    assert (Ticket.objects.count(), Receipt.objects.count(), RequestKey.objects.count()) == (1, 1, 1)
