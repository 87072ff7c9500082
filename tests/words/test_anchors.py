"""A clause is cited as one cites it, in French and in English."""

import pytest

from astreinte.rules.documents.anchors import AnchorError
from astreinte.words.anchors import cite, html_id


@pytest.mark.parametrize(
    ("anchor", "french", "english"),
    [
        ("5.2.1", "art.\u00a05, §\u00a02, phrase\u00a01", "art.\u00a05, para.\u00a02, sentence\u00a01"),
        ("5.2", "art.\u00a05, §\u00a02", "art.\u00a05, para.\u00a02"),
        ("5", "art.\u00a05", "art.\u00a05"),
        ("2bis.1", "art.\u00a02bis, §\u00a01", "art.\u00a02bis, para.\u00a01"),
        ("0.1.1", "préambule, §\u00a01, phrase\u00a01", "preamble, para.\u00a01, sentence\u00a01"),
        ("A2.1", "annexe\u00a02, §\u00a01", "annex\u00a02, para.\u00a01"),
        ("A", "annexe", "annex"),
    ],
)
def test_an_anchor_is_cited_in_both_languages(anchor, french, english):
    assert cite(anchor, "fr") == french
    assert cite(anchor, "en-gb") == english


def test_what_is_no_anchor_is_not_cited():
    with pytest.raises(AnchorError, match="no anchor"):
        cite("art. 5", "fr")


@pytest.mark.parametrize(("anchor", "expected"), [("5.2.1", "art-5-2"), ("5", "art-5"), ("A2.3", "art-A2-3")])
def test_the_id_on_a_page_is_that_of_the_paragraph(anchor, expected):
    assert html_id(anchor) == expected
