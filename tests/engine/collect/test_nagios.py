"""What a plugin prints, read as its guidelines say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.collect.nagios import Datum, Range, printed
from astreinte.rules.checks.outcome import Level, Outcome


def data_of(perfdata):
    return printed(f"OK | {perfdata}".encode()).data


@pytest.mark.parametrize(
    ("perfdata", "values"),
    [
        ("time=0.5s", {"time_s": 0.5}),
        ("rta=12.5ms;100;500;0", {"rta_s": 0.0125}),
        ("t=7us", {"t_s": 7e-6}),
        ("pl=20%;40;80", {"pl_percent": 20}),
        ("/=2643MB;5948;5958;0;5968", {"/_bytes": 2643 * 1024**2}),
        ("swap=1GB a=2TB b=3KB c=4B", {"swap_bytes": 2**30, "a_bytes": 2**41, "b_bytes": 3072, "c_bytes": 4}),
        ("in=12c", {"in_count": 12}),
        ("temp=41.5C", {"temp_count": 41.5}),
        ("power=-3.5W", {"power_W": -3.5}),
        ("load1=0.010;5.000;10.000;0; load5=1e-2", {"load1": 0.01, "load5": 0.01}),
        ("'my disk'=1B 'it''s'=2 '=='=3", {"my disk_bytes": 1, "it's": 2, "==": 3}),
        ("x=U y=1", {"y": 1}),
        ("x=1 x=2", {"x": 1}),
        ("", {}),
    ],
)
def test_values_are_named_with_their_unit_in_units_of_ours(perfdata, values):
    assert printed(f"OK | {perfdata}".encode()).values == values
    assert printed(f"OK | {perfdata}".encode()).unread == ()


@pytest.mark.parametrize(
    ("said", "warning"),
    [
        ("10", Range(0, 10)),
        ("10:", Range(10, None)),
        ("~:10", Range(None, 10)),
        ("10:20", Range(10, 20)),
        ("@10:20", Range(10, 20, inside=True)),
        ("-5:5", Range(-5, 5)),
        ("", None),
        ("ten", None),
        (":", Range(0, None)),
    ],
)
def test_limits_are_ranges(said, warning):
    assert data_of(f"x=1;{said};3") == (Datum("x", 1, warning, Range(0, 3)),)


def test_limits_are_in_the_unit_of_the_value():
    assert data_of("x=1ms;2;3") == (Datum("x_s", 0.001, Range(0, 0.002), Range(0, 0.003)),)


@pytest.mark.parametrize(
    ("perfdata", "unread"),
    [
        ("a=b", ("a=b",)),
        ("a=1 stray b=2", ("stray",)),
        ("=1", ("=1",)),
        ("''=1", ("''=1",)),
        ("'open=1", ("'open=1",)),
        ("a=0,5s", ("a=0,5s",)),
        ("a=1e999", ("a=1e999",)),
        ("a=", ("a=",)),
        ("a=1.2.3", ("a=1.2.3",)),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_read(perfdata, unread):
    found = printed(f"OK | {perfdata} good=1".encode())
    assert found.unread == unread
    assert found.values["good"] == 1


def test_more_lines_are_more_text_and_after_a_second_bar_more_data():
    found = printed(b"DISK OK | /=1B\n/boot is fine\n\n/srv is fine | /boot=2B\n/srv=3B\n")
    assert found.text == "DISK OK / /boot is fine / /srv is fine"
    assert found.values == {"/_bytes": 1, "/boot_bytes": 2, "/srv_bytes": 3}


def test_no_more_values_are_kept_than_can_be_stored():
    assert len(printed(b"OK | " + b" ".join(b"v%d=1" % n for n in range(500))).values) == 100
    (name,) = printed(b"OK | " + b"n" * 5000 + b"=1").values
    assert len(name) == 80


@given(st.binary(max_size=300) | st.text("'=|;: 1Uax%@~.\n\0é", max_size=300).map(str.encode))
def test_any_bytes_make_a_result_that_can_be_shown_and_stored(raw):
    found = printed(raw)
    outcome = Outcome(Level.OK, found.text, found.values)
    assert outcome.text.isprintable()
    assert all(name.isprintable() and name for name in outcome.values)


def test_a_long_nonsense_is_read_in_no_time():
    for part in (b"'a ", b"'' ", b"a''", b"'=", b"' =1 "):
        printed(b"OK |" + part * (64 * 1024 // len(part)))
