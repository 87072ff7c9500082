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


def test_the_flaws_of_a_text_are_told_by_kind_with_the_first_of_many_places():
    text = "a  b\n" * 8 + "– c\n"
    with speaking("fr"):
        told = words.told(flaws(text.encode()))
    assert [(kind.name, kind.count, kind.places) for kind in told] == [
        ("espaces en double", 8, "1:2, 2:2, 3:2, 4:2, 5:2, 6:2…"),
    ]
    assert words.told([]) == []
