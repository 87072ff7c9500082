"""A0.2: the same text for several names, each put in as text; no place is left, and no name reaches another's page."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.documents import anchors
from astreinte.rules.documents.placeholders import PlaceholderError
from astreinte.words import documents
from astreinte.words.anchors import html_id
from astreinte.words.documents import RenderingError
from tests.house.reading import ROOT

TEXT = (Path(__file__).parents[1] / "data" / "contract" / "a-text-with-flaws.md").read_text(encoding="utf-8")
PLACES = 6
STYLE = ROOT / "src" / "astreinte" / "words" / "document.css"
HOUSE = ROOT / "src" / "astreinte" / "doors" / "desk" / "static" / "astreinte" / "astreinte.css"


def page(text, name="Estran", **more):
    values = {"company.name": name}
    return documents.html(text, title=documents.title(text, values), language="fr", values=values, **more)


def body(text, name="Estran"):
    return documents.fragment(text, values={"company.name": name})


def test_a_name_like_html_is_printed_as_it_is_and_no_place_is_left():
    shown = page(TEXT, "<b>A&B</b> {{x}}")
    assert shown.count("&lt;b&gt;A&amp;B&lt;/b&gt; {{x}}") == PLACES
    assert "<b>" not in shown
    assert "company.name" not in shown


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("{{7*7}}", "{{7*7}}"),
        ("*A* _B_ `C` **D**", "*A* _B_ `C` **D**"),
        ("](javascript:alert(1))", "](javascript:alert(1))"),
        ("[A](javascript:alert(1))", "[A](javascript:alert(1))"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('" onmouseover="alert(1)', '" onmouseover="alert(1)'),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("\\*A\\*", "\\*A\\*"),
        ("# A", "# A"),
        ("https://estran.example", "https://estran.example"),
    ],
)
def test_nothing_in_a_name_is_markdown_html_or_a_template(name, printed):
    assert body("{{company.name}} paie [ici](https://a.example).", name) == (
        f'<p id="art-0-1">{printed} paie <a href="https://a.example" rel="noopener noreferrer">ici</a>.</p>\n'
    )


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_whatever_the_name_the_page_has_the_same_tags(name):
    tags = re.compile(r"<[^>]*>")
    assert tags.findall(body(TEXT, name)) == tags.findall(body(TEXT))


def test_two_brands_never_leak_into_each_other():
    estran, ponant = page(TEXT, "Estran"), page(TEXT, "Ponant", brand_css=":root{--brand:#123}")
    assert "Ponant" not in estran
    assert "#123" not in estran
    assert "Estran" not in ponant
    assert page(TEXT, "Estran") == estran


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n\nb {{company.nom}}", "line 3: {{company.nom}}: unknown placeholder"),
        ("{{ 7*7 }}", "line 1: {{ 7*7 }}: unknown placeholder"),
        ("a {{company.name", "line 1: {{company.name: unknown placeholder"),
        ("[ici]({{company.name}})", "a placeholder stands where no text is"),
        ("[ici](a.example '{{company.name}}')", "a placeholder stands where no text is"),
        ("[a]: https://{{company.name}}\n\nb", "a placeholder stands where no text is"),
        ("\\{\\{company.name\\}\\}", "a placeholder stands where no text is"),
        ("&#123;&#123;company.name&#125;&#125;", "a placeholder stands where no text is"),
        ("{{company*.*name}}", "unknown placeholder"),
    ],
)
def test_a_place_that_cannot_be_filled_is_an_error(text, said):
    with pytest.raises(PlaceholderError) as refused:
        page(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;", id="HTML"),
        pytest.param("<script>a</script>", "&lt;script&gt;a&lt;/script&gt;", id="a script"),
        pytest.param("[a](javascript:b)", "[a](javascript:b)", id="an address that runs"),
        pytest.param(
            "![a](https://b.example/c.png)",
            '!<a href="https://b.example/c.png"',
            id="a picture is not fetched",
        ),
        pytest.param("    a", '<p id="art-0-1">a</p>', id="what is indented is no code"),
    ],
)
def test_a_text_brings_neither_html_nor_pictures(text, shown):
    assert shown in body(text)


def test_the_dashes_are_a_list_on_the_page_alone():
    shown = body(TEXT)
    assert shown.count("<ul>") == 4
    assert '<li id="art-3-2">2 heures si' in shown
    assert '<li id="art-3-3">8 heures' in shown
    assert "–" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a :\n— b\n• c", '<ul>\n<li id="art-0-2">b</li>\n<li id="art-0-3">c</li>\n</ul>'),
        ("a :\na) b\nb) c", '<ul>\n<li id="art-0-2">a) b</li>\n<li id="art-0-3">b) c</li>\n</ul>'),
        ("a :\n3) b\n4) c\n", '<p id="art-0-1">a :\n3) b\n4) c</p>'),
        ("3. b\n4. c\n", '<ol start="3">\n<li id="art-0-1">b</li>\n<li id="art-0-2">c</li>\n</ol>'),
        ("Article 1 – Objet\n\na", '<h2 id="art-1">Article 1 – Objet</h2>\n<p id="art-1-1">a</p>'),
    ],
)
def test_what_contracts_write_and_markdown_does_not_know_is_shown_as_meant(text, shown):
    assert shown in body(text)


def test_every_paragraph_bears_the_id_that_a_ticket_links_to():
    wanted = dict.fromkeys(html_id(clause.anchor) for clause in anchors.clauses(TEXT))
    assert len(wanted) > 20
    assert re.findall(r'id="([^"]+)"', body(TEXT)) == list(wanted)


def test_a_page_says_its_language_and_title_and_needs_nothing_else():
    shown = page(TEXT, "A & B")
    assert shown.startswith('<!doctype html>\n<html lang="fr">')
    assert "<title>Conditions d&#x27;Exploitation Suivie</title>" in shown
    assert documents.html("a", title="</title><b>", language="en-gb", values={}).count("<b>") == 0
    assert '<html lang="en-GB">' in documents.html("a", title="a", language="en-gb", values={})
    assert not re.search(r"url\(|@import|<link|<script|src=", shown)


def test_the_policy_of_a_page_allows_its_own_style_and_no_other():
    plain, branded = page(TEXT), page(TEXT, brand_css=":root{--brand:#123}")
    assert documents.style_source(plain).startswith("'sha256-")
    assert documents.style_source(plain) != documents.style_source(branded)


def test_a_style_that_ends_the_style_is_refused():
    with pytest.raises(RenderingError, match="brand_css: a style cannot hold a tag"):
        page(TEXT, brand_css="</style><script>")


def test_the_colours_are_those_of_the_house():
    def colours(path):
        return dict(
            re.findall(r"(--[\w-]+): ?([^;]+);", path.read_text(encoding="utf-8").partition("@media")[0])
        )

    house, ours = colours(HOUSE), colours(STYLE)
    assert ours
    assert {name: value for name, value in ours.items() if house.get(name) != value} == {}
