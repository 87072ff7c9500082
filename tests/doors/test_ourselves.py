"""How the installation stands: said to whoever keeps it alive, and counted for nobody else."""

from typing import Any

import pytest
from django.test import Client

from astreinte.loops import clock
from astreinte.records.accounts import tokens
from astreinte.records.accounts.models import Person
from tests import builders
from tests.records.monitoring.watching import a_check

pytestmark = pytest.mark.django_db


def test_health_needs_no_brand_no_session_and_no_host(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "nobody.example"})
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "failing": []})


def test_checks_are_counted_by_level_and_what_has_no_result_is_stale(client: Client) -> None:
    a_check(builders.a_server(builders.a_client(builders.a_house())))
    said = client.get("/metrics").content.decode()
    assert 'astreinte_checks{level="stale"} 1\n' in said
    assert 'astreinte_checks{level="ok"} 0\n' in said
    assert "# TYPE astreinte_seal_lag_seconds gauge\n" in said


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"REMOTE_ADDR": "192.0.2.9"}, id="from another machine"),
        pytest.param({"HTTP_X_FORWARDED_FOR": "192.0.2.9"}, id="through a proxy on this machine"),
        pytest.param(
            {"REMOTE_ADDR": "192.0.2.9", "HTTP_AUTHORIZATION": "Bearer made-up"}, id="with a made-up token"
        ),
    ],
)
def test_a_stranger_finds_no_measures(client: Client, more: dict[str, Any]) -> None:
    builders.a_house()
    assert client.get("/metrics", **more).status_code == 404


def test_a_token_of_the_staff_measures_from_anywhere_and_a_clients_does_not(client: Client) -> None:
    house = builders.a_house()
    alice = builders.a_person(house, "Alice Kermor", client=builders.a_client(house))
    at = clock.now()

    def status(person: Person) -> int:
        _, text = tokens.issue(person, name="metrics", at=at, actor=builders.acting(person, at))
        return client.get(
            "/metrics", REMOTE_ADDR="192.0.2.9", HTTP_AUTHORIZATION=f"Bearer {text}"
        ).status_code

    assert status(house.ada) == 200
    assert status(alice) == 404
