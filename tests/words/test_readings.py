"""The readings that a contract keeps are said in the very sentences of our own text, with the others beside them."""

import pytest

from astreinte.rules.sla import keys, terms
from astreinte.words import LANGUAGES, own_terms, speaking
from astreinte.words.readings import readings
from tests.words.own_terms.printed import AT_ONCE, changed

IN = pytest.mark.parametrize("language", LANGUAGES)


def kept(body, language="fr"):
    with speaking(language):
        return {one.key: one for one in readings(terms.parse(body))}


@IN
@pytest.mark.parametrize("body", [terms.built_in(), AT_ONCE], ids=["usual", "all-changed"])
def test_what_is_kept_is_a_sentence_of_the_text(language, body):
    text = own_terms.text("special", language, body)
    assert [one.key for one in kept(body, language).values() if one.kept not in text] == []


@IN
def test_every_choice_of_the_terms_is_shown_with_every_other_reading(language):
    shown = {name: 1 + len(one.others) for name, one in kept(terms.built_in(), language).items()}
    choices = {key.name: len(key.readings) for key in keys.KEYS if key.readings}
    choices |= {"mixed_rule": 3, "penalty.opening_hours": 2, "penalty.rounding": 3, "penalty.cap_scope": 2}
    assert {name: shown[name] for name in choices} == choices
    assert all(shown[name] == 1 for name in shown if name not in choices)


def test_a_reading_that_the_contract_changed_is_told_apart_from_the_usual_ones():
    said = kept(changed(("penalty.month", "split"), ("mixed_rule", "separate"), ("hours.volume", "3h")))
    assert {name for name, one in said.items() if not one.is_usual} == {
        "penalty.month",
        "mixed_rule",
        "hours.volume",
    }
    assert {name for name, one in said.items() if one.by_hand} == {"penalty.month", "hours.volume"}
    assert said["penalty.month"].kept == "Chaque heure de retard se rapporte au mois dans lequel elle tombe."
    assert "Le mois retenu est celui de l’échéance." in said["penalty.month"].others


def test_a_cap_that_is_none_leaves_no_choice_of_what_it_limits():
    assert kept(changed(("penalty.cap", None)))["penalty.cap_scope"].others == ()


def test_a_name_that_somebody_chose_is_plain_on_a_page():
    said = kept(changed(("clock_starts_on", ["web", "<b>x</b>"])))
    assert "<b>x</b>" in said["clock_starts_on"].kept
