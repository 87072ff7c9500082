"""Each kind of flaw is found where it is, and a clean text has none."""

import pytest

from astreinte.rules.documents import flaws
from astreinte.rules.documents.flaws import MOST_BYTES, WAYS_OUT, TextError

CLEAN = "# Titre\n\n## Article 1 – Objet\n\nL’accès à {{company.name}} : 2 h, « oui ».\n\n- un\n    - deux\n- trois\n"

CASES = [
    pytest.param(b"\xef\xbb\xbf# T\n", [(1, 1, "byte_order_mark")], id="a mark of the byte order"),
    pytest.param("a\u200bb\n\u202ec\n", [(1, 2, "hidden"), (2, 1, "hidden")], id="nobody sees it"),
    pytest.param("a\n\x1b[31mb", [(2, 1, "control")], id="colours of a terminal"),
    pytest.param("a\rb\r\nc\r\n", [(1, 2, "control")], id="a return within a line, and at its end"),
    pytest.param(
        "e\u0301te\u0301 été e\u0301",
        [(1, 1, "nfd"), (1, 11, "nfd")],
        id="two passages with one in NFC between",
    ),
    pytest.param("a\u0300\u0300", [(1, 1, "nfd"), (1, 3, "stray_mark")], id="an accent twice"),
    pytest.param("\u0301a \u0301b", [(1, 1, "stray_mark"), (1, 4, "stray_mark")], id="accents on nothing"),
    pytest.param("é\u0301", [(1, 2, "stray_mark")], id="an accent on one"),
    pytest.param("10 \u2126", [(1, 4, "lookalike")], id="ohm for omega"),
    pytest.param("a :\n— b\n• c\n", [(2, 1, "dash"), (3, 1, "dash")], id="dashes and bullets"),
    pytest.param("il part\n– enfin\n", [], id="a dash within a sentence"),
    pytest.param(
        "##  A\n\na  b   c\n",
        [(1, 3, "double_space"), (3, 2, "double_space"), (3, 5, "double_space")],
        id="spaces",
    ),
    pytest.param("| a   | b |\n|---|---|\n", [], id="a table set in columns"),
    pytest.param("a  \nb \nc", [(1, 2, "forced_break")], id="a line that ends with two spaces"),
    pytest.param("{{company}} {{company.name}}", [(1, 1, "placeholder")], id="an unknown placeholder"),
    pytest.param(
        "é\n x {{7*7}} }}", [(2, 4, "placeholder"), (2, 12, "placeholder")], id="a formula, and a half"
    ),
    pytest.param("{% if x %}", [(1, 1, "placeholder")], id="a line of a template"),
    pytest.param("## Article 1\na\n## Article 1\n", [(3, 1, "article_twice")], id="an article twice"),
    pytest.param("- a\n-\n- b", [(2, 1, "empty_item")], id="an empty item"),
    pytest.param("- a :\n- b", [(1, 1, "list_of_nothing")], id="an announced list that is not below"),
    pytest.param("- a :\n    - b", [], id="an announced list"),
    pytest.param(b"caf\xe9", [(1, 4, "not_utf8")], id="Latin-1"),
    pytest.param("ab\ncdé".encode("utf-16"), [(1, 1, "not_utf8")], id="UTF-16 with its mark"),
    pytest.param(b"%PDF-1.7\n\x00\xff", [(2, 1, "binary")], id="a PDF"),
    pytest.param(b"", [(1, 1, "empty")], id="nothing"),
    pytest.param(b" \r\n\t", [(1, 1, "empty")], id="blank"),
    pytest.param(b"a" * (MOST_BYTES + 1), [(1, 1, "too_big")], id="a byte more than 20 MB"),
]


def raw(text):
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_flaw_is_named_with_its_line_and_column(text, expected):
    found = flaws.flaws(raw(text))
    assert [(flaw.line, flaw.column, flaw.kind) for flaw in found] == expected
    assert all(flaw.way_out == WAYS_OUT[flaw.kind] and len(flaw.seen) <= 60 for flaw in found)


def test_each_kind_has_its_case_here():
    named = {kind for case in CASES for _, _, kind in case.values[1]}
    assert named == set(WAYS_OUT)


def test_a_clean_text_has_no_flaw():
    assert flaws.flaws(CLEAN.encode()) == []


@pytest.mark.parametrize(
    "text", [b"", b"\xff", b"a\0", b"a" * (MOST_BYTES + 1)], ids=["empty", "Latin-1", "zero", "20 MB"]
)
def test_what_is_no_text_is_not_read(text):
    with pytest.raises(TextError, match=r"^line 1, column \d+: .+: .+"):
        flaws.read(text)


def test_a_mark_of_the_byte_order_is_no_part_of_the_title():
    assert flaws.read("\ufeff# T".encode()) == "# T"
