"""The readings and what the plan has are keys of the terms; the usual value leaves terms and traces as they were."""

import json
from pathlib import Path

import pytest

from astreinte.rules.sla import keys, terms
from tests.rules.sla.reading import bound, paris, started

OTHER = {
    "plan.included": ["support", "watch_servers"],
    "plan.channels": ["web", "phone", "chat"],
    "plan.slots": {"tue-thu": ["18:00-23:00"]},
    "hours.volume": "3h",
    "penalty.claim_window": 24,
    "maintenance.notice": "48h",
}


def nested(name, value):
    group, dot, inside = name.partition(".")
    return {group: {inside: value} if dot else value}


def others(key):
    return [OTHER[key.name]] if key.name in OTHER else [one for one in key.readings if one != key.usual]


EVERY = [pytest.param(key, value, id=f"{key.name}-{value}") for key in keys.KEYS for value in others(key)]


@pytest.mark.parametrize(("key", "value"), EVERY)
def test_another_reading_comes_back_from_the_terms_that_were_stored_and_stands_in_the_trace(key, value):
    found = bound(nested(key.name, value))
    assert found.value(key.name) != key.usual
    assert terms.parse(json.loads(json.dumps(found.as_dict()))) == found
    trace = started(paris("2026-11-23 11:30"), patch=nested(key.name, value)).trace
    group, _, inside = key.name.partition(".")
    kept = trace["terms"][group]
    assert (kept[inside] if inside else kept) == key.kind.write(found.value(key.name))


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.name)
def test_the_usual_reading_is_not_named_so_that_what_was_stored_stays_the_same_to_the_letter(key):
    assert bound().value(key.name) == key.usual
    if key.usual is not None:
        said = bound(nested(key.name, key.kind.write(key.usual)))
        assert said == bound()
        assert said.as_dict() == {name: value for name, value in terms.BUILT_IN.items() if name != "id"}


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.name)
def test_a_key_has_every_reading_tried_and_its_usual_one_among_them(key):
    assert others(key)
    assert not key.readings or key.usual in key.readings


def test_a_patch_takes_a_reading_back_to_the_usual_one_with_null():
    harsh = terms.resolve({"id": "harsh", "pauses": "proven_access_loss", "hours": {"volume": "3h"}})
    back = terms.parse(
        terms.resolve({"extends": "harsh", "pauses": None, "hours": {"volume": None}}, {"harsh": harsh})
    )
    assert back == bound()


def test_slots_of_a_plan_lose_a_day_by_null_and_join_days_in_a_row():
    base = terms.resolve({"id": "x", "plan": {"slots": {"mon": ["18:00-20:00"], "tue": ["18:00-20:00"]}}})
    assert terms.parse(base).as_dict()["plan"] == {"slots": {"mon-tue": ["18:00-20:00"]}}
    less = terms.resolve({"extends": "x", "plan": {"slots": {"mon": None}}}, {"x": base})
    assert terms.parse(less).as_dict()["plan"] == {"slots": {"tue": ["18:00-20:00"]}}


def test_what_is_included_is_told_in_the_order_of_the_article_and_once():
    found = bound({"plan": {"included": ["support", "watch_servers", "support"]}})
    assert found.value("plan.included") == ("watch_servers", "support")


def test_a_value_that_no_room_judges_yet_is_named():
    assert keys.said_only(bound().further) == ()
    said = bound({"penalty": {"month": "split", "delay_unit": "elapsed"}})
    assert keys.said_only(said.further) == ("penalty.month",)


def test_what_no_room_judges_is_read_by_no_room():
    # A key with a judge names the code that reads it, and one without is read by nobody: no register can pretend.
    house = Path(terms.__file__).parents[2]
    sources = [
        path for folder in ("rules", "records", "engine", "loops") for path in (house / folder).rglob("*.py")
    ]
    # The room of the contracts holds the values, shows them and advises by them; it judges nothing.
    judging = {
        str(path.relative_to(house)): path.read_text()
        for path in sources
        if not path.is_relative_to(house / "records" / "contracts")
    }
    for key in keys.KEYS:
        readers = [path for path, source in judging.items() if f'value("{key.name}")' in source]
        assert readers == ([key.judged] if key.judged else []), key.name


def test_an_unknown_key_has_no_value():
    with pytest.raises(KeyError):
        bound().value("plan.colour")
