"""Judged tickets as lines: a patch comes to what it was made for, holidays need no library."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.sla import exporting, terms
from astreinte.rules.sla.calendar import opening_seconds
from astreinte.rules.sla.exporting import Case
from astreinte.rules.sla.penalties import Price
from astreinte.rules.sla.replay import replay

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LEAVES = st.one_of(
    st.booleans(), st.integers(0, 9), st.text(max_size=3), st.lists(st.integers(0, 9), max_size=2)
)
OBJECTS = st.recursive(
    st.dictionaries(st.text("abc", min_size=1, max_size=2), LEAVES, max_size=3),
    lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=2), LEAVES | inner, max_size=3),
    max_leaves=8,
)


def merged(base, change):
    """RFC 7396, written once more: the rules merge terms alone."""
    if not isinstance(change, dict):
        return change
    found = dict(base) if isinstance(base, dict) else {}
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value)
    return found


@given(OBJECTS, OBJECTS)
def test_a_patch_makes_of_its_base_what_was_wanted(base, wanted):
    assert merged(base, exporting.patch(base, wanted)) == wanted
    assert exporting.patch(wanted, wanted) == {}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="as they are"),
        pytest.param({"targets": {"urgent": {}, "low": None}}, id="a promise less, and a priority"),
        pytest.param({"business_hours": {"mon-fri": None, "mon-sat": ["08:00-20:00"]}}, id="other hours"),
        pytest.param({"penalty": {"cap": None}, "calendar": None}, id="neither cap nor holidays"),
        pytest.param({"closed_days": ["2026-12-24"], "timezone": "Indian/Reunion"}, id="elsewhere"),
        pytest.param({"relapse_within": "1h", "clock_starts_on": []}, id="a key that is usually left out"),
    ],
)
def test_terms_that_are_written_out_are_the_same_terms_but_for_their_calendar(change):
    whole = terms.parse(terms.resolve(change))
    body, years = whole.as_dict(), (2026, 2027)
    held = exporting.with_years(body, {}, years)
    written = exporting.standalone(body, held)
    again = terms.parse(
        terms.resolve(exporting.patch(terms.BUILT_IN, written | {"id": terms.BUILT_IN["id"]}))
    )
    assert again.calendar.name is None
    assert (again.targets, again.penalty, again.calendar.hours) == (
        whole.targets,
        whole.penalty,
        whole.calendar.hours,
    )
    for month in ("2026-05", "2027-01"):
        for base in ("business", "elapsed"):
            assert opening_seconds(again, month, base) == opening_seconds(whole, month, base)


def a_case(number, at, *, cents=50_000, frozen=None, **change):
    body = terms.parse(terms.resolve(change)).as_dict()
    receipts = [{"at": at, "channel": "web"}]
    ticket = {
        "id": number,
        "priority": "critical",
        "receipts": receipts,
        "intervention": "2026-07-01T00:00:00Z",
    }
    return Case("12", Price(cents, "monthly"), body, frozen or {}, range(2026, 2027), ticket)


def test_an_order_line_whose_fee_or_terms_changed_is_a_contract_for_each():
    lines = list(
        exporting.lines(
            [
                a_case("1", "2026-05-07T17:59:00+02:00"),
                a_case("2", "2026-05-08T17:59:00+02:00"),
                a_case("3", "2026-06-08T17:59:00+02:00", cents=60_000),
                a_case("4", "2026-06-09T17:59:00+02:00", targets={"critical": {"business": "1h"}}),
            ]
        )
    )
    assert [next(iter(line)) for line in lines] == [
        *("terms", "contract", "ticket", "ticket"),
        *("contract", "ticket", "terms", "contract", "ticket"),
    ]
    assert [line["ticket"]["contract"] for line in lines if "ticket" in line] == ["12", "12", "12/2", "12/3"]
    answers = [json.loads(one) for one in replay(map(json.dumps, lines), now=NOW).answers]
    assert [one["deadline"] for one in answers] == [
        "2026-05-07T19:59:00+02:00",
        "2026-05-08T21:59:00+02:00",  # a public holiday: out of business hours, by the closed days alone
        "2026-06-08T19:59:00+02:00",
        "2026-06-09T18:59:00+02:00",
    ]


def test_a_holiday_is_the_one_that_was_frozen_whatever_the_library_says_of_it_today():
    frozen = {2026: [date(2026, 5, 7)]}
    lines = list(exporting.lines([a_case("1", "2026-05-07T11:00:00+02:00", frozen=frozen)]))
    assert lines[0]["terms"]["calendar"] is None
    assert lines[0]["terms"]["closed_days"] == ["2026-05-07"]
    (answer,) = (json.loads(one) for one in replay(map(json.dumps, lines), now=NOW).answers)
    assert answer["deadline"] == "2026-05-07T15:00:00+02:00"
