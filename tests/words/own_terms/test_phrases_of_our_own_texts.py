"""The phrases of our own texts: the same in both languages, for every reading, and none for nobody."""

import re
from pathlib import Path
from string import Formatter

import pytest

from astreinte.rules.sla import keys, terms
from astreinte.words import LANGUAGES, own_terms
from astreinte.words.own_terms.wording import PHRASES
from astreinte.words.typography import typo
from tests.words.own_terms.printed import AT_ONCE, numbers

ROOM = Path(own_terms.__file__).parent
CLOCK = {
    "mixed_rule": terms.MIXED_RULES,
    "penalty.opening_hours": terms.OPENING_HOURS,
    "penalty.rounding": terms.ROUNDINGS,
    "penalty.cap": terms.CAP_SCOPES,
}


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_language_has_the_same_phrases_filled_in_with_the_same_values():
    assert tuple(PHRASES) == LANGUAGES
    french, english = PHRASES.values()
    assert french.keys() == english.keys()
    assert [name for name in french if fields(french[name]) != fields(english[name])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_has_a_number_of_its_own(language):
    assert {
        name: found for name, said in PHRASES[language].items() if (found := numbers(said, language))
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reading_has_its_sentence(language):
    choices = CLOCK | {key.name: key.readings for key in keys.KEYS}
    wanted = {f"{name}.{reading}" for name, readings in choices.items() for reading in readings}
    wanted |= {f"included.{name}" for name in keys.INCLUDED} | {
        f"ground.{one}" for one in terms.BUILT_IN["exclusions"]
    }
    assert wanted <= PHRASES[language].keys()


def test_no_phrase_is_written_for_nobody():
    # What is looked up by a value of the terms; everything else stands in the code by its name.
    built = re.compile(
        r"(priority|channel|support|ground|included|day|hour|minute|month)\..+|calendar\.(FR|none)"
        r"|(id|hours\.volume|plan\.slots|closed_days|maintenance\.notice|penalty\.claim_window)\.(none|some|named)"
        r"|(included|exclusions)\.(head|nothing)"
    )
    readings = {f"{name}.{one}" for name, some in CLOCK.items() for one in some}
    readings |= {f"{key.name}.{one}" for key in keys.KEYS for one in key.readings}
    code = "".join(path.read_text() for path in ROOM.glob("*.py") if path.stem not in ("french", "english"))
    left = [name for name in PHRASES["fr"] if f'"{name}"' not in code and not built.fullmatch(name)]
    assert [name for name in left if name not in readings] == []


def test_a_field_of_a_template_is_in_the_template_of_the_other_language():
    for name in own_terms.NAMES:
        french, english = (
            re.findall(r"(?<!\{)\{[a-z_.]+\}(?!\})", (ROOM / f"{name}.{language}.md").read_text())
            for language in LANGUAGES
        )
        assert french == english


@pytest.mark.parametrize("name", own_terms.NAMES)
def test_french_type_is_set_once_and_for_all(name):
    text = own_terms.text(name, "fr", AT_ONCE)
    assert typo(text) == text
