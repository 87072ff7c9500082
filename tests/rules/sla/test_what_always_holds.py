"""Properties of the clock, whatever the receipt, the promise and the suspensions."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from astreinte.rules.sla import clock
from astreinte.rules.sla.clock import Receipt, Suspension
from astreinte.rules.sla.replay import replay
from tests.rules.sla.reading import bound

START = datetime(2026, 1, 1, tzinfo=UTC)
RULES = ["reception", "proportional", "separate"]

instants = some.one_of(
    some.integers(0, 2 * 365 * 86400),
    # As often at the second of an opening or a closing as anywhere.
    some.builds(
        lambda day, hour, off: day * 86400 + hour * 3600 + off,
        some.integers(0, 700),
        some.sampled_from([7, 8, 10, 11, 12, 13, 16, 17]),
        some.integers(-1, 1),
    ),
).map(lambda seconds: START + timedelta(seconds=seconds))
minutes = some.integers(1, 20 * 60)
rules = some.sampled_from(RULES)


def due(at, business, non_business, rule="reception", pauses=()):
    target = {"business": f"{business}m", "non_business": None}
    if non_business is not None:
        target["non_business"] = f"{non_business}m"
    run = clock.run(
        bound({"targets": {"critical": target}, "mixed_rule": rule}),
        "critical",
        [Receipt(at, "web")],
        suspensions=pauses,
    )
    assert run is not None
    return run.deadline


@given(
    instants, minutes, some.one_of(some.none(), minutes), some.integers(0, 600), some.integers(0, 600), rules
)
def test_a_longer_promise_never_ends_sooner(at, business, other, more, more_other, rule):
    longer = None if other is None else other + more_other
    assert due(at, business, other, rule) <= due(at, business + more, longer, rule)


@given(
    instants,
    minutes,
    some.one_of(some.none(), minutes),
    rules,
    some.integers(-300, 600),
    some.integers(2, 900),
    some.floats(0, 1),
)
def test_splitting_a_suspension_changes_nothing(at, business, other, rule, begin, length, part):
    start, end = at + timedelta(minutes=begin), at + timedelta(minutes=begin + length)
    middle = start + timedelta(minutes=int(length * part))
    whole = due(at, business, other, rule, [Suspension(start, end)])
    assert due(at, business, other, rule, [Suspension(middle, end), Suspension(start, middle)]) == whole
    overlapping = [Suspension(start, end), Suspension(start, middle), Suspension(middle, end)]
    assert due(at, business, other, rule, overlapping) == whole


@given(
    instants,
    minutes,
    minutes,
    some.lists(some.tuples(some.integers(-60, 300), some.integers(1, 200)), max_size=2),
)
def test_proportional_is_never_later_than_separate(at, business, other, gaps):
    pauses = [
        Suspension(at + timedelta(minutes=begin), at + timedelta(minutes=begin + length))
        for begin, length in gaps
    ]
    assert due(at, business, other, "proportional", pauses) <= due(at, business, other, "separate", pauses)


@given(
    instants, some.integers(0, 3 * 86400), minutes, minutes, some.sampled_from(["proportional", "separate"])
)
def test_a_later_receipt_never_ends_sooner_under_proportional_and_separate(at, later, business, other, rule):
    assert due(at, business, other, rule) <= due(at + timedelta(seconds=later), business, other, rule)


@given(instants, some.integers(0, 3 * 86400), minutes)
def test_a_later_receipt_never_ends_sooner_for_a_target_of_business_hours_alone(at, later, business):
    assert due(at, business, None) <= due(at + timedelta(seconds=later), business, None)


@given(instants, some.integers(0, 86400))
def test_under_reception_it_does_so_within_one_regime(at, later):
    first, second = bound(), Receipt(at + timedelta(seconds=later), "web")
    one, two = (clock.run(first, "critical", [receipt]) for receipt in (Receipt(at, "web"), second))
    assert one is not None
    assert two is not None
    if one.regime == two.regime:
        assert one.deadline <= two.deadline


@given(instants, minutes, some.one_of(some.none(), minutes), rules, some.integers(1, 3 * 86400))
def test_lateness_grows_by_at_most_a_second_a_second(at, business, other, rule, after):
    target = {"business": f"{business}m", "non_business": None if other is None else f"{other}m"}
    run = clock.run(
        bound({"targets": {"critical": target}, "mixed_rule": rule}), "critical", [Receipt(at, "web")]
    )
    assert run is not None
    assert run.deadline is not None
    until = run.deadline + timedelta(seconds=after)
    late = run.late_seconds(until)
    assert 0 <= late <= after
    assert late <= run.late_seconds(until + timedelta(seconds=1)) <= late + 1


@given(instants, minutes, some.one_of(some.none(), minutes), rules, some.integers(1, 90000))
def test_the_instant_at_which_a_lateness_is_reached_is_its_first(at, business, other, rule, late):
    target = {"business": f"{business}m", "non_business": None if other is None else f"{other}m"}
    run = clock.run(
        bound({"targets": {"critical": target}, "mixed_rule": rule}), "critical", [Receipt(at, "web")]
    )
    assert run is not None
    reached = run.late_reaches(late)
    assert reached is not None
    assert run.late_seconds(reached) == late
    assert run.late_seconds(reached - timedelta(seconds=1)) == late - 1


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_the_zone_of_the_process_changes_nothing(monkeypatch, zone):
    lines = [
        '{"contract":{"id":"a","price":"100.00","period":"monthly"}}',
        '{"ticket":{"id":"1","contract":"a","priority":"urgent","receipts":'
        '[{"at":"2026-10-23T17:30:00+02:00","channel":"web"}]}}',
    ]
    now = datetime(2026, 11, 1, tzinfo=UTC)
    here = replay(lines, now=now)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert replay(lines, now=now) == here
    finally:
        monkeypatch.undo()
        time.tzset()
