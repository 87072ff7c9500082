"""What people write into a form, read in their zone: instants, amounts, numbers; what is wrong shows what is right."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from astreinte.doors.fields import EurosField, InstantField, PhoneField
from tests.builders import paris
from tests.doors.browsing import plain

NOW = paris("2026-11-23T11:30")


@pytest.fixture(autouse=True)
def in_paris():
    with timezone.override("Europe/Paris"), translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2026-11-28 03:00", paris("2026-11-28T03:00"), id="as a machine writes it"),
        pytest.param("2026-11-28T03:00:07", paris("2026-11-28T03:00:07"), id="as a browser sends it"),
        pytest.param("28/11/2026 03:00", paris("2026-11-28T03:00"), id="as people write it"),
        pytest.param("  28/11/2026   3h00 ", paris("2026-11-28T03:00"), id="with an h, and blanks"),
        pytest.param("11:28", paris("2026-11-23T11:28"), id="an hour of today"),
        pytest.param("8h", paris("2026-11-23T08:00"), id="a round hour of today"),
        pytest.param("2026-07-01 12:00", paris("2026-07-01T12:00"), id="in summer"),
        pytest.param(
            "2026-10-25 02:30+02:00", paris("2026-10-25T02:30"), id="the first pass of the repeated hour"
        ),
        pytest.param("2026-10-25 02:30+01:00", paris("2026-10-25T02:30", fold=1), id="the second pass"),
        pytest.param("2026-11-28T02:00Z", paris("2026-11-28T03:00"), id="in UTC"),
    ],
)
def test_an_instant_is_read_in_the_zone_of_the_reader(text, instant):
    assert InstantField(now=NOW).clean(text) == instant


def test_a_day_is_enough_where_a_day_is_meant():
    assert InstantField(now=NOW, midnight=True).clean("2026-12-01") == paris("2026-12-01T00:00")
    with pytest.raises(ValidationError):
        InstantField(now=NOW).clean("2026-12-01")


def test_nothing_is_no_instant_where_that_is_allowed():
    assert InstantField(now=NOW, required=False).clean(" ") is None


@pytest.mark.parametrize(
    "text",
    [
        "demain",
        "2026-13-01 10:00",
        "2026-11-31 10:00",
        "24:00",
        "11:60",
        "1:2:3:4",
        "2026-11-28 03:00 +1",
        "٣:٠٠x",
    ],
)
def test_what_is_no_instant_is_shown_one(text):
    with pytest.raises(ValidationError) as refused:
        InstantField(now=NOW).clean(text)
    assert plain(refused.value.messages[0]) == (
        f"« {plain(text)} » n'est pas un instant. Écrivez par exemple « 2026-11-23 11:30 »."
    )


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("500", 50_000),
        ("500,00", 50_000),
        ("1 234,5", 123_450),
        ("1\u202f234.56 €", 123_456),
        ("0", 0),
        ("0,01", 1),
    ],
)
def test_an_amount_is_read_to_the_cent(text, cents):
    assert EurosField().clean(text) == cents


@pytest.mark.parametrize("text", ["-5", "1,234,5", "1.005", "cinq", "1e3", "5 $"])
def test_what_is_no_amount_is_shown_one(text):
    with pytest.raises(ValidationError) as refused:
        EurosField().clean(text)
    assert "n'est pas un montant en euros. Écrivez par exemple « 390,00 »." in plain(
        refused.value.messages[0]
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 39 98 01 17", "0639980117"),
        ("+33 6 39 98 01 17", "+33639980117"),
        ("06.39.98.01.17", "0639980117"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_read(text, number):
    assert PhoneField(required=False).clean(text) == number
