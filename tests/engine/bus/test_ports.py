"""Messages are frozen, and travel without a change."""

from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.bus.ports import (
    Assign,
    Assignment,
    Batch,
    Dismissal,
    Hello,
    MessageError,
    Receipt,
    Result,
    decode,
    encode,
)
from astreinte.rules.checks.outcome import Level

WORDS = st.text(max_size=20)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
RESULTS = st.builds(
    Result,
    check_id=WORDS,
    slot=st.integers(0, 2**40),
    at=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis wants naive bounds)
    level=st.sampled_from(Level),
    text=WORDS,
    values=st.dictionaries(WORDS, NUMBERS, max_size=3),
    took_s=NUMBERS,
)
ASSIGNMENTS = st.builds(
    Assignment,
    check_id=WORDS,
    kind=WORDS,
    target=WORDS,
    options=st.dictionaries(WORDS, st.one_of(st.none(), st.booleans(), st.integers(), WORDS), max_size=3),
    every_s=st.integers(1, 86400),
    retry_s=st.integers(1, 600),
    attempts=st.integers(1, 20),
    recoveries=st.integers(1, 20),
)
MESSAGES = st.one_of(
    st.builds(Hello, WORDS, st.integers(1, 2**22)),
    st.builds(
        Assign,
        st.lists(ASSIGNMENTS, max_size=3).map(tuple),
        st.lists(WORDS, max_size=3).map(tuple),
        st.booleans(),
    ),
    st.builds(Batch, WORDS, st.lists(RESULTS, max_size=3).map(tuple), WORDS, st.integers(0, 2**40)),
    st.builds(Receipt, WORDS),
    st.builds(Dismissal, WORDS),
)


@given(MESSAGES)
def test_a_message_arrives_as_it_left(message):
    line = encode(message)
    assert b"\n" not in line
    assert decode(line) == message


@given(st.one_of(st.binary(max_size=200), st.from_regex(rb'\{"is":"(batch|assign|hello)".{0,40}\}')))
def test_any_other_bytes_are_refused_and_quoted(line):
    with pytest.raises(MessageError, match="not a message of the bus"):
        decode(line)


@pytest.mark.parametrize("every_s", [0, -5, 2.5, "15"])
def test_a_pace_is_a_whole_number_of_seconds(every_s):
    with pytest.raises(MessageError, match="check 7: every_s: a whole number from 1 up"):
        Assignment("7", "tcp", "host", every_s=every_s)


def test_half_a_surrogate_pair_holds_up_nothing():
    at = datetime(2026, 11, 24, tzinfo=UTC)
    broken = Result("7", 0, at, Level.UNKNOWN, "it said \ud800 | é", {"used_percent:/\udce9": 3})
    sound = Result("8", 0, at, Level.OK, "é")
    arrived = decode(encode(Batch("b", (broken, sound))))
    assert arrived.results[0] == Result("7", 0, at, Level.UNKNOWN, "it said ? | é", {"used_percent:/?": 3})
    assert arrived.results[1] == sound


def test_a_whole_number_arrives_as_one_and_a_view_as_what_it_shows():
    at = datetime(2026, 11, 24, tzinfo=UTC)
    seen = MappingProxyType({"status": 200, "first_byte_s": 0.25})
    (arrived,) = decode(encode(Batch("b", (Result("7", 0, at, Level.OK, "", seen),)))).results
    assert repr(arrived.values) == "{'status': 200, 'first_byte_s': 0.25}"


@pytest.mark.parametrize(
    "result",
    [
        '["7",0,"2026-11-24T10:00:00+01:00","ok","",{},0]',
        '["7",0,"2026-11-24T10:00:00","ok","",{},0]',
        '["7",0,"2026-11-24T10:00:00Z","green","",{},0]',
        '["7",0,"2026-11-24T10:00:00Z","ok","",{"a":null},0]',
        '["7",0.5,"2026-11-24T10:00:00Z","ok","",{},0]',
        '["7",0]',
    ],
)
def test_a_result_that_cannot_be_is_refused_as_it_is_read(result):
    with pytest.raises(MessageError, match="not a message of the bus"):
        decode(f'{{"is":"batch","id":"b","results":[{result}]}}'.encode())


def test_a_result_has_its_instant_in_utc():
    with pytest.raises(MessageError, match="check 7: at: not an instant in UTC"):
        Result("7", 0, datetime.fromisoformat("2026-11-24T10:00:00+01:00"), Level.OK, "")


def test_with_the_default_pace_a_silent_service_is_sure_in_time_for_its_ticket():
    pace = Assignment("7", "tcp", "host")
    timeout_s = 5
    assert pace.every_s + (pace.attempts - 1) * max(pace.retry_s, timeout_s) + timeout_s <= 45
