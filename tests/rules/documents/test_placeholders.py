"""A0.2, the strict half: each place is filled once, none is left, and what cannot be filled is named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.documents import placeholders
from astreinte.rules.documents.placeholders import PlaceholderError

NAME = {"company.name": "Estran"}


def test_every_place_is_filled_with_spaces_inside_or_without():
    assert placeholders.fill("{{company.name}}, {{ company.name }}.", NAME) == "Estran, Estran."


@pytest.mark.parametrize(
    "value", ["{{x}}", "{{company.name}}", "{{ 7*7 }}", "<b>A&B</b>", "}}{{", "{% x %}", "\\1", "A\u202fB"]
)
def test_what_looks_like_a_place_in_a_name_is_text(value):
    assert placeholders.fill("à {{company.name}} !", {"company.name": value}) == f"à {value} !"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a\n{{company.nom}}",
            "line 2: {{company.nom}}: unknown placeholder; known are {{company.legal_name}}, {{company.name}}",
        ),
        ("{{ 7*7 }}", "line 1: {{ 7*7 }}: unknown placeholder; known are"),
        ("a {{company.name", "line 1: {{company.name: unknown placeholder"),
        ("a\n\nb }} c", "line 3: }}: unknown placeholder"),
        ("{% for x in y %}", "line 1: {% for x in y %}: unknown placeholder"),
        ("{{{company.name}}}", "line 1: {{: unknown placeholder"),
        ("{{company.legal_name}}", "line 1: {{company.legal_name}}: no value was given for it"),
    ],
)
def test_what_cannot_be_filled_is_named_with_its_line(text, message):
    with pytest.raises(PlaceholderError) as refused:
        placeholders.fill(text, NAME)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("value", ["", " ", "\u00a0"])
def test_an_empty_name_is_refused(value):
    with pytest.raises(PlaceholderError, match="its value is empty; say the name of the company"):
        placeholders.fill("{{company.name}}", {"company.name": value})


@pytest.mark.parametrize("value", ["A\nB", "A\u2028B", "A\x00"])
def test_a_name_is_one_line(value):
    with pytest.raises(PlaceholderError, match="its value is more than a line of text"):
        placeholders.fill("{{company.name}}", {"company.name": value})


PIECES = st.lists(st.sampled_from(["{{company.name}}", "a", "{ ", "}", " ", "\n", "é"]), max_size=12)


@given(
    PIECES, st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip)
)
def test_all_else_of_the_text_stays_as_it_is(pieces, name):
    text = "\u200b".join(pieces)  # so that no two of them make a place together
    assert placeholders.fill(text, {"company.name": name}) == text.replace("{{company.name}}", name)
