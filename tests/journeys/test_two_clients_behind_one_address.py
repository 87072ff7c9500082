"""Two clients behind one address are one incident for the staff; each has its own times, clock and letters."""

from datetime import timedelta

import pytest

from astreinte.doors import story
from astreinte.loops import clock
from astreinte.records.commitments import times
from astreinte.records.monitoring.models import Incident
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import (
    a_contract,
    a_server,
    acting,
    paris,
    some_terms,
    stands,
    the_cast,
    time_passes,
)
from tests.records.monitoring.watching import DOWN, UP, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = paris("2026-11-23 09:20")


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
        found: Ticket = Ticket.objects.filter(client=check.server.client).latest("pk")
        return found

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


def test_a_relapse_of_one_client_starts_no_clock_of_the_other(both_down) -> None:
    both_down.declared_and_worked_on()
    both_down.at("10:00")
    both_down.seen(both_down.kermor, UP)
    halles = both_down.ticket(both_down.halles)
    assert halles.restored_at is None
    both_down.seen(both_down.halles, UP)
    both_down.at("10:10")
    both_down.seen(both_down.kermor, DOWN)
    assert Incident.objects.count() == 1
    halles.refresh_from_db()
    assert halles.restored_at == paris("2026-11-23 10:00")
    assert both_down.ticket(both_down.kermor).restored_at is None
    both_down.at("18:00")
    stood = stands(halles, both_down.hand.instant)
    assert (stood.state, stood.promise.turn) == ("met", 1)


def test_a_client_whose_own_server_comes_back_down_has_a_new_clock_though_others_never_recovered(
    both_down,
) -> None:
    both_down.declared_and_worked_on()
    both_down.seen(both_down.halles, UP)
    halles = both_down.ticket(both_down.halles)
    assert halles.restored_at == paris("2026-11-23 09:50")
    both_down.at("10:10")
    both_down.seen(both_down.halles, DOWN)
    assert Incident.objects.count() == 1
    stood = stands(halles, both_down.hand.instant)
    assert (stood.state, stood.promise.turn) == ("running", 2)
    assert letters(both_down, halles, "relapse") == 1


def test_an_outage_hours_after_the_first_is_a_new_one_though_others_never_recovered(both_down) -> None:
    both_down.declared_and_worked_on()
    both_down.seen(both_down.halles, UP)
    first = both_down.ticket(both_down.halles)
    both_down.at("14:00")
    both_down.seen(both_down.halles, DOWN)
    assert Incident.objects.count() == 2
    second = both_down.ticket(both_down.halles)
    assert second != first
    assert letters(both_down, second, "opened") == 1
    assert stands(first, both_down.hand.instant).state == "met"


def letters(two: Two, ticket: Ticket, kind: str) -> int:
    return Notice.objects.filter(person=two.cast.house.hugo, key__startswith=f"{kind}:{ticket.pk}").count()
