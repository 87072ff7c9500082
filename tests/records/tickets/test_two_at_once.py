"""Two clicks at once are one receipt, and two acts on a ticket happen one by one (A5.6)."""

import threading

import pytest
from django.db import connections

from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Receipt
from tests.builders import a_declaration, a_ticket, acting, paris, the_cast

pytestmark = pytest.mark.django_db(transaction=True)

NOON = paris("2026-11-23 11:30")


def at_once(act, times=3):
    """What `act` returns, or raises, in so many threads that start together."""
    together, came = threading.Barrier(times), []

    def run():
        together.wait()
        try:
            came.append(act())
        except Exception as error:
            came.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def test_a5_6_a_declaration_sent_three_times_at_once_is_one_ticket():
    cast = the_cast()
    alice = acting(cast.alice, NOON)
    came = at_once(lambda: a_declaration(cast.web1, NOON, by=alice, key="web:form-1"))
    assert {receipt.pk for receipt in came} == {Receipt.objects.get().pk}


def test_a5_6_this_one_sent_three_times_at_once_is_one_receipt():
    cast = the_cast()
    alice = acting(cast.alice, NOON)
    ticket = a_ticket(cast.web1, NOON, by=alice)
    came = at_once(
        lambda: opening.join(
            ticket, text="x", priority="critical", channel="web", key="web:form-2", at=NOON, actor=alice
        )
    )
    assert {receipt.pk for receipt in came} == {Receipt.objects.get(key="web:form-2").pk}


def test_a_call_written_down_twice_at_once_is_one_ticket():
    cast = the_cast()
    came = at_once(
        lambda: opening.record_call(
            client=cast.kermor,
            server=cast.web1,
            number_called="+33261910024",
            caller="Alice",
            rang_at=NOON,
            text="",
            priority="critical",
            key="call-1",
            at=NOON,
            actor=acting(cast.house.hugo, NOON),
        )
    )
    assert {receipt.pk for receipt in came} == {Receipt.objects.get().pk}
