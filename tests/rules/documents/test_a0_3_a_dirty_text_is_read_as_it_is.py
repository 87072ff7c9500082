"""A0.3: the bytes are hashed, NFC is searched, cited and compared, dashes are a list, and nothing is set right."""

import unicodedata
from collections import Counter

import pytest

from astreinte.rules.documents import anchors, comparing, flaws
from tests.rules.documents.dirty import RAW, SHA256, TEXT, digest


def test_searching_a_word_finds_it_however_its_accent_is_written():
    composed, apart = (TEXT.count(unicodedata.normalize(form, "ouvrées")) for form in ("NFC", "NFD"))
    assert (composed, apart) == (3, 1)
    found = anchors.search(TEXT, "ouvrées")
    assert [(hit.line, hit.column, hit.clause.anchor) for hit in found] == [
        (25, 50, "3.2.1"),
        (25, 97, "3.2.1"),
        (27, 12, "3.3.1"),
        (29, 41, "3.4.2"),
    ]
    assert anchors.search(TEXT, unicodedata.normalize("NFD", "ouvrées")) == found


@pytest.mark.parametrize(
    "needle",
    ["guide d'accueil", "guide d’accueil", "GUIDE  D'ACCUEIL"],
    ids=["straight", "curly", "in capitals"],
)
def test_words_are_found_over_the_end_of_a_line_and_with_either_apostrophe(needle):
    assert [(hit.line, hit.clause.anchor) for hit in anchors.search(TEXT, needle)] == [(7, "1.1.2")]


def test_what_is_not_there_is_not_found_and_blank_words_are_nowhere():
    assert anchors.search(TEXT, "chauffage") == ()
    assert anchors.search(TEXT, " \n") == ()


def test_the_flaws_are_listed_with_line_and_column():
    found = flaws.flaws(RAW)
    assert Counter(flaw.kind for flaw in found) == {"nfd": 17, "double_space": 4, "stray_mark": 2, "dash": 2}
    assert [(flaw.line, flaw.column, flaw.kind) for flaw in found if flaw.kind != "nfd"] == [
        (5, 13, "double_space"),
        (10, 13, "double_space"),
        (12, 31, "stray_mark"),
        (22, 13, "double_space"),
        (25, 1, "dash"),
        (27, 1, "dash"),
        (32, 13, "double_space"),
        (39, 40, "stray_mark"),
    ]
    assert [
        (flaw.line, flaw.column, flaw.seen) for flaw in found if flaw.kind == "nfd" and flaw.line in {27, 29}
    ] == [
        (27, 67, unicodedata.normalize("NFD", "même répété).")),
        (29, 45, unicodedata.normalize("NFD", "ouvrées les heures de 9 heures à")),
    ]


def test_reading_a_text_changes_none_of_its_bytes():
    assert digest(RAW) == SHA256
    assert flaws.read(RAW).encode() == RAW
    assert "".join(clause.raw for clause in anchors.clauses(TEXT)) == unicodedata.normalize("NFC", TEXT)


def test_the_two_dashes_are_two_paragraphs_that_can_be_cited():
    assert [clause.text[:8] for anchor in ("3.2", "3.3") for clause in anchors.find(TEXT, anchor)] == [
        "2 heures",
        "8 heures",
    ]


def test_a_text_written_anew_in_nfc_is_the_same_text_with_other_bytes():
    composed = unicodedata.normalize("NFC", TEXT)
    assert digest(composed.encode()) != SHA256
    assert [change.kind for change in comparing.difference(TEXT, composed)] == ["form"]
    assert comparing.difference(TEXT, TEXT) == []
