"""Lengths of time as pages show them: what is over is exact where a minute would be much of it."""

from datetime import timedelta

import pytest
from django.utils import translation

from astreinte.doors import pieces, promises, saying
from astreinte.words import speaking
from tests.builders import paris
from tests.doors.browsing import plain


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        pytest.param(25, "25 s", id="less than a minute"),
        pytest.param(60, "1 min", id="no second to tell"),
        pytest.param(64, "1 min 04 s", id="late by a minute and four seconds"),
        pytest.param(3599, "59 min 59 s", id="the last second of an hour"),
        pytest.param(3604, "1 h", id="from an hour on, minutes"),
        pytest.param(5884, "1 h 38", id="hours and minutes"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en-gb"])
def test_what_is_over_is_said_to_the_second_below_an_hour(language, seconds, said):
    with speaking(language):
        assert plain(saying.exactly_lasting(timedelta(seconds=seconds))) == said


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ("FR", "ceux de France métropolitaine"),
        ("FR-57", "ceux de France, avec les siens propres pour FR-57"),
        (None, "aucun"),
    ],
)
def test_a_calendar_is_said_in_words(calendar, said):
    terms = {
        "targets": {},
        "business_hours": {},
        "calendar": calendar,
        "clock_starts_on": [],
        "mixed_rule": "reception",
        "penalty": {"rounding": "started", "opening_hours": "business", "multiplier": "5", "cap": None},
    }
    assert dict(promises.values(terms))["Jours fériés"] == said


def test_the_year_is_said_when_it_is_not_this_one():
    with speaking("fr"):
        assert (
            plain(saying.near(paris("2027-01-11T22:00"), paris("2026-11-23T11:30"))) == "11 janv. 2027 22:00"
        )
        assert plain(saying.near(paris("2026-01-11T22:00"), paris("2026-11-23T11:30"))) == "11 janv. 22:00"
        assert plain(saying.short(paris("2027-01-11T22:00"), paris("2026-11-23T11:30"))) == "11 janv. 2027"


def test_a_stretch_of_announced_work_bears_its_days_in_full():
    with speaking("fr"), translation.override("fr"):
        night = pieces.stretch(paris("2027-01-11T22:00"), paris("2027-01-12T00:00"))
        evening = pieces.stretch(paris("2027-01-11T20:00"), paris("2027-01-11T22:00"))
    assert plain(night) == "du lundi 11 janvier 2027 à 22:00 au mardi 12 janvier 2027 à 00:00"
    assert plain(evening) == "le lundi 11 janvier 2027 de 20:00 à 22:00"
