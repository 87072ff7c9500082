"""What the recorder remembers saves work and decides nothing: the rows do, whoever wrote them meanwhile."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from astreinte.records.monitoring import checking, recording
from astreinte.records.monitoring.models import Check, CheckState
from astreinte.records.monitoring.recording import Recorded
from astreinte.records.monitoring.remembering import Memory
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import CRITICAL, INCONCLUSIVE, NOON, OK, a_check, result

pytestmark = pytest.mark.django_db

LEVELS = [OK, OK, CRITICAL, OK, CRITICAL, CRITICAL, CRITICAL, INCONCLUSIVE, OK, CRITICAL, OK, OK]
LEVELS += [OK, INCONCLUSIVE, OK]


@pytest.fixture
def check() -> Check:
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


@pytest.fixture
def memory() -> Memory:
    return Memory()


def told(check: Check, levels: Iterable[Level], memory: Memory | None, *, after_s: int = 0) -> list[Recorded]:
    """Record results 5 s apart, each in a batch of its own, as a slow watch sends them."""
    done = []
    for place, level in enumerate(levels):
        at = NOON + timedelta(seconds=after_s + 5 * place)
        done.append(recording.record([result(check, level, at)], at=at, actor=builders.SETUP, memory=memory))
    return done


def columns(check: Check) -> dict[str, object]:
    found = CheckState.objects.filter(pk=check.pk).values().get()
    return {name: value for name, value in found.items() if name != "check_ref_id"}


def transitions(check: Check) -> list[tuple[str, str]]:
    return list(check.transitions.order_by("id").values_list("before", "after"))


def test_rows_and_transitions_are_the_same_as_without_a_memory(check: Check, memory: Memory) -> None:
    other = a_check(check.server, "other")
    told(check, LEVELS, memory)
    told(other, LEVELS, None)
    assert columns(check) == columns(other)
    assert transitions(check) == transitions(other)
    assert len(transitions(check)) == 3


def test_a_result_that_confirms_what_is_known_reads_nothing(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    with CaptureQueriesContext(connection) as asked:
        told(check, [OK], memory, after_s=10)
    assert [one["sql"] for one in asked if 'FROM "monitoring_check' in one["sql"]] == []
    assert sum("UPDATE monitoring_checkstate" in one["sql"] for one in asked) == 1
    assert columns(check)["last_at"] == NOON + timedelta(seconds=10)


def test_what_was_marked_stale_meanwhile_is_read_again(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    recording.mark_stale(at=NOON + timedelta(minutes=5), actor=builders.SETUP)
    late = NOON + timedelta(seconds=20)  # measured before the silence was noticed, recorded after
    done = recording.record([result(check, OK, late)], at=late, actor=builders.SETUP, memory=memory)
    assert done.kept == 1
    assert columns(check)["level"] == "stale"
    assert columns(check)["last_at"] == late


def test_a_check_that_ended_meanwhile_takes_nothing_more(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    checking.end(check, at=NOON + timedelta(seconds=7), actor=builders.SETUP)
    assert [done.refused for done in told(check, [OK, OK], memory, after_s=10)] == [1, 1]
    assert columns(check)["last_at"] == NOON + timedelta(seconds=5)


def test_another_writer_is_noticed(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    told(check, [CRITICAL, CRITICAL], None, after_s=10)
    done = told(check, [CRITICAL], memory, after_s=20)[0]
    assert (done.kept, done.transitions) == (1, 1)
    assert transitions(check)[-1] == ("ok", "critical")


def test_a_batch_that_was_rolled_back_is_recorded_when_it_comes_again(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    with transaction.atomic():
        told(check, [CRITICAL, CRITICAL], memory, after_s=10)
        transaction.set_rollback(True)
    done = told(check, [CRITICAL, CRITICAL, CRITICAL], memory, after_s=10)
    assert [one.kept for one in done] == [1, 1, 1]
    assert transitions(check)[-1] == ("ok", "critical")


def test_a_batch_that_comes_twice_counts_once(check: Check, memory: Memory) -> None:
    told(check, [OK, OK, CRITICAL], memory)
    assert sum(one.repeated for one in told(check, [OK, OK, CRITICAL], memory)) == 3
    assert transitions(check) == [("stale", "ok")]


def test_a_blind_period_is_declared_before_the_result_that_ends_it(check: Check, memory: Memory) -> None:
    told(check, [OK, OK], memory)
    told(check, [OK, OK], memory, after_s=3600)
    assert transitions(check) == [("stale", "ok"), ("ok", "stale"), ("stale", "ok")]
