"""The OpenAPI text is true: schemathesis makes requests from it, in process, and holds each answer against it."""

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from schemathesis import GenerationMode, checks

from astreinte.doors.api import api
from astreinte.doors.api.bearing import PACE
from tests.builders import a_ticket, paris
from tests.records.contracts.texts import published

HELD = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
OPERATIONS = [
    "declare_ticket",
    "get_server",
    "get_text",
    "get_ticket",
    "list_servers",
    "list_texts",
    "list_tickets",
    "reply_to_ticket",
]
EXAMPLES = 25


def test_the_operations_are_those_that_these_tests_know():
    paths = api.get_openapi_schema()["paths"].values()
    assert sorted(one["operationId"] for methods in paths for one in methods.values()) == OPERATIONS


def test_the_text_is_openapi_3_1_and_open_to_all(cast, client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


@pytest.fixture
def application():
    """The WSGI handler, on the connection of this test: a new request would close it and its transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_is_answered_as_the_text_says(name, mode, application, cast, alice):
    ticket = a_ticket(cast.web1, paris("2026-11-23T11:00"))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, base_url="http://testserver")
    (operation,) = [
        found.ok()
        for found in schema.get_all_operations()
        if found.ok().definition.raw["operationId"] == name
    ]
    own = {
        "ticket_id": ticket.public_id,
        "server_id": cast.web1.public_id,
        "text_id": published(cast.house).public_id,
    }

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode), mine=hypothesis.strategies.booleans())
    def held(case, mine):
        PACE.forget()
        if mine and case.path_parameters:
            case.path_parameters = {each: own[each] for each in case.path_parameters}
        answer = case.call(base_url="http://testserver", headers={"Authorization": f"Bearer {alice.token}"})
        case.validate_response(answer, checks=HELD)

    held()
