"""A2.1: an order waits for the answer to its mandatory advice; a refused one is in the file when the risk happens."""

from datetime import timedelta

import pytest

from astreinte.engine.probes import kinds
from astreinte.records.accounts import people
from astreinte.records.contracts import advising
from astreinte.records.monitoring import checking
from astreinte.records.monitoring.models import Check
from astreinte.records.tickets import foretold
from astreinte.records.tickets.models import Ticket
from tests.builders import SETUP, Cast, a_ticket, acting, paris
from tests.doors.browsing import Reading
from tests.records.contracts.test_a2_1_advice_comes_before_the_work import some_advice
from tests.records.monitoring.watching import CRITICAL, recorded

BEFORE, THEN = paris("2026-11-20 09:00"), paris("2026-11-23 11:30")


def checked(cast: Cast, kind: str) -> Check:
    return checking.add(server=cast.web1, kind=kind, name=kind, at=THEN, actor=SETUP)


@pytest.fixture
def refused(cast):
    """No backup, said on the 20th and set aside by Alice that day."""
    people.give_role(cast.alice, role="signatory", client=cast.kermor, from_at=BEFORE, at=BEFORE, actor=SETUP)
    advice = some_advice(cast, at=BEFORE)
    alice = acting(cast.alice, BEFORE)
    advising.answer(advice, answer="refused", sha256=advice.sha256, at=BEFORE, actor=alice)
    return advice


def test_a2_1_the_refused_advice_is_on_the_ticket_that_our_probes_open(cast, hand, refused):
    hand.move_to(THEN)
    recorded(checked(cast, "disk"), [CRITICAL] * 3, start=THEN)
    ticket = Ticket.objects.get()
    for who, there in ((cast.house.hugo, "/desk/tickets/1/"), (cast.alice, "/tickets/1/")):
        page = Reading(who).get(there)
        assert "Conseil écarté" in page.text, there
        assert "écarté par Alice Caradec" in page.text, there
    assert foretold.refused(ticket) == [refused]


def test_a2_1_another_trouble_brings_no_advice_back(cast, hand, refused):
    hand.move_to(THEN)
    recorded(checked(cast, "tls"), [CRITICAL] * 3, start=THEN)
    assert foretold.refused(Ticket.objects.get()) == []


def test_a2_1_advice_refused_after_the_incident_was_not_refused_before_it(cast, hand, refused):
    ticket = a_ticket(cast.web1, BEFORE - timedelta(hours=1))
    assert foretold.refused(ticket) == []


def test_every_kind_of_check_says_of_which_risks_it_speaks():
    assert set(foretold.RISKS_OF_KIND) == set(kinds.KINDS)
