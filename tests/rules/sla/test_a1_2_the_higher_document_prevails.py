"""Specific contract over special terms over general terms: each value says who said it, and over what (A1.2)."""

import pytest

from astreinte.rules.sla import comparing, keys, ranking, terms
from astreinte.rules.sla.ranking import Layer

BUILT_IN = terms.built_in()


def worked_out(*layers):
    body, resolved = ranking.resolve(BUILT_IN, "built-in", layers)
    assert terms.parse(body)
    return body, {one.key: one for one in resolved}


def test_a1_2_the_special_terms_prevail_over_the_general_ones_and_the_conflict_is_shown():
    body, found = worked_out(
        Layer("general terms of sale", values={"penalty.cap": "0.5"}, clauses={"penalty.cap": "9.2"}),
        Layer("special terms", values={"penalty.cap": "1"}, clauses={"penalty.cap": "6.2.1"}),
    )
    cap = found["penalty.cap"]
    assert (cap.value, cap.source, cap.clause) == ("1", "special terms", "6.2.1")
    assert [(one.value, one.source, one.clause) for one in cap.overrode] == [
        ("0.5", "general terms of sale", "9.2")
    ]
    assert body["penalty"]["cap"] == "1"


def test_what_nobody_else_says_stays_as_the_lowest_has_it():
    body, found = worked_out()
    assert body is BUILT_IN
    assert {one.source for one in found.values()} == {"built-in"}
    assert found["targets.critical.business"].value == "2h"
    assert found["targets.critical.business"].overrode == ()


def test_terms_keep_their_name_until_a_value_differs():
    same, _ = worked_out(Layer("special terms", values={"penalty.cap": "1"}, clauses={"penalty": "6"}))
    other, _ = worked_out(Layer("special terms", values={"penalty.cap": "2"}, clauses={"penalty": "6"}))
    assert (same["id"], other.get("id")) == (BUILT_IN["id"], None)


def test_a_clause_is_that_of_all_it_holds():
    _, found = worked_out(
        Layer(
            "special terms", values={"targets.critical.business": "2h"}, clauses={"targets.critical": "5.2"}
        )
    )
    assert found["targets.critical.business"].clause == "5.2"
    assert found["targets.critical.non_business"].clause is None


def test_a_promise_for_what_had_none_and_none_for_what_had_one():
    body, found = worked_out(
        Layer("specific", patch={"targets": {"normal": {"business": "48h"}, "urgent": None}})
    )
    assert body["targets"]["normal"] == {"business": "48h"}
    assert "targets.normal" not in found
    assert found["targets.normal.business"].source == "specific"
    gone = found["targets.urgent.business"]
    assert (gone.value, gone.source, [one.value for one in gone.overrode]) == (None, "specific", ["8h"])


def test_a_text_says_the_values_that_its_clauses_name_and_no_others():
    written = terms.merge(BUILT_IN, {"penalty": {"cap": "0.5", "multiplier": "3"}})
    said = ranking.said_by(written, {"penalty.cap": "9.2", "targets.urgent": "9.1", "stop_event": "9.3"})
    assert said == {"penalty.cap": "0.5", "targets.urgent.business": "8h", "stop_event": "first_act"}


def test_a_usual_value_that_a_text_says_is_cited_though_terms_do_not_write_it():
    _, found = worked_out(
        Layer("special terms", values={"stop_event": "first_act"}, clauses={"stop_event": "5.4"})
    )
    assert (found["stop_event"].value, found["stop_event"].clause) == ("first_act", "5.4")


def test_the_hours_of_a_text_are_all_its_hours():
    body, found = worked_out(
        Layer("special terms", values={"business_hours": {"sat": ["09:00-12:00"]}}, clauses={})
    )
    assert body["business_hours"] == found["business_hours"].value == {"sat": ["09:00-12:00"]}
    body, _ = worked_out(Layer("specific", patch={"business_hours": {"sat": ["09:00-12:00"]}}))
    assert set(body["business_hours"]) == {"mon-fri", "sat"}


@pytest.mark.parametrize("key", [one for one in keys.KEYS if one.readings], ids=lambda one: one.name)
def test_each_reading_of_a_key_can_be_compared_with_each_other(key):
    group, _, name = key.name.rpartition(".")
    for old in key.readings:
        for new in key.readings:
            before, after = (
                terms.merge(BUILT_IN, {group: {name: value}} if group else {name: value})
                for value in (old, new)
            )
            told = [one.key for one in comparing.worse(before, after)]
            assert told in ([], [key.name]), (old, new)
            assert told == [] or old != new
