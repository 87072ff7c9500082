"""How a ticket stands is said in one sentence, in both languages, whatever its state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from astreinte.records.commitments.standing import Standing
from astreinte.words import speaking, standing
from astreinte.words.standing import SENTENCES, STARTS, Facts
from tests.builders import paris

STATES = ("uncovered", "no_target", "no_clock", "running", "late", "met", "missed", "closed", "merged")
DUE, STOPPED = paris("2026-11-23T13:30"), paris("2026-11-23T16:00")


KNOWN = Facts(
    "running",
    deadline=DUE,
    stopped=STOPPED,
    left=timedelta(hours=1, minutes=38, seconds=20),
    late=timedelta(hours=2, minutes=30),
    due_cents=53_57,
    starts_on=("web", "phone"),
)


def test_both_languages_have_the_same_sentences_and_channels():
    assert set(SENTENCES["fr"]) == set(SENTENCES["en-gb"])
    assert set(STARTS["fr"]) == set(STARTS["en-gb"])


def test_the_states_are_those_of_the_record():
    for state in STATES:
        assert state in (Standing.__doc__ or "")


@pytest.mark.parametrize("language", ["fr", "en-gb"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_sentence(state, language):
    with speaking(language):
        said = standing.sentence(replace(KNOWN, state=state))
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        pytest.param(
            "running",
            {},
            "L’horloge court jusqu’au lundi 23 novembre 2026 à 13:30 : il reste 1 h 38 pour commencer l’intervention.",
            id="running",
        ),
        pytest.param(
            "late",
            {},
            "En retard de 2 h 30 : l’échéance était le lundi 23 novembre 2026 à 13:30, et personne n’est"
            " intervenu. Dû à cet instant : 53,57 €.",
            id="late",
        ),
        pytest.param(
            "missed",
            {"intervened": False, "due_cents": 0},
            "Manqué : clos sans intervention le lundi 23 novembre 2026 à 16:00, 2 h 30 après l’échéance du"
            " lundi 23 novembre 2026 à 13:30.",
            id="closed late, nothing owed",
        ),
        pytest.param(
            "running",
            {"deadline": None},
            "L’horloge court ; ces conditions n’atteignent aucune échéance.",
            id="no end",
        ),
    ],
)
def test_the_sentence_names_instants_lengths_and_sums(state, more, said):
    with speaking("fr"):
        found = standing.sentence(replace(KNOWN, state=state, **more))
    assert found.replace("\u00a0", " ").replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        pytest.param(timedelta(hours=1, minutes=38, seconds=59), "1 h 38", id="seconds are cut"),
        pytest.param(timedelta(seconds=45), "45 s", id="under a minute"),
        pytest.param(-timedelta(minutes=5), "−5 min", id="over"),
        pytest.param(timedelta(0), "0 min", id="now"),
    ],
)
def test_the_time_that_is_left_is_short(length, said):
    assert standing.left(length).replace("\u00a0", " ") == said
