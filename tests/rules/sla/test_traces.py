"""A trace is self-sufficient: from it alone, after a trip through JSON, come the same numbers."""

import json
from datetime import date

import pytest

from astreinte.rules.sla import calendar, clock, months, penalties, terms, traces
from astreinte.rules.sla.clock import Receipt, Suspension
from astreinte.rules.sla.penalties import Price, Share
from tests.rules.sla.reading import bound, paris

LINKS = [
    pytest.param({}, "critical", id="reception"),
    pytest.param({}, "urgent", id="business"),
    pytest.param({"mixed_rule": "proportional"}, "critical", id="proportional"),
    pytest.param({"mixed_rule": "separate", "id": "gold"}, "critical", id="separate"),
    pytest.param({"calendar": None, "closed_days": ["2026-11-24"]}, "urgent", id="closed days"),
]


def through_json(trace):
    return json.loads(json.dumps(trace))


def run_of(patch, priority, *, pauses=(), at="2026-11-10 17:30"):
    run = clock.run(
        bound(patch),
        priority,
        [Receipt(paris(at), "web"), Receipt(paris("2026-11-10 17:00"), "email")],
        suspensions=[Suspension(*pause) for pause in pauses],
    )
    assert run is not None
    return run


@pytest.mark.parametrize(("patch", "priority"), LINKS)
def test_a_clock_recomputed_from_its_trace_ends_and_is_late_alike(patch, priority):
    run, until = run_of(patch, priority), paris("2027-01-04 10:00")
    again = clock.recompute(through_json(run.trace))
    assert (again.deadline, again.first_late_at, again.regime) == (
        run.deadline,
        run.first_late_at,
        run.regime,
    )
    assert again.late_seconds(until) == run.late_seconds(until)
    assert again.trace == run.trace
    assert clock.agrees(through_json(run.judged(until)))


def test_a_suspension_for_good_is_in_the_trace():
    run = run_of({}, "urgent", pauses=((paris("2026-11-12 09:00"), None),))
    trace = through_json(run.trace)
    assert trace["deadline"] is None
    assert clock.agrees(trace)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("deadline", "2026-11-10T19:30:01+01:00"),
        ("allowed_seconds", 7201),
        ("regime", "non_business"),
        ("first_late_at", None),
    ],
)
def test_a_trace_whose_number_was_bent_no_longer_agrees(key, value):
    trace = through_json(run_of({}, "critical").trace)
    assert clock.agrees(trace)
    assert not clock.agrees(trace | {key: value})


def test_an_upgrade_of_the_library_moves_no_past_deadline(monkeypatch):
    # A calendar of its own: the tables that other tests share must not learn the other opinion.
    run = run_of({"closed_days": ["1999-12-31"]}, "urgent")
    trace = through_json(run.trace)
    assert trace["holidays"]["2026"][-2:] == ["2026-11-11", "2026-12-25"]

    def another_opinion(calendar_name, year):
        return (date(year, 11, 12),)

    monkeypatch.setattr(calendar, "holidays_of", another_opinion)
    assert clock.recompute(trace).deadline == run.deadline
    assert clock.agrees(trace)


def test_a_deadline_at_the_last_closing_of_a_year_freezes_the_year_of_its_first_late_second():
    run = run_of({}, "urgent", at="2026-12-30 17:00")
    assert set(run.trace["holidays"]) == {"2026", "2027"}


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ({}, "not a trace of a deadline"),
        ({"kind": "penalty"}, "not a trace of a deadline"),
        ({"kind": "deadline", "engine": "sla/0"}, "worked out by sla/0"),
        ({"kind": "deadline", "engine": "sla/1"}, "cannot be read"),
    ],
)
def test_a_trace_that_cannot_be_repeated_says_why(trace, message):
    with pytest.raises(traces.TraceError, match=message):
        clock.recompute(trace)
    assert not clock.agrees(trace)


@pytest.mark.parametrize("key", ["terms", "holidays", "receipts", "suspensions", "priority"])
def test_a_trace_with_a_hole_is_refused(key):
    trace = through_json(run_of({}, "critical").trace)
    del trace[key]
    with pytest.raises(traces.TraceError):
        clock.recompute(trace)


def test_a_receipt_that_starts_nothing_is_no_trace():
    trace = through_json(run_of({}, "critical").trace)
    trace["receipts"] = [one for one in trace["receipts"] if one["channel"] == "email"]
    with pytest.raises(traces.TraceError, match="start no clock"):
        clock.recompute(trace)


@pytest.mark.parametrize("price", [Price(50000, "monthly"), Price(20000, "quarterly"), Price(900, "one_off")])
def test_a_penalty_and_its_settlement_are_recomputed_to_the_cent(price):
    penalty = penalties.raw(bound(), price, paris("2026-11-28 07:00"), 9000)
    settlement = penalties.settle(
        bound(),
        price,
        [Share("4822", penalty.deadline, penalty.raw_cents), Share("4823", penalty.deadline, 1, "x")],
    )
    for found in (penalty, settlement):
        assert penalties.agrees(through_json(found.trace))
        assert not penalties.agrees(through_json(found.trace) | {"raw_cents": -1})
    again = penalties.recompute(through_json(penalty.trace))
    assert isinstance(again, penalties.Penalty)
    assert (again.raw_cents, again.rate) == (penalty.raw_cents, penalty.rate)


def test_a_penalty_names_the_hours_it_divides_by():
    trace = penalties.raw(bound(), Price(50000, "monthly"), paris("2026-11-28 07:00"), 9000).trace
    assert (trace["opening_days"], trace["holidays_met"]) == (20, ["2026-11-01", "2026-11-11"])
    assert (trace["monthly_fee"], trace["rate"]) == ("500", "125/7")


def test_a_month_of_changing_terms_is_recomputed_from_its_trace():
    first = penalties.raw(bound(), Price(50000, "monthly"), paris("2026-11-02 10:00"), 90 * 3600)
    then = penalties.raw(
        bound({"penalty": {"multiplier": "10"}}), Price(60000, "monthly"), paris("2026-11-20 10:00"), 3600
    )
    month = months.owed([months.Late("2", then), months.Late("1", first)])
    assert [(due.share.id, due.cents, due.reason) for due in month.dues] == [
        ("1", 50000, "cap"),
        ("2", 4286, None),
    ]
    again = months.recompute(through_json(month.trace))
    assert (again.trace, again.dues) == (month.trace, month.dues)


def test_terms_come_back_from_their_trace_with_their_frozen_years():
    settled = terms.parse(terms.built_in(), frozen={2026: [date(2026, 1, 1)]})
    run = clock.run(settled, "critical", [Receipt(paris("2026-11-10 10:00"), "web")])
    assert run is not None
    assert clock.recompute(through_json(run.trace)).terms == settled
