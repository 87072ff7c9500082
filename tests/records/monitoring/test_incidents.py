"""A confirmed failure opens an incident of its server; it grows, recovers, and comes back."""

from datetime import timedelta

import pytest

from astreinte.records.inventory.models import Server
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring import checking, incidents
from astreinte.records.monitoring.models import Incident
from tests import builders
from tests.records.monitoring.watching import (
    CRITICAL,
    DOWN,
    NOON,
    OK,
    UNKNOWN,
    UP,
    WARNING,
    a_check,
    recorded,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> builders.House:
    return builders.a_house()


@pytest.fixture
def server(house: builders.House) -> Server:
    return builders.a_server(builders.a_client(house))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def kinds() -> list[str]:
    found = (
        Entry.objects.filter(kind__startswith="monitoring.", kind__contains="Incident")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    return [kind.removeprefix("monitoring.") for kind in found]


@pytest.mark.parametrize(
    ("level", "opens"),
    [
        pytest.param(CRITICAL, 1, id="critical opens one"),
        pytest.param(UNKNOWN, 1, id="an answer without sense serves nobody"),
        pytest.param(WARNING, 0, id="a warning opens none"),
    ],
)
def test_which_confirmed_level_opens_an_incident(server: Server, level, opens: int) -> None:
    recorded(a_check(server), [level] * 3)
    assert Incident.objects.count() == opens


def test_an_incident_says_when_it_was_detected_and_when_it_was_sure(server: Server) -> None:
    recorded(a_check(server), [OK, OK, *DOWN])
    incident = Incident.objects.get()
    assert incident.title == "web1.kermor.example: shop"
    assert incident.detected_at == NOON + timedelta(seconds=10)
    assert incident.opened_at == NOON + timedelta(seconds=20)
    assert kinds() == ["IncidentOpened"]


def test_a_second_check_of_the_server_joins_the_open_incident(server: Server) -> None:
    recorded(a_check(server), DOWN)
    recorded(a_check(server, "mail"), DOWN)
    assert Incident.objects.get().checks.count() == 2
    assert kinds() == ["IncidentOpened", "CheckJoinedIncident"]


def test_another_server_has_an_incident_of_its_own_with_the_next_number(server: Server) -> None:
    other = builders.a_server(server.client, "web2.kermor.example")
    recorded(a_check(server), DOWN)
    recorded(a_check(other), DOWN)
    assert list(Incident.objects.order_by("id").values_list("number", flat=True)) == [1, 2]


def test_it_recovers_when_the_last_of_its_checks_does(server: Server) -> None:
    shop, mail = a_check(server), a_check(server, "mail")
    recorded(shop, DOWN)
    recorded(mail, DOWN)
    recorded(shop, UP, start=NOON + timedelta(seconds=20))
    assert Incident.objects.get().recovered_at is None
    recorded(mail, UP, start=NOON + timedelta(seconds=25))
    assert Incident.objects.get().recovered_at == NOON + timedelta(seconds=30)
    assert kinds()[-1] == "IncidentRecovered"


def test_what_answers_again_if_slowly_is_down_no_more(server: Server) -> None:
    recorded(a_check(server), [*DOWN, WARNING, WARNING, WARNING])
    assert Incident.objects.get().recovered_at is not None


def test_a_blind_period_neither_ends_nor_doubles_an_incident(server: Server) -> None:
    check = a_check(server)
    recorded(check, DOWN)
    recorded(check, DOWN, start=NOON + minutes(10))
    assert list(check.transitions.order_by("id").values_list("after", flat=True)) == [
        "critical",
        "stale",
        "critical",
    ]
    assert Incident.objects.get().recovered_at is None
    assert kinds() == ["IncidentOpened"]


@pytest.mark.parametrize(
    ("after_min", "count"),
    [
        pytest.param(30, 1, id="within 30 min it is the same"),
        pytest.param(31, 2, id="later it is a new one"),
    ],
)
def test_trouble_that_comes_back_soon_is_the_same_incident(
    server: Server, after_min: int, count: int
) -> None:
    check = a_check(server)
    recorded(check, [*DOWN, *UP])
    over = Incident.objects.get().recovered_at
    assert over is not None
    recorded(check, DOWN, start=over + minutes(after_min))
    assert Incident.objects.count() == count
    assert ("IncidentReopened" in kinds()) is (count == 1)
    assert Incident.objects.filter(recovered_at=None).count() == 1


def test_a_check_that_is_ended_leaves_its_incident(server: Server) -> None:
    check = a_check(server)
    recorded(check, DOWN)
    checking.end(check, at=NOON + minutes(1), actor=builders.SETUP)
    assert Incident.objects.get().recovered_at == NOON + minutes(1)


def test_an_incident_that_takes_another_clients_server_grows(house: builders.House, server: Server) -> None:
    other = builders.a_server(builders.a_client(house, "Atelier Brume"), "db1.brume.example")
    recorded(a_check(server), DOWN)
    incidents.gather(Incident.objects.get(), a_check(other), at=NOON + minutes(1), actor=builders.SETUP)
    grew = Entry.objects.get(kind="monitoring.IncidentGrew")
    assert f'"client_id":{other.client_id}' in grew.body.replace(" ", "")


@pytest.mark.parametrize(
    ("after_min", "count"),
    [
        pytest.param(25, 1, id="soon it is part of the same fault"),
        pytest.param(31, 2, id="later nobody would be told: it is one of its own"),
    ],
)
def test_what_breaks_beside_a_check_that_stays_down(server: Server, after_min: int, count: int) -> None:
    disk, shop = a_check(server, "disk"), a_check(server)
    recorded(disk, DOWN)
    recorded(shop, DOWN, start=NOON + minutes(after_min))
    assert Incident.objects.count() == count
    assert Incident.objects.filter(recovered_at=None).count() == count


def test_a_check_that_came_back_is_a_young_fault_for_its_neighbours(server: Server) -> None:
    shop, mail = a_check(server), a_check(server, "mail")
    recorded(shop, [*DOWN, *UP])
    recorded(shop, DOWN, start=NOON + minutes(29))
    recorded(mail, DOWN, start=NOON + minutes(40))
    assert Incident.objects.count() == 1


def test_a_check_that_left_long_ago_does_not_join_what_its_neighbour_still_has(server: Server) -> None:
    disk, shop = a_check(server, "disk"), a_check(server)
    recorded(disk, DOWN)
    recorded(shop, [*DOWN, *UP])
    recorded(shop, DOWN, start=NOON + minutes(40))
    assert Incident.objects.count() == 2
    recorded(shop, UP, start=NOON + minutes(41))
    recorded(shop, DOWN, start=NOON + minutes(50))
    assert Incident.objects.count() == 2, "it comes back to the one that it had left last"


@pytest.mark.parametrize(
    ("joined_min", "count"),
    [
        pytest.param(20, 2, id="its own outage is old: its new one is told, whatever broke since at another"),
        pytest.param(None, 1, id="without any part in it so far, it joins what is young at another"),
    ],
)
def test_behind_one_address_the_fault_of_a_client_is_as_young_as_its_own(
    house: builders.House, joined_min: int | None, count: int
) -> None:
    kermor, brume = builders.a_client(house), builders.a_client(house, "Atelier Brume")
    ours = builders.a_server(kermor, address="192.0.2.7")
    theirs = builders.a_server(brume, "db1.brume.example", address="192.0.2.7")
    disk, shop, database = a_check(ours, "disk"), a_check(ours), a_check(theirs)
    if joined_min is None:
        recorded(database, DOWN, start=NOON + minutes(20))
    else:
        recorded(disk, DOWN)
        recorded(database, DOWN, start=NOON + minutes(joined_min))
    assert Incident.objects.count() == 1
    recorded(shop, DOWN, start=NOON + minutes(40))
    assert Incident.objects.count() == count
    held = {one.check_ref_id for one in Incident.objects.latest("pk").checks.all()}
    assert held == ({shop.pk} if count == 2 else {shop.pk, database.pk})
