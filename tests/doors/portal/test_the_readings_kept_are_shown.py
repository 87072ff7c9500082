"""Where the contract can be read in several ways, the client sees the reading that is kept, and the others (Part 2)."""

from datetime import timedelta

from astreinte.records.contracts import binding
from astreinte.rules.sla import terms
from astreinte.words import speaking
from astreinte.words.readings import included
from tests.builders import SETUP, some_terms
from tests.doors.browsing import Reading, plain

PATCH = {"mixed_rule": "separate", "penalty": {"month": "receipt"}}


def test_the_client_reads_which_reading_is_kept_and_how_else_it_can_be_read(at_alices):
    page = at_alices.get("/contract/readings/")
    assert "Le retard se compte comme le délai" in page.text
    assert "Le retard se compte toujours en temps écoulé." in page.text
    assert "Convenu avec vous" not in page.text
    assert "à la main" not in page.text
    assert "Comment nous lisons" in at_alices.get("/contract/").text


def test_a4_1_the_ten_things_of_article_4_are_listed_in_words_with_the_page_that_shows_them(
    cast, at_alices, hand
):
    page = at_alices.get("/contract/readings/")
    with speaking("fr"):
        listed = [words for _, words in included(terms.parse(terms.built_in()))]
    assert len(listed) == 10
    assert [words for words in listed if plain(words) not in page.text] == []
    less = some_terms(cast.house, name="less", patch={"plan": {"included": ["support"]}})
    binding.change_terms(line=cast.line, terms=less, from_at=hand.instant, at=hand.instant, actor=SETUP)
    hand.advance(timedelta(minutes=1))
    text = at_alices.get("/contract/readings/").text
    assert "l'accès au support technique" in text
    assert "failles" not in text


def test_what_the_contract_changed_stands_first_and_what_our_clock_does_not_know_is_said(
    cast, at_alices, hand
):
    other = some_terms(cast.house, name="other", patch=PATCH)
    at = hand.instant
    binding.change_terms(line=cast.line, terms=other, from_at=at, at=at, actor=SETUP)
    hand.advance(timedelta(minutes=1))
    page = at_alices.get("/contract/readings/").text
    agreed, usual = page.split("Comme pour tous nos clients")
    assert "chacun se décompte pendant son régime" in agreed.split("Autres lectures")[0]
    assert "Le mois retenu est celui de la réception." in agreed
    assert agreed.count("à la main") == 1
    assert "à la main" not in usual


def test_it_speaks_the_language_of_the_reader(cast):
    cast.alice.language = "en-gb"
    cast.alice.save(update_fields=["language"])
    page = Reading(cast.alice).get("/contract/readings/").text
    assert "Nothing suspends the time" in page
    assert "How else it can be read" in page
