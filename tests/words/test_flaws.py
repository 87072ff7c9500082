"""A flaw is said in the language of whoever brings the text in."""

import pytest

from astreinte.rules.documents.flaws import WAYS_OUT, Flaw, flaws
from astreinte.words import LANGUAGES, speaking
from astreinte.words import flaws as words


def test_every_kind_has_its_name_and_its_way_out_in_both_languages():
    assert set(words.NAMES) == set(words.FRENCH) == set(WAYS_OUT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WAYS_OUT)
def test_a_flaw_is_said_in_each_language(kind, language):
    flaw = Flaw(1, 1, kind, "", WAYS_OUT[kind])
    with speaking(language):
        assert words.name(flaw)
        assert "{known}" not in words.way_out(flaw)


def test_french_is_set_as_french():
    (found,) = flaws("– {{x}}".encode())[1:]
    with speaking("fr"):
        assert (words.name(found), words.way_out(found)) == (
            "variable inconnue",
            "les variables connues sont {{company.legal_name}}, {{company.name}}",
        )
    with speaking("en-gb"):
        assert words.name(Flaw(1, 1, "nfd", "", "")) == "NFD passage"
