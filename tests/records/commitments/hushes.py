"""What the stories of silences and announced work need: what hushes, what fails under it, what was told."""

from datetime import timedelta

from astreinte.records.agenda import announcing
from astreinte.records.monitoring import silencing
from astreinte.records.monitoring.models import HeldAlert
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import handling, opening
from astreinte.records.tickets.models import Ticket
from tests.builders import acting, paris, time_passes
from tests.records.monitoring.watching import DOWN, NOON, a_check, recorded

TWO = paris("2026-11-23T14:00")


def told(person):
    return [one.subject.replace("\u00a0", " ") for one in Notice.objects.filter(person=person).order_by("pk")]


def silence(cast, at, *, until=TWO, check=None, server=None):
    return silencing.silence(
        server or cast.web1,
        reason="Migration de la base",
        until_at=until,
        check=check,
        at=at,
        actor=acting(cast.house.hugo, at),
    )


def window(cast, at, *, start, until, checks=()):
    return announcing.announce(
        covers={cast.web1: checks},
        title="Changement de disque",
        from_at=start,
        until_at=until,
        at=at,
        actor=acting(cast.house.sofia, at),
    )


def fails(check, hand, levels=DOWN):
    start = hand.advance(seconds=10)
    recorded(check, levels, start=start)
    hand.move_to(start + timedelta(seconds=5 * len(levels)))
    time_passes()
    time_passes()


def declare_this_one(cast, hand):
    opening.join(
        Ticket.objects.get(),
        text="Plus de paiement.",
        priority="critical",
        channel="web",
        key="this-one",
        at=hand.advance(minutes=5),
        actor=acting(cast.alice, NOON),
    )


def close_it(cast, hand, reason):
    handling.close(
        Ticket.objects.get(), reason=reason, at=hand.advance(seconds=1), actor=acting(cast.house.hugo, NOON)
    )


def outcomes():
    return list(HeldAlert.objects.order_by("pk").values_list("outcome", flat=True))


def down_in_silence(cast, hand):
    """Have the shop go down under a silence that ends at two; return its check."""
    check = a_check(cast.web1)
    silence(cast, NOON)
    fails(check, hand)
    return check


def goes_on(hand, at):
    hand.move_to(at)
    time_passes()
