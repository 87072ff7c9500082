"""Checks are declared and ended; what cannot be is refused with the way out, and changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.inventory import listing
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import assigning, checking
from astreinte.records.monitoring.checking import CheckError
from astreinte.records.monitoring.models import Check
from tests import builders
from tests.records.monitoring.watching import NOON, OK, a_check, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Server:
    return builders.a_server(builders.a_client(builders.a_house()), address="192.0.2.7")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param(
            {"name": "x" * 101}, f"check.name: '{'x' * 101}': write a name of 1 to 100 characters", id="name"
        ),
        pytest.param({"every_s": 0}, "check.every_s: 0: write a whole number from 1 to 86400", id="pace"),
        pytest.param(
            {"attempts": 21}, "check.attempts: 21: write a whole number from 1 to 20", id="attempts"
        ),
        pytest.param(
            {"name": "shop"},
            "check.name: web1.kermor.example has a check 'shop' already; choose another name, or end it first",
            id="twice",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    server: Server, wanted: dict[str, Any], said: str
) -> None:
    a_check(server)
    with pytest.raises(CheckError) as refusal:
        a_check(server, **{"name": "other", **wanted})
    assert str(refusal.value) == said
    assert Check.objects.count() == 1


def test_a_check_on_a_server_that_left_is_refused(server: Server) -> None:
    listing.end_server(server, at=NOON, actor=builders.SETUP)
    with pytest.raises(CheckError, match="left management"):
        a_check(server)


def test_a_name_is_free_again_once_its_check_ended(server: Server) -> None:
    checking.end(a_check(server), at=NOON + timedelta(hours=1), actor=builders.SETUP)
    a_check(server, at=NOON + timedelta(hours=1))
    assert Check.objects.filter(name="shop").count() == 2


def test_a_check_ends_once(server: Server) -> None:
    check = checking.end(a_check(server), at=NOON + timedelta(hours=1), actor=builders.SETUP)
    with pytest.raises(CheckError, match="ended already"):
        checking.end(check, at=NOON + timedelta(hours=2), actor=builders.SETUP)


def test_what_is_to_be_watched_is_what_is_in_force_then(server: Server) -> None:
    a_check(server, options={"port": 8080})
    (duty,) = assigning.duties(NOON)
    assert (duty.kind, duty.target, duty.options) == ("http", "192.0.2.7", {"port": 8080})
    assert assigning.duties(NOON - timedelta(seconds=1)) == []
    listing.end_server(server, at=NOON + timedelta(hours=1), actor=builders.SETUP)
    assert assigning.duties(NOON + timedelta(hours=1)) == []


def test_the_checks_of_a_server_that_left_are_ended(server: Server) -> None:
    check = a_check(server)
    gone = NOON + timedelta(hours=1)
    listing.end_server(server, at=gone, actor=builders.SETUP)
    check.refresh_from_db()
    assert check.until_at == gone


def test_what_is_declared_is_noticed_and_what_changes_no_duty_is_not(server: Server) -> None:
    changed, last = assigning.changes(0)
    assert changed
    assert assigning.changes(last) == (False, last)
    check = a_check(server)
    changed, last = assigning.changes(last)
    assert changed
    recorded(check, [OK, OK])
    changed, later = assigning.changes(last)
    assert (changed, later > last) == (False, True)
    checking.end(check, at=NOON + timedelta(minutes=1), actor=builders.SETUP)
    assert assigning.changes(later)[0]


def test_a_client_declares_no_check(server: Server) -> None:
    house = builders.a_house("Autre", host="autre.example")
    stranger = builders.acting(house.ada, NOON)
    with pytest.raises(NotAllowed):
        checking.add(server=server, kind="http", at=NOON, actor=stranger)
