"""The state of a check that was stored by an older version is still the same state after the migration."""

import importlib
import json
from datetime import timedelta

import pytest
from django.apps import apps

from astreinte.records.monitoring import recording, remembering
from astreinte.records.monitoring.models import CheckState
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import Seen, State
from tests import builders
from tests.records.monitoring.watching import CRITICAL, INCONCLUSIVE, NOON, OK, a_check, result

pytestmark = pytest.mark.django_db

migration = importlib.import_module("astreinte.records.monitoring.migrations.0004_short_states")

OFTEN = [
    pytest.param([], id="a check without a result"),
    pytest.param([INCONCLUSIVE], id="one of which nothing conclusive is known"),
    pytest.param([OK, OK, CRITICAL], id="a run under way"),
    pytest.param([OK, OK, CRITICAL, INCONCLUSIVE], id="and our own failure after it"),
]


def as_it_was(state: State) -> str:
    """Return the state as the first version stored it."""
    seen_at = None if state.seen_at is None else state.seen_at.isoformat()
    run = [[one.level.value, one.at.isoformat()] for one in state.run]
    whole = {"level": state.level.value, "since": state.since.isoformat(), "seen_at": seen_at, "run": run}
    return json.dumps(whole)


@pytest.mark.parametrize("levels", OFTEN)
def test_a_state_of_the_first_version_is_the_same_in_short(levels: list[Level]) -> None:
    check = a_check(builders.a_server(builders.a_client(builders.a_house())))
    for place, level in enumerate(levels):
        at = NOON + timedelta(seconds=5 * place)
        recording.record([result(check, level, at)], at=at, actor=builders.SETUP)
    rows = CheckState.objects.filter(pk=check.pk)
    new = rows.get()
    state = remembering.state_of(new)
    rows.update(run=as_it_was(state))
    migration.shorten(apps, None)
    assert rows.get().run == new.run
    assert remembering.state_of(rows.get()) == state
    migration.lengthen(apps, None)
    assert rows.get().run == as_it_was(state)


def test_more_states_than_a_slice_are_all_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "SLICE", 2)
    server = builders.a_server(builders.a_client(builders.a_house()))
    checks = [a_check(server, f"check {number}") for number in range(5)]
    CheckState.objects.update(run=as_it_was(State(OK, NOON, (Seen(OK, NOON),), NOON)), last_at=NOON)
    migration.shorten(apps, None)
    found = CheckState.objects.filter(check_ref__in=checks).values_list("run", flat=True)
    assert list(found) == [f"ok@{NOON.isoformat()}"] * 5
