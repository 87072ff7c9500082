"""A0.2: a name that begins with a vowel is said where it reads badly; the text of a contract is not rewritten."""

import pytest

from astreinte.rules.documents.elisions import Elision, elisions

TEXT = "De {{company.name}}.\n\nCe que\n{{ company.name }} doit, par {{company.name}}, de {{company.legal_name}}.\n"


@pytest.mark.parametrize("name", ["Estran", "Évelyne", "œuvre", " Ile", "IDEA"])
def test_a_vowel_is_told_with_its_line(name):
    assert elisions(TEXT, name) == (Elision(1, f"De {name}"), Elision(4, f"que {name}"))


@pytest.mark.parametrize("name", ["Ponant", "Hébergeur", "<b>", "", "3A"])
def test_what_begins_with_no_vowel_is_not(name):
    assert elisions(TEXT, name) == ()
