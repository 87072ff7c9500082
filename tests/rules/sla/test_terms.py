"""Terms are a merge patch on the terms they extend; what cannot be read is named by its place."""

import json
from pathlib import Path

import pytest

from astreinte.rules.sla import terms
from astreinte.rules.sla.exclusions import GROUNDS
from tests.rules.sla.reading import bound

BAD = json.loads((Path(__file__).parents[2] / "data" / "bad" / "sla" / "terms.json").read_text())


def test_the_built_in_terms_are_those_of_2017_and_cannot_be_changed_by_a_copy():
    taken = terms.built_in()
    taken["penalty"]["multiplier"] = "0"
    assert terms.BUILT_IN["penalty"]["multiplier"] == "5"
    assert terms.parse(terms.built_in()).as_dict() == terms.BUILT_IN
    assert terms.BUILT_IN["exclusions"] == list(GROUNDS)


def test_objects_merge_lists_are_replaced_and_null_takes_away():
    complete = terms.resolve(
        {
            "targets": {"critical": {"business": "1h"}, "low": None},
            "clock_starts_on": ["web"],
            "penalty": {"cap": None},
            "calendar": None,
        }
    )
    assert complete["targets"]["critical"] == {"business": "1h", "non_business": "4h"}
    assert "low" not in complete["targets"]
    found = terms.parse(complete)
    assert (found.clock_starts_on, found.penalty.cap, found.calendar.name) == (("web",), None, None)


def test_a_patch_extends_the_terms_that_it_names_and_does_not_inherit_their_id():
    gold = terms.resolve({"id": "gold", "targets": {"critical": {"business": "1h"}}})
    found = terms.resolve({"extends": "gold", "calendar": "FR-57"}, {"gold": gold})
    assert "id" not in found
    assert found["targets"]["critical"]["business"] == "1h"
    assert found["calendar"] == "FR-57"


def test_a_null_that_takes_away_what_is_not_there_takes_away_nothing():
    assert terms.resolve({"targets": {"ultra": None}}) == {
        key: value for key, value in terms.built_in().items() if key != "id"
    }


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"id": "x", "business_hours": {"mon-fri": None, "sun-thu": ["08:00-12:00"]}},
        {"business_hours": {"sat": ["09:00-12:00"], "sun": ["09:00-12:00"]}},
        {"business_hours": {"mon-fri": None}},
        {"targets": {"critical": {"business": "90m", "non_business": "1h15m"}, "vip": {"business": "30m"}}},
        {"penalty": {"multiplier": "12.5", "cap": "0.75", "cap_scope": "ticket", "rounding": "prorata"}},
        {"relapse_within": "2h"},
        {"relapse_within": "30m"},
        {"timezone": "America/Guadeloupe", "calendar": "FR-GP", "closed_days": ["2026-05-15", "2026-05-15"]},
    ],
)
def test_terms_come_back_from_their_own_dictionary(patch):
    found = bound(patch)
    assert terms.parse(json.loads(json.dumps(found.as_dict()))) == found


def test_days_named_by_several_keys_have_the_spans_of_all_and_spans_that_touch_are_one():
    hours = bound({"business_hours": {"mon": ["18:00-20:00", "19:00-21:00"]}}).calendar.hours
    assert hours[0] == ((32400, 43200), (50400, 75600))
    assert hours[1] == ((32400, 43200), (50400, 64800))


def test_an_unknown_priority_says_which_there_are():
    with pytest.raises(
        terms.TermsError, match='"blocker": not a priority of these terms; use critical, urgent'
    ):
        bound().target("blocker")


@pytest.mark.parametrize("case", BAD, ids=[case["message"].partition(":")[0] for case in BAD])
def test_terms_that_cannot_be_read_say_where_and_how_to_write_them(case):
    with pytest.raises(terms.TermsError) as refused:
        terms.parse(terms.resolve(case["terms"]))
    assert str(refused.value) == case["message"]
