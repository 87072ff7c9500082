"""Results become states and transitions, each once, and a blind period is never green."""

import random
from datetime import timedelta

import pytest

from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring import checking, recording
from astreinte.records.monitoring.models import Check, CheckState, Transition
from astreinte.rules.checks.outcome import Level
from tests import builders
from tests.records.monitoring.watching import (
    CRITICAL,
    INCONCLUSIVE,
    NOON,
    OK,
    UNKNOWN,
    WARNING,
    a_check,
    recorded,
    result,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def check() -> Check:
    return a_check(builders.a_server(builders.a_client(builders.a_house())))


def told(check: Check) -> list[tuple[str, str]]:
    return list(check.transitions.order_by("id").values_list("before", "after"))


def state(check: Check) -> CheckState:
    return CheckState.objects.get(pk=check.pk)


def test_a_check_without_a_result_is_stale(check: Check) -> None:
    assert state(check).level == "stale"
    assert told(check) == []


def test_two_good_results_make_it_ok_and_three_bad_ones_critical(check: Check) -> None:
    done = recorded(check, [OK, OK, CRITICAL, CRITICAL, CRITICAL])
    assert told(check) == [("stale", "ok"), ("ok", "critical")]
    assert (done.kept, done.transitions) == (5, 2)
    sure = check.transitions.get(after="critical")
    assert (sure.first_at, sure.at) == (NOON + timedelta(seconds=10), NOON + timedelta(seconds=20))
    assert state(check).since == sure.at


def test_a_transition_is_written_in_the_journal_with_its_row(check: Check) -> None:
    recorded(check, [OK, OK])
    entry = Entry.objects.get(kind="monitoring.TransitionConfirmed")
    assert entry.at == NOON + timedelta(seconds=5)
    assert '"monitoring.transition"' in entry.body


def test_a_batch_that_comes_twice_counts_once(check: Check) -> None:
    recorded(check, [OK, CRITICAL, CRITICAL])
    again = recorded(check, [OK, CRITICAL, CRITICAL])
    assert (again.kept, again.repeated) == (0, 3)
    assert told(check) == []


def test_results_of_a_batch_count_in_the_order_of_their_slots(check: Check) -> None:
    row = [
        result(check, level, NOON + timedelta(seconds=5 * place))
        for place, level in enumerate([OK, OK, CRITICAL, CRITICAL, CRITICAL, OK, OK])
    ]
    random.Random(1).shuffle(row)
    recording.record(row, at=NOON + timedelta(seconds=30), actor=builders.SETUP)
    assert told(check) == [("stale", "ok"), ("ok", "critical"), ("critical", "ok")]


def test_our_own_failure_changes_nothing_but_is_shown(check: Check) -> None:
    recorded(check, [OK, OK, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE])
    row = state(check)
    assert (row.level, row.last_level) == ("ok", "inconclusive")
    assert row.stale_at == NOON + timedelta(seconds=5 + 2 * 15 + checking.DEFAULT_TIMEOUT_S)


def test_silence_is_declared_from_where_it_began_not_from_where_it_was_noticed(check: Check) -> None:
    recorded(check, [OK, OK])
    blind_from = state(check).stale_at
    assert recording.mark_stale(at=blind_from - timedelta(seconds=1), actor=builders.SETUP) == 0
    assert recording.mark_stale(at=NOON + timedelta(hours=1), actor=builders.SETUP) == 1
    assert recording.mark_stale(at=NOON + timedelta(hours=2), actor=builders.SETUP) == 0
    sure = check.transitions.get(after="stale")
    assert (sure.at, sure.first_at, sure.slot) == (blind_from, NOON + timedelta(seconds=5), None)


def test_a_gap_that_nobody_noticed_is_declared_by_the_next_result(check: Check) -> None:
    recorded(check, [OK, OK])
    recorded(check, [OK, OK], start=NOON + timedelta(hours=1))
    assert told(check) == [("stale", "ok"), ("ok", "stale"), ("stale", "ok")]


def test_a_check_that_ended_takes_no_result_from_after_its_end(check: Check) -> None:
    checking.end(check, at=NOON + timedelta(seconds=7), actor=builders.SETUP)
    done = recorded(check, [OK, OK, OK])
    assert (done.kept, done.refused) == (2, 1)


def test_a_result_of_an_unknown_check_is_counted_and_passed_over(check: Check) -> None:
    stranger = result(check, OK, NOON)
    stranger = type(stranger)("nobody-knows-it", stranger.slot, stranger.at, OK, "")
    done = recording.record([stranger, result(check, OK, NOON)], at=NOON, actor=builders.SETUP)
    assert (done.kept, done.refused) == (1, 1)


def test_a_clock_that_was_wrong_blocks_nothing_once_it_is_right(check: Check) -> None:
    tomorrow = NOON + timedelta(days=1)
    recorded(check, [OK, OK], start=tomorrow)
    done = recorded(check, [CRITICAL, CRITICAL, CRITICAL])
    assert done.kept == 3
    assert state(check).level == "critical"


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        pytest.param(
            [CRITICAL, UNKNOWN, CRITICAL], "unknown", id="any run of bad results confirms a problem"
        ),
        pytest.param([WARNING, CRITICAL, CRITICAL], "warning", id="the worst that three in a row reached"),
        pytest.param([CRITICAL, OK, CRITICAL, CRITICAL], "stale", id="a good one in between starts anew"),
    ],
)
def test_what_three_results_in_a_row_make_sure(check: Check, levels: list[Level], level: str) -> None:
    recorded(check, levels)
    assert state(check).level == level


def test_transitions_are_neither_changed_nor_deleted(check: Check) -> None:
    recorded(check, [OK, OK])
    from django.db import IntegrityError, transaction

    for harm in (
        lambda: Transition.objects.update(after="critical"),
        lambda: Transition.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            harm()


def test_five_hundred_checks_are_recorded_with_few_statements(
    check: Check, django_assert_max_num_queries
) -> None:
    checks = [check, *(a_check(check.server, f"shop {place}") for place in range(499))]
    with django_assert_max_num_queries(20):
        recording.record([result(one, OK, NOON) for one in checks], at=NOON, actor=builders.SETUP)


def test_a_person_who_is_no_staff_records_nothing(check: Check) -> None:
    from astreinte.records.accounts.actors import NOBODY

    with pytest.raises(NotAllowed):
        recording.record([], at=NOON, actor=NOBODY)
