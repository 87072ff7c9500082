"""Measures are said with the unit that suits them, in the numbers of who reads; axes end at round numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.words import measures, speaking


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("connect_s", 0.000412, "412 µs", "412 µs"),
        ("took_s", 0.01234, "12,3 ms", "12.3 ms"),
        ("took_s", 10.0, "10 s", "10 s"),
        ("took_s", 90.0, "90 s", "90 s"),
        ("uptime_s", 5400.0, "1,5 h", "1.5 h"),
        ("took_s", 0.0, "0 µs", "0 µs"),
        ("offset_s", -0.0042, "-4,2 ms", "-4.2 ms"),
        ("used_percent:/var", 61.25, "61,2 %", "61.2 %"),
        ("avail_bytes:/", 8 * 2.0**30, "8 Gio", "8 GiB"),
        ("avail_bytes:/", 12.0, "12 o", "12 B"),
        ("days_left", 19.5, "19,5 j", "19.5 d"),
        ("major_faults_per_s", 1234.0, "1 234 /s", "1,234 /s"),
        ("status", 200.0, "200", "200"),
        ("load_5min", 0.07, "0,07", "0.07"),
        ("odd", 1e300, None, None),
    ],
)
def test_a_measure_has_its_unit_and_three_digits_that_count(name, value, french, english):
    for language, expected in (("fr", french), ("en-gb", english)):
        with speaking(language):
            said = measures.said(name, value)
        if expected is not None:
            assert (
                said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == expected
            )


FINITE = st.floats(-1e300, 1e300, allow_subnormal=False)
NAMES = st.sampled_from(["took_s", "used_percent", "avail_bytes", "days_left", "queue"])


@given(NAMES, FINITE, FINITE)
def test_an_axis_holds_what_it_is_for_and_zero(name, one, other):
    lowest, highest = sorted((one, other))
    low, high = measures.ends(name, lowest, highest)
    assert low <= min(lowest, 0.0) + abs(lowest) * 1e-9
    assert high >= max(highest, 0.0) - abs(highest) * 1e-9
    assert low < high


@given(NAMES, FINITE)
def test_any_value_can_be_said(name, value):
    assert measures.said(name, value)


@pytest.mark.parametrize(
    ("name", "highest", "end"),
    [
        ("took_s", 0.83, 1.0),
        ("took_s", 0.212, 0.25),
        ("used_percent", 61.0, 100.0),
        ("load_5min", 3.1, 4.0),
    ],
)
def test_an_axis_ends_at_a_round_number(name, highest, end):
    assert list(measures.ends(name, 0.0, highest)) == pytest.approx([0.0, end])
