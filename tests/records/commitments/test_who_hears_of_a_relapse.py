"""The staff hears of what comes back, or breaks beside it, where it had reason to take the trouble to be over."""

from datetime import timedelta

import pytest

from astreinte.loops import clock
from astreinte.records.commitments import hushing
from astreinte.records.monitoring import silencing
from astreinte.records.monitoring.models import HeldAlert, Incident
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import handling
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests.builders import a_server, a_ticket, acting, paris, time_passes
from tests.journeys.shown import readable
from tests.records.monitoring.watching import DOWN, UP, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = paris("2026-11-23 09:20")


@pytest.fixture
def hand():
    with clock.moved_to(MORNING) as moved:
        yield moved


def seen(hand, check, levels, civil=None):
    """Let the probes see so much, five seconds apart, the last of them at an hour of that Monday, or now."""
    if civil is not None:
        hand.move_to(paris(f"2026-11-23 {civil}"))
        time_passes()
    recorded(check, levels, start=hand.instant - timedelta(seconds=5 * (len(levels) - 1)))
    time_passes()


def kinds(person):
    return [one.key.split(":")[0] for one in Notice.objects.filter(person=person).order_by("pk")]


def worked_on(hand, cast, ticket, *, until):
    hugo = acting(cast.house.hugo, hand.instant)
    begun = intervening.start(ticket, at=hand.instant, actor=hugo)
    hand.move_to(paris(f"2026-11-23 {until}"))
    intervening.end(begun, text="Service relancé.", at=hand.instant, actor=hugo)
    time_passes()


def test_restored_is_not_said_while_a_fault_that_is_the_same_may_become_sure(hand, cast) -> None:
    check = a_check(cast.web1, at=MORNING, every_s=1800)
    seen(hand, check, DOWN)
    seen(hand, check, UP, "09:30")
    hand.move_to(paris("2026-11-23 10:00:01"))
    time_passes()
    seen(hand, check, DOWN, "10:00:06")  # its first bad result: 09:59:56
    assert Incident.objects.count() == 1
    assert "restored" not in kinds(cast.house.hugo)


def test_what_comes_back_after_restored_was_said_is_told(hand, cast) -> None:
    check = a_check(cast.web1, at=MORNING, every_s=1800)
    seen(hand, check, DOWN)
    seen(hand, check, UP, "09:30")
    hand.move_to(paris("2026-11-23 10:01"))
    time_passes()
    assert kinds(cast.house.hugo) == ["opened", "restored"]
    late = paris("2026-11-23 09:59:40")  # what a watch kept, and handed over after its hub was back
    recorded(check, DOWN, start=late, at=hand.instant)
    time_passes()
    assert kinds(cast.house.hugo) == ["opened", "restored", "relapse"]


def test_a_relapse_after_finished_work_is_told_once_on_a_server_without_a_contract(hand, cast) -> None:
    check = a_check(a_server(cast.kermor, "bare.kermor.example"), at=MORNING, every_s=1800)
    seen(hand, check, DOWN)
    worked_on(hand, cast, Ticket.objects.get(), until="09:35")
    seen(hand, check, UP, "09:40")
    seen(hand, check, DOWN, "09:50")
    assert kinds(cast.house.hugo) == ["opened", "relapse"]
    seen(hand, check, UP, "09:55")
    seen(hand, check, DOWN, "10:00")
    assert kinds(cast.house.hugo) == ["opened", "relapse"], "a flapping service is no news at each turn"


def test_a_check_that_breaks_next_morning_beside_one_that_stayed_down_is_told(hand, cast) -> None:
    disk, shop = (a_check(cast.web1, name, at=MORNING, every_s=1800) for name in ("disk", "shop"))
    seen(hand, disk, DOWN)
    worked_on(hand, cast, Ticket.objects.get(), until="09:35")
    hand.move_to(paris("2026-11-24 09:00"))
    seen(hand, shop, DOWN)
    assert Ticket.objects.count() == 2
    assert kinds(cast.house.hugo) == ["opened", "opened"]


def test_what_joins_a_fault_long_after_the_last_letter_is_told_once(hand, cast) -> None:
    names = ("disk", "mail", "shop", "cron")
    checks = [a_check(cast.web1, name, at=MORNING, every_s=1800) for name in names]
    for check, civil in zip(checks, ("09:21", "09:45", "10:10", "10:20"), strict=True):
        seen(hand, check, DOWN, civil)
    assert Ticket.objects.count() == 1
    assert kinds(cast.house.hugo) == ["opened", "worsened"]
    assert "web1.kermor.example: shop" in Notice.objects.latest("pk").body.replace("\u00a0", " ")


def test_a_declaration_that_was_merged_into_the_probes_ticket_lifts_the_hush(hand, cast) -> None:
    check = a_check(cast.web1, at=MORNING, every_s=1800)
    hugo = acting(cast.house.hugo, MORNING)
    until = paris("2026-11-23 12:00")
    silencing.silence(cast.web1, reason="Migration", until_at=until, at=MORNING, actor=hugo)
    seen(hand, check, DOWN, "09:30")
    probes = Ticket.objects.get()
    assert HeldAlert.objects.filter(settled_at=None).count() == 1
    declared = a_ticket(cast.web1, hand.instant)
    handling.merge(declared, into=probes, at=hand.instant, actor=hugo)
    probes.refresh_from_db()
    assert hushing.declared(probes)


def test_more_that_breaks_under_a_silence_is_told_at_its_end_as_more_and_by_name(hand, cast) -> None:
    names = ("disk", "mail", "shop", "cron")
    disk, mail, shop, cron = (a_check(cast.web1, name, at=MORNING, every_s=1800) for name in names)
    for check, civil in ((disk, "09:21"), (mail, "09:45")):
        seen(hand, check, DOWN, civil)
    hugo, until = acting(cast.house.hugo, hand.instant), paris("2026-11-23 12:00")
    silencing.silence(cast.web1, reason="Migration", until_at=until, at=hand.instant, actor=hugo)
    for check, civil in ((shop, "10:10"), (cron, "10:20")):
        seen(hand, check, DOWN, civil)
    assert kinds(cast.house.hugo) == ["opened"]
    hand.move_to(until)
    time_passes()
    assert kinds(cast.house.hugo) == ["opened", "worsened"]
    body = readable(Notice.objects.latest("pk").body)
    assert "web1.kermor.example: shop, web1.kermor.example: cron" in body
    assert "Alerte retenue depuis le lundi 23 novembre 2026 à 10:10 : silence n° 1" in body
