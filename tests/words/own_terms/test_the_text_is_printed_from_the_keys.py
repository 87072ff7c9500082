"""Our own texts print the values that the clock uses: a text cannot promise one thing and the product do another."""

import json
import re

import pytest

from astreinte.rules.documents import anchors, figures, flaws
from astreinte.rules.sla import terms
from astreinte.words import LANGUAGES, own_terms
from astreinte.words.own_terms.marking import Marks
from tests.words.own_terms.printed import ALL, AT_ONCE, EVERY, changed, numbers

TEXTS = [
    pytest.param(name, language, id=f"{name}-{language}")
    for name in own_terms.NAMES
    for language in LANGUAGES
]
IN = pytest.mark.parametrize("language", LANGUAGES)


@IN
@pytest.mark.parametrize(("key", "value"), EVERY, ids=[f"{name}-{value}" for name, value in EVERY])
def test_a_key_that_changes_changes_the_text(language, key, value):
    usual = own_terms.text("special", language, terms.built_in())
    assert own_terms.text("special", language, changed((key, value))) != usual


@IN
@pytest.mark.parametrize(("key", "value"), EVERY, ids=[f"{name}-{value}" for name, value in EVERY])
def test_what_changes_stands_where_the_text_is_said_to_state_the_key(language, key, value):
    before, after = (
        {clause.anchor: clause.text for clause in anchors.clauses(own_terms.text("special", language, body))}
        for body in (terms.built_in(), changed((key, value)))
    )
    said = own_terms.keys_said("special", language, changed((key, value)))
    places = [said[name] for name in said if name == key or name.startswith(f"{key}.")]
    assert any(after[place] != before.get(place) for place in places)


@pytest.mark.parametrize(("name", "language"), TEXTS)
@pytest.mark.parametrize("body", [terms.built_in(), AT_ONCE], ids=["usual", "all-changed"])
def test_with_every_value_replaced_by_a_mark_no_number_is_left(name, language, body):
    assert numbers(own_terms.masked(name, language, body), language) == []


@IN
def test_the_mark_stands_for_the_value_and_for_nothing_else(language):
    longer = changed(
        ("targets.critical.business", "3h"), ("penalty.multiplier", "12.5"), ("relapse_within", "45m")
    )
    bare = own_terms.masked("special", language, terms.built_in())
    assert own_terms.masked("special", language, longer) == bare
    assert bare.count(own_terms.MASK) > 20


@pytest.mark.parametrize(("name", "language"), TEXTS)
@pytest.mark.parametrize("body", [terms.built_in(), AT_ONCE], ids=["usual", "all-changed"])
def test_a_text_has_no_flaw_and_leaves_the_name_of_the_company_open_and_nothing_else(name, language, body):
    text = own_terms.text(name, language, body)
    assert flaws.flaws(text.encode()) == []
    assert set(re.findall(r"\{[^}]*\}+", text)) == {"{{company.name}}"}
    assert not re.search("[\ue000-\uf8ff]", text)


@IN
def test_every_key_of_the_terms_is_stated_somewhere_in_the_special_terms(language):
    assert sorted(own_terms.keys_said("special", language)) == sorted(ALL)


@IN
@pytest.mark.parametrize("body", [terms.built_in(), AT_ONCE], ids=["usual", "all-changed"])
def test_the_place_of_a_key_is_one_clause_of_the_text(language, body):
    text = own_terms.text("special", language, body)
    for key, anchor in own_terms.keys_said("special", language, body).items():
        assert len(anchors.find(text, anchor)) == 1, key


@IN
def test_the_place_of_the_cap_is_the_sentence_on_the_cap(language):
    body = changed(("penalty.cap", "0.75"))
    anchor = own_terms.keys_said("special", language, body)["penalty.cap"]
    (clause,) = anchors.find(own_terms.text("special", language, body), anchor)
    assert clause.article == "6"
    assert {"fr": "0,75 fois le forfait", "en-gb": "0.75 times the monthly fee"}[language] in clause.text


@IN
@pytest.mark.parametrize("body", [terms.built_in(), AT_ONCE], ids=["usual", "all-changed"])
def test_who_reads_the_numbers_in_the_text_finds_those_of_the_keys(language, body):
    text = own_terms.text("special", language, body)
    said = own_terms.keys_said("special", language, body)
    assert figures.disagreements(text, said, body) == []


@IN
def test_who_reads_the_text_of_other_terms_is_told_which_numbers_differ(language):
    text = own_terms.text("special", language, terms.built_in())
    said = own_terms.keys_said("special", language)
    found = {one.key for one in figures.disagreements(text, said, AT_ONCE)}
    numbers_ = {key for key in ALL if key.startswith(("targets.critical", "targets.urgent", "penalty.m"))}
    numbers_ -= {"penalty.month"}
    assert numbers_ | {"penalty.cap", "business_hours", "relapse_within", "hours.volume"} <= found


@IN
def test_general_terms_state_only_how_their_own_versions_follow_each_other(language):
    for name in ("general_sale", "general_service"):
        assert list(own_terms.keys_said(name, language)) == ["documents.upgrade"]


@pytest.mark.parametrize("name", own_terms.NAMES)
def test_both_languages_have_the_same_articles_and_state_each_key_in_the_same_paragraph(name):
    french, english = (
        [
            (clause.article, clause.paragraph)
            for clause in anchors.clauses(own_terms.text(name, language, AT_ONCE))
        ]
        for language in LANGUAGES
    )
    assert list(dict.fromkeys(french)) == list(dict.fromkeys(english))
    places = [own_terms.keys_said(name, language, AT_ONCE) for language in LANGUAGES]
    paragraphs = [{key: at.rpartition(".")[0] for key, at in said.items()} for said in places]
    assert paragraphs[0] == paragraphs[1]


@IN
def test_the_order_in_which_terms_were_stored_makes_no_difference(language):
    stored = json.loads(json.dumps(AT_ONCE, sort_keys=True))
    assert own_terms.text("special", language, stored) == own_terms.text("special", language, AT_ONCE)


@IN
def test_terms_that_promise_nothing_say_so(language):
    nothing = changed(
        ("targets", {}),
        ("clock_starts_on", []),
        ("exclusions", []),
        ("business_hours", {}),
        ("calendar", None),
        ("penalty.cap", None),
        ("plan.included", []),
    )
    del nothing["id"]
    text = own_terms.text("special", language, nothing)
    assert flaws.flaws(text.encode()) == []
    said = own_terms.keys_said("special", language, nothing)
    assert {
        "targets",
        "clock_starts_on",
        "exclusions",
        "business_hours",
        "penalty.cap",
        "plan.included",
    } <= set(said)
    assert "id" not in said


@IN
def test_a_name_that_somebody_chose_is_printed_as_it_is(language):
    evil = "{{company.siret}} <b>*x*</b>\n# [a](javascript:x) \ue000\uf8ff"
    body = changed(("id", evil), ("clock_starts_on", ["web", evil]), ("exclusions", [evil]))
    body["targets"][evil] = {"business": "1h"}
    text = own_terms.text("special", language, body)
    assert text.count("{{") == text.count("{{company.name}}")
    assert r"\{\{company.siret\}\} \<b\>\*x\*\</b\> \# \[a\](javascript:x)" in text
    assert own_terms.keys_said("special", language, body)["exclusions"].startswith("6.")


@pytest.mark.parametrize(
    ("language", "key", "value", "said"),
    [
        ("fr", "targets.urgent.business", "1h", "1 heure, comptées"),
        ("fr", "relapse_within", "90m", "en moins de 1 heure 30 minutes"),
        ("fr", "relapse_within", "1m", "en moins de 1 minute "),
        ("fr", "penalty.multiplier", "1", "se paie le forfait mensuel, divisé par"),
        ("fr", "penalty.cap", "1", "n’excèdent pas, ensemble, le forfait mensuel."),
        ("fr", "penalty.multiplier", "1.5", "1,5 fois le forfait mensuel"),
        ("fr", "penalty.claim_window", 1, "dans un délai de 1 mois"),
        ("fr", "plan.slots", {"thu": ["18:00-22:30"]}, "ont lieu le jeudi, de 18 h à 22 h 30."),
        (
            "fr",
            "business_hours",
            {"mon": ["00:00-24:00"], "sat-sun": ["09:00-12:00"]},
            "le lundi, de 0 h à 24 h ; du",
        ),
        ("fr", "closed_days", ["2026-05-01", "2026-05-15"], "vendredi 1er mai 2026 et vendredi 15 mai 2026"),
        (
            "fr",
            "clock_starts_on",
            ["web", "phone", "pigeon"],
            "publié ou une réception par la voie « pigeon »",
        ),
        ("en-gb", "targets.urgent.business", "1h", "1 hour, counted"),
        ("en-gb", "relapse_within", "90m", "within 1 hour 30 minutes of"),
        ("en-gb", "penalty.multiplier", "1", "a right to the monthly fee, divided"),
        ("en-gb", "penalty.multiplier", "1.5", "1.5 times the monthly fee"),
        ("en-gb", "penalty.claim_window", 1, "within 1 month of"),
        ("en-gb", "plan.slots", {"thu": ["18:00-22:30"]}, "applied on Thursday, from 18:00 to 22:30."),
    ],
)
def test_one_and_many_and_lists_are_said_as_the_language_says_them(language, key, value, said):
    text = own_terms.text("special", language, changed((key, value)))
    assert said in text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "language", "message"),
    [
        ("cgv", "fr", "kind: 'cgv': no text of ours; choose special, general_sale, general_service"),
        ("special", "de", "language: 'de': our texts are in fr and en-gb"),
    ],
)
def test_a_text_that_is_not_ours_is_refused(name, language, message):
    with pytest.raises(own_terms.OwnTermsError) as refused:
        own_terms.text(name, language, terms.built_in())
    assert str(refused.value) == message


def test_a_key_keeps_its_mark_however_often_it_is_stated():
    marks = Marks()
    marked = marks.about("a", "One.") + marks.value("b", "two") + marks.about("a", " Three.")
    assert marks.places(marked) == ([("a", 0), ("b", 4), ("a", 7)], "One.two Three.")
