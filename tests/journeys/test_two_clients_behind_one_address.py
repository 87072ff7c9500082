"""Two clients behind one address are one incident for the staff; each has its own times, clock and letters."""

from datetime import timedelta

import pytest

from astreinte.doors import story
from astreinte.loops import clock
from astreinte.records.commitments import times
from astreinte.records.monitoring.models import Incident
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import (
    a_contract,
    a_server,
    acting,
    paris,
    some_terms,
    the_cast,
    time_passes,
)
from tests.records.monitoring.watching import CRITICAL, OK, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = paris("2026-11-23 09:20")
DOWN, UP = [CRITICAL] * 3, [OK] * 2


class Two:
    """Kermor and Halles have a server each behind one address; their two checks, and Halles's ticket."""

    def __init__(self, hand) -> None:
        self.hand, self.cast = hand, the_cast()
        for client in (self.cast.kermor, self.cast.halles):
            server = a_server(client, f"shop.{client.pk}.example", address="192.0.2.9")
            a_contract(client, server, terms=some_terms(self.cast.house))
        first, second = (
            client.servers.get(name__startswith="shop") for client in (self.cast.kermor, self.cast.halles)
        )
        self.kermor, self.halles = (a_check(one, at=MORNING, every_s=1800) for one in (first, second))

    def at(self, civil: str) -> None:
        self.hand.move_to(paris(f"2026-11-23 {civil}"))
        time_passes()

    def seen(self, check, levels) -> None:
        """Let the probes see so much, five seconds apart, the last of them now."""
        recorded(check, levels, start=self.hand.instant - timedelta(seconds=5 * (len(levels) - 1)))
        time_passes()

    def ticket(self, check) -> Ticket:
        return Ticket.objects.filter(client=check.server.client).latest("pk")

    def declared_and_worked_on(self) -> None:
        """Halles declares it at 09:25; Hugo works on it from 09:40 to 09:50."""
        ticket, charlie = self.ticket(self.halles), acting(self.cast.charlie, self.hand.instant)
        opening.join(
            ticket,
            text="Plus rien.",
            priority="critical",
            channel="web",
            key="rien",
            at=self.hand.instant,
            actor=charlie,
        )
        hugo = acting(self.cast.house.hugo, self.hand.instant)
        self.at("09:40")
        begun = intervening.start(ticket, at=self.hand.instant, actor=hugo)
        self.at("09:50")
        intervening.end(begun, text="Passerelle relancée.", at=self.hand.instant, actor=hugo)
        time_passes()


@pytest.fixture
def both_down():
    with clock.moved_to(MORNING) as hand:
        two = Two(hand)
        two.seen(two.kermor, DOWN)
        two.at("09:25")
        two.seen(two.halles, DOWN)
        assert Incident.objects.count() == 1
        yield two


def test_each_reads_when_its_own_outage_was_seen_and_no_work_is_older_than_that(both_down) -> None:
    ticket, hugo = both_down.ticket(both_down.halles), acting(both_down.cast.house.hugo, MORNING)
    seen = times.of(ticket)
    assert seen.detected_at == paris("2026-11-23 09:24:50")
    assert seen.occurred_at == seen.detected_at - timedelta(seconds=1800)
    assert seen.to_ticket == timedelta(seconds=10)
    told = story.told(ticket, None, actor=hugo, at=both_down.hand.instant)
    first, second = [one.at for one in told.moments][:2]
    assert (first, second) == (paris("2026-11-23 09:24:50"), paris("2026-11-23 09:25"))
    with pytest.raises(opening.TicketError, match="before anybody or anything reported"):
        intervening.start(
            ticket,
            at=both_down.hand.instant,
            actor=hugo,
            started_at=paris("2026-11-23 09:22"),
            evidence="journal de la session ssh",
        )
