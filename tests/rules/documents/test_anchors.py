"""Each sentence of a text has its place: article, paragraph, sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.documents import anchors
from astreinte.rules.documents.anchors import AnchorError


def articles(text):
    return list(dict.fromkeys(clause.article for clause in anchors.clauses(text)))


def sentences(text):
    return [clause.text for clause in anchors.clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "# T\n\n## Article 1  Objet\na\n\n## Article 2\nb", ["0", "1", "2"], id="as the contract has them"
        ),
        pytest.param(
            "Article 1 – Objet\n\na\n\nArticle 2\n\nb", ["1", "2"], id="no mark, alone on their line"
        ),
        pytest.param(
            "ARTICLE PREMIER : OBJET\n\na\n\nARTICLE 2 : PRIX\n\nb",
            ["1", "2"],
            id="in capitals, the first in words",
        ),
        pytest.param("**Art. 1er.** \n\na\n\n**Art. 2 bis.**\n\nb", ["1", "2bis"], id="short, bold, bis"),
        pytest.param(
            "## 1. Objet\na\n\n### 1.1 Suite\n\n## 2) Prix\nb", ["1", "2"], id="numbers alone, the least deep"
        ),
        pytest.param("Article I\n\na\n\nArticle IV\n\nb", ["1", "4"], id="Roman"),
        pytest.param("Clause 1\n========\na\n\nClause 2\n--------\nb", ["1", "2"], id="underlined"),
        pytest.param(
            "# Section 1\n\na\n\n# Section 2\n\nb", ["1", "2"], id="sections where there are no articles"
        ),
        pytest.param(
            "# Section 1\n\n## Article 1\n\n# Section 2\n\n## Article 2",
            ["0", "1", "2"],
            id="sections over articles",
        ),
        pytest.param(
            "# T\n\n## Objet\na\n\n## Prix\nb", ["0", "1", "2"], id="headings without a number, in order"
        ),
        pytest.param(
            "## Article 1\n\na\n\n## Annexe 2 : serveurs\n\nb\n\n## Annexe B", ["1", "A2", "AB"], id="annexes"
        ),
        pytest.param("## Article 1\n\na\n\n## Divers\n\nb", ["1"], id="a heading that is no article"),
        pytest.param(
            "L'article 5 vaut.\n\nArticle 5 s'applique à tous ;\n\nb",
            ["0"],
            id="an article that is only spoken of",
        ),
        pytest.param("rien que du texte", ["0"], id="no heading at all"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\n ", [], id="blank"),
    ],
)
def test_articles_are_what_the_text_itself_calls_so(text, expected):
    assert articles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux.", ["Un.", "Deux."]),
        ("Voir art. 5 et al. 2. Fin.", ["Voir art. 5 et al. 2.", "Fin."]),
        ("Ports, clés, etc. sont ouverts.", ["Ports, clés, etc. sont ouverts."]),
        ("Ports (SSH, HTTP, etc.). Le reste non.", ["Ports (SSH, HTTP, etc.).", "Le reste non."]),
        ("Ports, clés, etc. Le reste non.", ["Ports, clés, etc.", "Le reste non."]),
        ("Selon M. Martin et Mme. Durand, oui. Non.", ["Selon M. Martin et Mme. Durand, oui.", "Non."]),
        ("La S.A.R.L. Martin, p. ex. Elle paie.", ["La S.A.R.L. Martin, p. ex. Elle paie."]),
        ("Le 1. Juillet 2017. Le reste.", ["Le 1. Juillet 2017.", "Le reste."]),
        ("Le 01.07.2017 à 9.30. Le reste.", ["Le 01.07.2017 à 9.30.", "Le reste."]),
        (
            "Sur www.estran.example. Le http.estran.example.",
            ["Sur www.estran.example.", "Le http.estran.example."],
        ),
        ("Ports http. 80 et 443.", ["Ports http. 80 et 443."]),
        ("En 2017. {{company.name}} paie.", ["En 2017.", "{{company.name}} paie."]),
        ("« Oui. » Il signe.", ["« Oui. »", "Il signe."]),
        ("Vraiment ?! Oui… Non.", ["Vraiment ?!", "Oui…", "Non."]),
        ("à 50 % ; puis : rien. fin", ["à 50 % ; puis : rien. fin"]),
        ("See No. 5, e.g. Annex 2. Done.", ["See No. 5, e.g. Annex 2.", "Done."]),
        ("He said no. Then he paid.", ["He said no.", "Then he paid."]),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a :\n- b\n- c\n\nd", ["0.1.1", "0.2.1", "0.3.1", "0.4.1"], id="hyphens break a paragraph"
        ),
        pytest.param(
            "a :\n– b\nb\n– c\n\nd", ["0.1.1", "0.2.1", "0.3.1", "0.4.1"], id="dashes after a colon"
        ),
        pytest.param("il dit\n– b – et part", ["0.1.1"], id="a dash within a sentence is none"),
        pytest.param("a :\n1) b\n2) c", ["0.1.1", "0.2.1", "0.3.1"], id="numbers"),
        pytest.param("a :\n\na) b\nb) c", ["0.1.1", "0.2.1", "0.3.1"], id="letters"),
        pytest.param(
            "- a\n    - b\n\n      suite\n- c",
            ["0.1.1", "0.2.1", "0.3.1", "0.4.1"],
            id="nested, with a second paragraph",
        ),
        pytest.param("a\n\n---\n\nb", ["0.1.1", "0.2.1"], id="a line across is no paragraph"),
        pytest.param(
            "## Article 1\n\n## Divers\n\na", ["1", "1.1.1", "1.2.1"], id="a heading within an article"
        ),
        pytest.param(
            "## Article 1\na\n\n## Article 1\nb",
            ["1", "1.1.1", "1.2.1", "1.3.1"],
            id="an article twice goes on",
        ),
    ],
)
def test_paragraphs_and_items_are_counted_through_the_article(text, expected):
    assert [clause.anchor for clause in anchors.clauses(text)] == expected


def test_an_anchor_names_a_sentence_a_paragraph_or_an_article():
    text = "## Article 5\nUn. Deux.\n\nTrois.\n\n## Article 51\nQuatre."
    assert [clause.text for clause in anchors.find(text, "5.1.2")] == ["Deux."]
    assert [clause.text for clause in anchors.find(text, "5.1")] == ["Un.", "Deux."]
    assert [clause.line for clause in anchors.find(text, "5")] == [1, 2, 2, 4]
    assert anchors.find(text, "5.3") == ()


@pytest.mark.parametrize("anchor", ["", "art. 5", "5.", "5.0", "5.1.2.3", "5-1", "٥", "A-1"])
def test_what_is_no_anchor_is_told_so_with_one_that_is(anchor):
    with pytest.raises(AnchorError, match=r"no anchor; write article\.paragraph\.sentence such as 5\.2\.1"):
        anchors.find("a", anchor)


LINES = st.lists(
    st.sampled_from(
        [
            "",
            "# Titre",
            "## Article 2  Objet",
            "Article 3 – Prix",
            "## 4. Suite",
            "- a. B",
            "– c :",
            "    - d",
            "1. e",
            "----",
            "===",
            "Un. Deux, etc.\u00a0!",
            "e\u0301te\u0301 «\u00a0A.\u00a0» B",
            "{{company.name}}. X",
            "\t",
            "**Annexe 1**",
        ]
    ),
    max_size=25,
)


@given(st.one_of(LINES.map("\n".join), st.text(max_size=200)))
def test_the_clauses_joined_are_the_text_and_no_two_share_an_anchor(text):
    found = anchors.clauses(text)
    assert "".join(clause.raw for clause in found) == (anchors.nfc(text) if found else "")
    assert found or not any(letter.isalnum() for letter in text)
    assert len({clause.anchor for clause in found}) == len(found)
    for clause in found:
        assert anchors.find(text, clause.anchor)[0] == clause
        assert 1 <= clause.line <= text.count("\n") + 1
