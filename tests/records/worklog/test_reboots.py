"""A machine that starts again is an incident, unless it was announced, or somebody was at work on it."""

from datetime import timedelta
from typing import Any

import pytest

from astreinte.engine.probes.kinds import KINDS
from astreinte.loops import clock
from astreinte.records.agenda import announcing
from astreinte.records.journal import verifying
from astreinte.records.monitoring import checking, reboots
from astreinte.records.monitoring.models import Check, Incident
from astreinte.records.notices.models import Notice
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog import intervening
from tests import builders
from tests.builders import Cast, acting, time_passes
from tests.records.journal.stories import seal_all
from tests.records.monitoring.watching import NOON, OK, UNKNOWN, WARNING, recorded

pytestmark = pytest.mark.django_db(transaction=True)

MIN = timedelta(minutes=1)


def test_it_is_a_kind_of_the_watch() -> None:
    assert reboots.KIND in KINDS


def a_boot(cast: Cast) -> Check:
    return checking.add(
        server=cast.web1, kind="boot", name="boot", every_s=15, retry_s=15, attempts=1, recoveries=1,
        at=NOON - 60 * MIN, actor=builders.SETUP,
    )  # fmt: skip


def starts(check: Check, before: Any = OK) -> None:
    """It was up for long, and started shortly before noon."""
    recorded(check, [before], start=NOON - 3 * MIN)
    recorded(check, [WARNING], start=NOON)


def test_a_start_that_nobody_announced_is_an_incident_with_its_ticket_until_it_is_up_for_a_while(
    cast: Cast,
) -> None:
    with clock.moved_to(NOON) as hand:
        check = a_boot(cast)
        starts(check)
        time_passes()
        ticket, incident = Ticket.objects.get(), Incident.objects.get()
        assert (ticket.server, ticket.priority, incident.title) == (
            *(cast.web1, "critical"),
            "web1.kermor.example: boot",
        )
        assert Notice.objects.filter(person=cast.house.hugo).count() == 1
        recorded(check, [WARNING] * 3, start=NOON + MIN)
        assert Incident.objects.get().recovered_at is None
        hand.move_to(NOON + 10 * MIN)
        recorded(check, [OK], start=hand.instant)
        assert Incident.objects.get().recovered_at == hand.instant
        seal_all()
        assert verifying.verify() == []


@pytest.mark.parametrize(
    ("begins", "ends", "many"),
    [
        pytest.param(-20, 30, 0, id="under way"),
        pytest.param(-60, -14, 0, id="over a moment ago"),
        pytest.param(-60, -16, 1, id="over for long"),
        pytest.param(1, 30, 1, id="still to begin"),
    ],
)
def test_a_start_that_was_announced_is_none(cast: Cast, begins: int, ends: int, many: int) -> None:
    announcing.announce(
        covers={cast.web1: ()},
        title="Nouveau noyau",
        from_at=NOON + begins * MIN,
        until_at=NOON + ends * MIN,
        at=NOON - 120 * MIN,
        actor=acting(cast.house.sofia, NOON - 120 * MIN),
    )
    starts(a_boot(cast))
    assert Incident.objects.count() == many


@pytest.mark.parametrize(
    ("ended", "many"),
    [
        pytest.param(None, 0, id="at work"),
        pytest.param(-14, 0, id="done with it"),
        pytest.param(-16, 1, id="gone for long"),
    ],
)
def test_a_start_by_whom_intervenes_on_the_machine_is_none(cast: Cast, ended: int | None, many: int) -> None:
    ticket = builders.a_ticket(cast.web1, NOON - 40 * MIN)
    hugo = acting(cast.house.hugo, NOON)
    work = intervening.start(ticket, at=NOON - 30 * MIN, actor=hugo)
    if ended is not None:
        intervening.end(work, text="Noyau mis à jour.", at=NOON + ended * MIN, actor=hugo)
    starts(a_boot(cast))
    assert Incident.objects.count() == many


def test_work_on_another_machine_is_no_reason(cast: Cast) -> None:
    ticket = builders.a_ticket(cast.app2, NOON - 40 * MIN)
    intervening.start(ticket, at=NOON - 30 * MIN, actor=acting(cast.house.hugo, NOON))
    starts(a_boot(cast))
    assert Incident.objects.count() == 1


def test_a_machine_that_was_young_when_it_was_seen_first_is_no_incident(cast: Cast) -> None:
    recorded(a_boot(cast), [WARNING, WARNING], start=NOON)
    assert not Incident.objects.exists()


def test_a_start_that_is_seen_again_after_a_blind_period_is_one_incident(cast: Cast) -> None:
    check = a_boot(cast)
    starts(check)
    recorded(check, [WARNING], start=NOON + 5 * MIN)
    assert Incident.objects.get().recovered_at is None
    assert Ticket.objects.count() == 1


def test_what_was_nonsense_before_is_no_start(cast: Cast) -> None:
    check = a_boot(cast)
    starts(check, before=UNKNOWN)
    recorded(check, [OK], start=NOON + MIN)
    assert Incident.objects.get().recovered_at is not None
