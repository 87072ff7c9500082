"""Where the keys of the terms and the numbers of the text disagree."""

import pytest

from astreinte.rules.documents import figures, numbers
from astreinte.rules.documents.figures import Disagreement
from astreinte.rules.sla.terms import built_in, merge
from tests.rules.documents.dirty import TEXT

CLAUSES = {
    "hours.volume": "2.6",
    "targets.critical.business": "3.2.1",
    "targets.critical.non_business": "3.2.1",
    "targets.urgent.business": "3.3",
    "clock_starts_on": "3.4.1",
    "business_hours": "3.4.2",
    "penalty.multiplier": "4.1.1",
    "penalty.cap": "4.1.1",
}
SAID = {"hours": {"volume": "1h"}}


def test_terms_that_were_written_down_right_agree():
    assert figures.disagreements(TEXT, CLAUSES, merge(built_in(), SAID)) == []


@pytest.mark.parametrize(
    ("patch", "key", "value", "said"),
    [
        ({"targets": {"critical": {"business": "1h"}}}, "targets.critical.business", "1h", ("2h", "4h")),
        ({"targets": {"urgent": {"business": "8h30m"}}}, "targets.urgent.business", "8h30m", ("8h",)),
        ({"hours": {"volume": "2h"}}, "hours.volume", "2h", ("1h",)),
        ({"penalty": {"multiplier": "10"}}, "penalty.multiplier", "10", ("5",)),
        ({"penalty": {"cap": "0.5"}}, "penalty.cap", "0.5", ("1",)),
        ({"penalty": {"cap": None}}, "penalty.cap", "no cap", ("1",)),
        (
            {"business_hours": {"mon-fri": None, "mon-sat": ["09:00-12:00"]}},
            "business_hours",
            "mon,tue,wed,thu,fri,sat 09:00-12:00",
            ("mon,tue,wed,thu,fri 09:00-12:00, 14:00-18:00",),
        ),
    ],
)
def test_a_key_that_says_something_else_is_named_with_what_the_clause_says(patch, key, value, said):
    terms = merge(merge(built_in(), SAID), patch)
    found = figures.disagreements(TEXT, CLAUSES, terms)
    assert [(each.key, each.kind, each.value, each.said) for each in found] == [(key, "differs", value, said)]


def test_a_clause_without_a_number_and_an_anchor_without_a_clause_are_told_apart():
    found = figures.disagreements(
        TEXT, {"penalty.multiplier": "1.1.3", "penalty.cap": "9", "relapse_within": "x"}, built_in()
    )
    assert found == [
        Disagreement("penalty.multiplier", "1.1.3", "silent", "5", (), 8),
        Disagreement("penalty.cap", "9", "no_clause", "1", (), 0),
        Disagreement("relapse_within", "x", "no_clause", "30m", (), 0),
    ]


def test_two_regimes_in_one_sentence_are_not_taken_for_each_other():
    text = "Deux heures (heures ouvrées), quatre heures (heures non ouvrées)."
    clauses = {f"targets.critical.{regime}": "0.1" for regime in ("business", "non_business")}
    turned = merge(built_in(), {"targets": {"critical": {"business": "4h", "non_business": "2h"}}})
    assert figures.disagreements(text, clauses, built_in()) == []
    assert [(each.value, each.said) for each in figures.disagreements(text, clauses, turned)] == [
        ("4h", ("2h",)),
        ("2h", ("4h",)),
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("sous deux heures", [120]),
        ("sous 2 h 30, ou 2h45", [150, 165]),
        ("une heure et demie", [90]),
        ("an hour and a half", [90]),
        ("une demi-heure, half an hour", [30, 30]),
        ("trois quarts d'heure", [45]),
        ("vingt-quatre (24) heures", [1440]),
        ("quatre-vingt-dix-sept minutes", [97]),
        ("soixante et onze minutes", [71]),
        ("one hundred and twenty minutes", [120]),
        ("1\u202f200 minutes", [1200]),
        ("1,5 heure", [90]),
        ("within 8 business hours", [480]),
        ("4 hours and 2 tickets", [240]),
        ("deux heures et quinze minutes", [135]),
        ("2 heures ou 4 heures", [120, 240]),
        ("deux jours, une semaine", [2880, 10080]),
        ("de 9 heures à 12 heures", []),
        ("d'un mois, à cinq mètres", []),
    ],
)
def test_lengths_of_time_are_read_in_figures_and_in_words(text, minutes):
    assert [seconds // 60 for seconds, _ in numbers.lengths(numbers.plain(text))] == minutes


@pytest.mark.parametrize(
    ("text", "spans", "days"),
    [
        (
            "de 9 heures à 12 heures et de 14 heures à 18 heures, du lundi au vendredi",
            [(9, 12), (14, 18)],
            "01234",
        ),
        ("from 9 am to 12 noon and from 2 pm to 6 p.m., Monday to Friday", [(9, 12), (14, 18)], "01234"),
        ("9h-12h / 14h-18h30 du lundi au samedi", [(9, 12), (14, 18.5)], "012345"),
        ("09:00-12:00", [(9, 12)], ""),
        ("de neuf heures à midi, le jeudi", [(9, 12)], "3"),
        ("entre 18h et minuit, les lundi et mardi", [(18, 24)], "01"),
        ("24 heures sur 24, 7 jours sur 7", [(0, 24)], "0123456"),
        ("du samedi au lundi", [], "056"),
        ("2 heures", [], ""),
        ("de 12 h à 9 h", [], ""),
    ],
)
def test_hours_of_the_day_and_days_are_read(text, spans, days):
    said = numbers.plain(text)
    assert [(start / 3600, end / 3600) for start, end in numbers.spans(said)] == spans
    assert "".join(map(str, sorted(numbers.days(said)))) == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sans dépasser le montant total du forfait mensuel", "1"),
        ("do not exceed the monthly fee", "1"),
        ("plafonnées à 50 % du forfait", "1/2"),
        ("plafonnées à cinquante pour cent", "1/2"),
        ("au plus deux forfaits mensuels", "2"),
        ("limited to half the monthly fee", "1/2"),
    ],
)
def test_a_cap_is_read_as_a_share_of_the_fee(text, expected):
    found = figures.disagreements(text, {"penalty.cap": "0.1"}, merge(built_in(), {"penalty": {"cap": "7"}}))
    assert [each.said for each in found] == [(expected,)]
