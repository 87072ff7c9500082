"""What a new version of a text changes, clause by clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.rules.documents import comparing
from astreinte.rules.documents.comparing import Change
from tests.rules.documents.dirty import TEXT

OLD = (
    "# T\n\n## Article 1 Délais\n\nCritique : deux heures au plus.\n\nUrgente : huit heures. Le soir compte.\n\n"
    "## Article 2 Fin\n\nVoilà.\n"
)


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        pytest.param("deux", "quatre", [("changed", "1.1.1", "1.1.1")], id="a word"),
        pytest.param("Le soir compte.", "", [("removed", "1.2.2", "")], id="a sentence less"),
        pytest.param("Voilà.", "Voilà. Et merci.", [("added", "", "2.1.2")], id="a sentence more"),
        pytest.param(
            "\n\nVoilà.",
            "\n\nTout autre chose ici.",
            [("removed", "2.1.1", ""), ("added", "", "2.1.1")],
            id="written anew",
        ),
        pytest.param("2 Fin", "3 Fin", [("changed", "2", "3")], id="an article of another number"),
        pytest.param("au plus.\n\n", "au plus. ", [], id="two paragraphs that become one"),
        pytest.param("heures. Le", "heures.\nLe", [("form", "", "")], id="a broken line"),
    ],
)
def test_each_change_says_where_it_was_and_where_it_is(was, becomes, expected):
    found = comparing.difference(OLD, OLD.replace(was, becomes, 1))
    assert [(change.kind, change.anchor_old, change.anchor_new) for change in found] == (
        expected or [("form", "", "")]
    )


def test_a_clause_that_moved_is_said_once():
    new = OLD.replace("Voilà.\n", "Voilà.\n\nCritique : deux heures au plus.\n").replace(
        "Critique : deux heures au plus.\n\nU", "U", 1
    )
    said = "Critique : deux heures au plus."
    assert comparing.difference(OLD, new) == [Change("moved", "1.1.1", "2.2.1", said, said)]


def test_the_same_text_has_no_difference():
    assert comparing.difference(TEXT, TEXT) == []


def test_the_pieces_of_a_change_give_both_texts_back():
    old, new = "2 heures, au plus.", "1 heure, au plus tard."
    found = comparing.pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "added") == old
    assert "".join(piece.text for piece in found if piece.kind != "removed") == new
    assert ("same", ", au plus") in {(piece.kind, piece.text) for piece in found}


@given(st.permutations(["Un deux.", "Trois quatre.", "Cinq.", "Six sept huit."]), st.integers(0, 4))
def test_what_is_removed_was_there_and_what_is_added_is_there_now(order, kept):
    old, new = "Un deux. Trois quatre. Cinq. Six sept huit.", " ".join(order[:kept])
    for change in comparing.difference(old, new):
        assert change.old in old
        assert change.new in new
        assert bool(change.anchor_old) == bool(change.old)
        assert bool(change.anchor_new) == bool(change.new)
