"""Instants, lengths and amounts as each hearer writes them."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from astreinte.words import formats, speaking


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 min"),
        (45, "45 s"),
        (60, "1 min"),
        (1800, "30 min"),
        (1812, "30 min 12 s"),
        (3600, "1 h"),
        (5880, "1 h 38"),
        (5460, "1 h 31"),
        (7205, "2 h 00 min 05 s"),
        (3601, "1 h 00 min 01 s"),
        (180000, "50 h"),
        (-5880, "1 h 38"),
    ],
)
def test_a_length_of_time_is_exact(seconds, said):
    assert plain(formats.lasting(seconds)) == said
    assert plain(formats.lasting(timedelta(seconds=seconds))) == said


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        ("2026-11-23T10:30:00", "lundi 23 novembre 2026 à 11:30", "Monday 23 November 2026 at 11:30"),
        ("2026-12-01T08:30:05", "mardi 1er décembre 2026 à 09:30:05", "Tuesday 1 December 2026 at 09:30:05"),
        (
            "2026-10-25T00:30:00",
            "dimanche 25 octobre 2026 à 02:30 (+02:00)",
            "Sunday 25 October 2026 at 02:30 (+02:00)",
        ),
        (
            "2026-10-25T01:30:00",
            "dimanche 25 octobre 2026 à 02:30 (+01:00)",
            "Sunday 25 October 2026 at 02:30 (+01:00)",
        ),
        ("2026-10-25T02:00:00", "dimanche 25 octobre 2026 à 03:00", "Sunday 25 October 2026 at 03:00"),
        ("2026-03-29T01:00:00", "dimanche 29 mars 2026 à 03:00", "Sunday 29 March 2026 at 03:00"),
    ],
)
def test_an_instant_shows_its_offset_only_in_the_repeated_hour(at, french, english):
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert plain(formats.instant(instant)) == french
    with speaking("en-gb"):
        assert plain(formats.instant(instant)) == english


def test_an_instant_is_said_in_the_zone_of_the_hearer_or_in_the_one_given():
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with speaking("fr", "America/Guadeloupe"):
        assert formats.hour(noon) == "08:00"
        assert formats.hour(noon, ZoneInfo("Europe/Paris"), seconds=True) == "13:00:00"


def test_an_instant_of_the_same_day_is_an_hour_alone():
    morning = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert formats.near(morning + timedelta(hours=2), morning) == "11:00"
    assert plain(formats.near(morning + timedelta(days=1), morning)) == "mardi 24 novembre 2026 à 09:00"


def test_amounts():
    assert plain(formats.amount(5357)) == "53,57 €"
    assert plain(formats.amount(123456700)) == "1 234 567,00 €"
    assert formats.amount(5357).endswith("\u00a0€")
    with speaking("en-gb"):
        assert formats.amount(123456) == "€1,234.56"


def test_what_was_not_rounded_yet_shows_that_it_goes_on():
    assert formats.unrounded(Fraction(37500, 7)) == "53,5714…"
    assert formats.unrounded(Fraction(5357)) == "53,57"
    assert plain(formats.exact_amount(Fraction(200000, 3))) == "666,6666… €"
    assert plain(formats.exact_amount(Fraction(50000))) == "500,00 €"


def test_days_and_months():
    assert plain(formats.day(date(2026, 5, 1))) == "vendredi 1er mai 2026"
    assert plain(formats.month(date(2026, 11, 1))) == "novembre 2026"
