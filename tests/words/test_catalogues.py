"""The two catalogues are complete and say the same things; the type is set as French wants it."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from astreinte import words
from astreinte.words import LANGUAGES, speaking
from astreinte.words.catalogue import SENTENCES, named, say
from astreinte.words.french import FRENCH
from astreinte.words.typography import NARROW, NB, typo

ROOM = Path(words.__file__).parent


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_language_has_a_catalogue():
    assert tuple(SENTENCES) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_in_any_language(language):
    assert SENTENCES[language].keys() == FRENCH.keys()
    assert all(sentence.strip() for sentence in SENTENCES[language].values())


@pytest.mark.parametrize("name", FRENCH)
def test_a_sentence_is_filled_in_with_the_same_values_in_every_language(name):
    assert len({frozenset(fields(SENTENCES[language][name])) for language in LANGUAGES}) == 1


def test_no_sentence_is_written_for_nobody():
    # What is looked up by a value of the terms or of a trace; everything else stands in the code by its name.
    built = re.compile(
        r"(channel|priority|regime|rule|ground)\..*"
        r"|deadline\.(elapsed|elapsed_paused|business|proportional|separate|holiday|closed_day|later|not_counted)"
        r"|row\.(counted|uncounted|suspended)|unit\.(elapsed|business)|source\.(article_[56]|terms|order)"
        r"|sum\.(started|completed|prorata|monthly|quarterly|yearly|opening_(business|elapsed)"
        r"|cap(_ticket)?_(hit|free))"
    )
    code = [*ROOM.glob("*.py"), *(ROOM.parent / "doors").rglob("*.py")]
    source = "".join(path.read_text() for path in code if path.stem not in ("french", "english"))
    source = source.replace("'", '"')
    assert [name for name in FRENCH if f'"{name}"' not in source and not built.fullmatch(name)] == []


def test_every_name_that_is_said_plainly_is_in_the_catalogue():
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args):
                continue
            if isinstance(node.args[0], ast.Constant):
                assert node.args[0].value in FRENCH


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("C'est tout...", "C’est tout…"),
        ("Quoi ?", f"Quoi{NARROW}?"),
        ("Non ; oui !", f"Non{NARROW}; oui{NARROW}!"),
        ("Dû : rien", f"Dû{NB}: rien"),
        ("« or »", f"«{NB}or{NB}»"),
        ("1 234 567 €", f"1{NARROW}234{NARROW}567{NB}€"),
        ("1 h 38 min", f"1{NB}h{NB}38{NB}min"),
        ("le lundi 23 novembre 2026", f"le lundi{NB}23{NB}novembre{NB}2026"),
        ("mardi 1er décembre 2026", f"mardi{NB}1er{NB}décembre{NB}2026"),
        ("article 5", f"article{NB}5"),
        ("ticket #4812", f"ticket{NB}#4812"),
        ("9 h – 12 h", f"9{NB}h – 12{NB}h"),
        ("5 × 3 = 15", f"5{NB}× 3{NB}= 15"),
        ("il est 13:30", "il est 13:30"),
    ],
)
def test_french_spaces_hold_what_belongs_together(typed, set_):
    assert typo(typed) == set_


def test_typography_is_set_once_however_often():
    for sentence in FRENCH.values():
        assert typo(typo(sentence)) == typo(sentence)


def test_english_keeps_its_ordinary_spaces():
    with speaking("en-gb"):
        assert say("deadline.terms", name="gold", target="1 h") == "The terms “gold” set this time: 1 h."


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", "en-gb"), ("en-GB", "en-gb"), ("fr-FR", "fr"), ("de", "fr")]
)
def test_english_is_british_and_all_else_is_french(language, spoken):
    with speaking(language):
        assert words.hearer().language == spoken


def test_whoever_spoke_before_is_spoken_to_again():
    assert words.hearer() == words.ANYBODY
    with speaking("en"):
        with speaking("fr", "America/Guadeloupe"):
            assert words.hearer().timezone == "America/Guadeloupe"
        assert words.hearer().language == "en-gb"
    assert words.hearer() == words.ANYBODY


def test_a_thing_without_a_name_of_its_own_is_quoted():
    assert named("channel", "pigeon") == f"par «{NB}pigeon{NB}»"
    assert named("channel", "web") == "dans l’interface web"


def test_no_sentence_has_two_spaces_or_ends_in_one():
    for catalogue in SENTENCES.values():
        for name, sentence in catalogue.items():
            assert not re.search(r"  |\s$|^\s", sentence) or name == "list.separator", name
