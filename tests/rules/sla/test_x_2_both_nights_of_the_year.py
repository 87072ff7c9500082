"""X.2: the nights when the clocks change, 29 March and 25 October 2026, and the machine's own zone."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from astreinte.rules.sla.calendar import opening_seconds
from tests.rules.sla.reading import bound, paris, shown, started

NIGHT = {
    "business_hours": {"mon-fri": None, "mon-sun": ["02:30-05:00"]},
    "targets": {"urgent": {"business": "3h"}},
}
CASES = Path(__file__).parents[2] / "data" / "sla"


def test_four_hours_from_half_past_one_are_elapsed_hours_both_nights():
    spring, autumn = started(paris("2026-03-29 01:30")), started(paris("2026-10-25 01:30"))
    assert spring.deadline == paris("2026-03-29 06:30")
    assert autumn.deadline == paris("2026-10-25 04:30")


def test_a_receipt_in_the_repeated_hour_counts_from_the_pass_it_came_in():
    first = started(paris("2026-10-25 02:15"))
    second = started(paris("2026-10-25 02:15", fold=1))
    assert first.deadline is not None
    assert second.deadline is not None
    assert second.deadline - first.deadline == timedelta(hours=1)


def test_both_passes_of_the_repeated_hour_are_business_time_alike():
    run = started(paris("2026-10-24 20:00"), priority="urgent", patch=NIGHT)
    # Open 02:30-03:00 (+02:00), shut 02:00-02:30 (+01:00), open again until 05:00: three hours in all.
    assert shown(run.deadline) == "2026-10-25 05:00"


def test_the_hour_that_spring_skips_never_exists():
    run = started(paris("2026-03-28 20:00"), priority="urgent", patch=NIGHT)
    # Only 03:00-05:00 exists that night: the third hour is of the next.
    assert shown(run.deadline) == "2026-03-30 03:30"


@pytest.mark.parametrize(("month", "hours"), [("2026-03", 31 * 2.5 - 0.5), ("2026-10", 31 * 2.5 + 0.5)])
def test_the_hours_of_the_month_follow(month, hours):
    assert opening_seconds(bound(NIGHT | {"calendar": None}), month, "business") == hours * 3600


def test_an_instant_is_written_with_the_offset_of_its_pass():
    first, second = paris("2026-10-25 02:15"), paris("2026-10-25 02:15", fold=1)
    texts = [started(at).trace["start"]["at"] for at in (first, second)]
    assert texts == ["2026-10-25T02:15:00+02:00", "2026-10-25T02:15:00+01:00"]


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        pytest.param(
            "America/Guadeloupe", "2026-05-26T10:30:00-04:00", "2026-05-26T12:30:00-04:00", id="behind"
        ),
        pytest.param(
            "Asia/Kathmandu", "2026-05-26T10:30:00+05:45", "2026-05-26T12:30:00+05:45", id="by quarters"
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2026-04-05T01:45:00+11:00",
            "2026-04-05T05:15:00+10:30",
            id="by half an hour",
        ),
    ],
)
def test_a_contract_keeps_its_own_civil_time(zone, at, due):
    from datetime import UTC, datetime

    run = started(datetime.fromisoformat(at).astimezone(UTC), patch={"timezone": zone, "calendar": None})
    assert run.trace["deadline"] == due


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/St_Johns", "Europe/Paris"])
def test_the_zone_and_the_language_of_the_machine_change_nothing(zone):
    done = subprocess.run(
        [sys.executable, "-m", "astreinte.doors.cli", "sla", "replay", str(CASES / "cases.jsonl"), "--now",
         "2030-01-01T00:00:00Z"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "src", "TZ": zone, "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )  # fmt: skip
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        json.loads(line) for line in (CASES / "answers.jsonl").read_text().splitlines()
    ]
