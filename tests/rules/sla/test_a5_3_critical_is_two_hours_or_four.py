"""A5.3 « 2 heures (heures ouvrées) et 4 heures (heures non ouvrées) »: the golden table of each reading."""

from datetime import timedelta

import pytest

from astreinte.rules.sla import clock
from astreinte.rules.sla.clock import Receipt
from tests.rules.sla.reading import bound, paris, shown, started

# Received, regime, and the deadline under reception, separate and proportional (A, B and C of AMB-01).
GOLDEN = [
    ("2026-11-23 09:30", "business", "2026-11-23 11:30", "2026-11-23 11:30", "2026-11-23 11:30"),
    ("2026-11-23 11:30", "business", "2026-11-23 13:30", "2026-11-23 15:30", "2026-11-23 14:30"),
    ("2026-11-23 11:59", "business", "2026-11-23 13:59", "2026-11-23 15:59", "2026-11-23 14:59"),
    ("2026-11-23 12:00", "non_business", "2026-11-23 16:00", "2026-11-23 16:00", "2026-11-23 15:00"),
    ("2026-11-23 13:00", "non_business", "2026-11-23 17:00", "2026-11-23 16:00", "2026-11-23 15:30"),
    ("2026-11-23 08:30", "non_business", "2026-11-23 12:30", "2026-11-23 11:00", "2026-11-23 10:45"),
    ("2026-11-23 08:59", "non_business", "2026-11-23 12:59", "2026-11-23 11:00", "2026-11-23 10:59:30"),
    ("2026-11-23 16:00", "business", "2026-11-23 18:00", "2026-11-23 18:00", "2026-11-23 18:00"),
    ("2026-11-23 17:30", "business", "2026-11-23 19:30", "2026-11-23 22:00", "2026-11-23 21:00"),
    ("2026-11-23 18:00", "non_business", "2026-11-23 22:00", "2026-11-23 22:00", "2026-11-23 22:00"),
    ("2026-11-27 17:30", "business", "2026-11-27 19:30", "2026-11-27 22:00", "2026-11-27 21:00"),
    ("2026-11-28 03:00", "non_business", "2026-11-28 07:00", "2026-11-28 07:00", "2026-11-28 07:00"),
    ("2026-11-10 17:00", "business", "2026-11-10 19:00", "2026-11-10 22:00", "2026-11-10 20:00"),
    ("2026-11-11 10:00", "non_business", "2026-11-11 14:00", "2026-11-11 14:00", "2026-11-11 14:00"),
    ("2026-10-25 01:30", "non_business", "2026-10-25 04:30", "2026-10-25 04:30", "2026-10-25 04:30"),
    ("2026-03-29 01:30", "non_business", "2026-03-29 06:30", "2026-03-29 06:30", "2026-03-29 06:30"),
    ("2026-05-13 17:45", "business", "2026-05-13 19:45", "2026-05-13 22:00", "2026-05-13 21:30"),
    ("2026-12-24 17:00", "business", "2026-12-24 19:00", "2026-12-24 22:00", "2026-12-24 20:00"),
]


@pytest.mark.parametrize(
    ("received", "regime", "reception", "separate", "proportional"), GOLDEN, ids=[row[0] for row in GOLDEN]
)
def test_the_golden_table_holds_under_each_reading(received, regime, reception, separate, proportional):
    at = paris(received)
    run = started(at)
    assert (run.regime, shown(run.deadline)) == (regime, reception)
    assert shown(started(at, patch={"mixed_rule": "separate"}).deadline) == separate
    assert shown(started(at, patch={"mixed_rule": "proportional"}).deadline) == proportional


@pytest.mark.parametrize(
    ("received", "safe"), [(row[0], min(row[2], row[4])) for row in GOLDEN], ids=[row[0] for row in GOLDEN]
)
def test_the_safe_target_is_the_earliest_of_reception_and_proportional(received, safe):
    assert shown(clock.safe_target(bound(), "critical", [Receipt(paris(received), "web")])) == safe


def test_the_readings_are_computed_side_by_side_whatever_the_contract_chose():
    receipts = [Receipt(paris("2026-11-23 11:30"), "web")]
    for rule in ("reception", "proportional", "separate"):
        found = clock.readings(bound({"mixed_rule": rule}), "critical", receipts)
        assert found is not None
        assert {name: shown(at) for name, at in found} == {
            "reception": "2026-11-23 13:30",
            "proportional": "2026-11-23 14:30",
            "separate": "2026-11-23 15:30",
        }


def test_half_a_second_of_the_proportional_reading_is_the_whole_second_that_follows():
    run = started(paris("2026-11-23 08:59:59"), patch={"mixed_rule": "proportional"})
    assert shown(run.deadline) == "2026-11-23 11:00"
    assert run.late_seconds(paris("2026-11-23 11:00:01")) == 1


def test_one_second_decides_the_regime():
    assert started(paris("2026-11-23 11:59:59")).allowed == timedelta(hours=2)
    assert started(paris("2026-11-23 12:00:00")).allowed == timedelta(hours=4)
    assert shown(started(paris("2026-11-23 08:59")).deadline) == "2026-11-23 12:59"
    assert shown(started(paris("2026-11-23 09:00")).deadline) == "2026-11-23 11:00"


def test_fractions_of_a_second_are_cut():
    assert started(paris("2026-11-23 11:59:59.999")).deadline == paris("2026-11-23 13:59:59")


def test_the_clock_starts_at_the_earliest_receipt_that_counts_and_the_internal_one_at_the_earliest_of_all():
    receipts = [
        Receipt(paris("2026-11-23 11:41"), "phone"),
        Receipt(paris("2026-11-23 11:22"), "monitoring"),
        Receipt(paris("2026-11-23 11:30"), "web"),
    ]
    contractual = clock.run(bound(), "critical", receipts)
    internal = clock.run(bound(), "critical", receipts, internal=True)
    assert contractual is not None
    assert internal is not None
    assert contractual.receipt == receipts[2]
    assert (shown(internal.deadline), internal.internal) == ("2026-11-23 13:22", True)


def test_no_clock_runs_without_a_promise_or_without_a_receipt_that_counts():
    receipts = [Receipt(paris("2026-11-23 11:22"), "email")]
    assert clock.run(bound(), "critical", receipts) is None
    assert clock.run(bound(), "normal", receipts, internal=True) is None


def test_shares_of_the_allowance_give_the_instants_of_escalation():
    from fractions import Fraction

    run = started(paris("2026-11-23 11:30"))
    assert shown(clock.instant_of_share(run, Fraction(1, 2))) == "2026-11-23 12:30"
    assert shown(clock.instant_of_share(run, Fraction(9, 10))) == "2026-11-23 13:18"
    assert clock.share_used(run, paris("2026-11-23 12:30")) == Fraction(1, 2)
    assert clock.remaining(run, paris("2026-11-23 11:52")) == timedelta(hours=1, minutes=38)
    assert clock.remaining(run, paris("2026-11-23 14:00")) == -timedelta(minutes=30)


@pytest.mark.parametrize("rule", ["reception", "proportional", "separate"])
def test_the_whole_share_is_the_deadline_in_every_reading(rule):
    from fractions import Fraction

    run = started(paris("2026-11-23 08:59"), patch={"mixed_rule": rule})
    assert clock.instant_of_share(run, Fraction(1)) == run.deadline
    assert run.deadline is not None
    assert clock.share_used(run, run.deadline) >= 1
    assert clock.share_used(run, run.deadline - timedelta(seconds=1)) < 1
