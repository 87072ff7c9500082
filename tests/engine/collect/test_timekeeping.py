"""What a time server says, read as the standard has it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.collect.linux import FactError
from astreinte.engine.collect.timekeeping import of_the_kernel, offset_s, request
from tests.engine.collect.timeserver import answer, stamp

TOKEN = b"question"
NOW = 1_795_000_000.0


def test_a_question_holds_no_instant_of_ours():
    question = request(TOKEN)
    assert (len(question), question[0], question[40:]) == (48, 0b00_100_011, TOKEN)
    assert not any(question[1:40])


def test_half_of_the_way_there_and_back_is_allowed_for():
    received = answer(request(TOKEN), NOW + 10)
    assert offset_s(received, token=TOKEN, sent_s=NOW - 0.2, got_s=NOW + 0.2) == pytest.approx(-10)


def test_the_seconds_that_come_round_in_2036_are_of_the_nearest_era():
    after = 2_085_978_496.0 + 100
    assert struct.unpack("!I", stamp(after)[:4])[0] == 100
    assert offset_s(answer(request(TOKEN), after), token=TOKEN, sent_s=after, got_s=after) == pytest.approx(0)


@pytest.mark.parametrize(
    ("received", "message"),
    [
        (b"", "not an answer of a time server: 0 bytes"),
        (answer(request(b"another!"), NOW), "not an answer of a time server to our question"),
        (answer(request(TOKEN), NOW, first=0o43), "not an answer of a time server to our question"),
        (answer(request(TOKEN), NOW, stratum=0, kiss=b"DENY"), "the time server refuses: DENY"),
        (answer(request(TOKEN), NOW, first=0o344), "the time server has no right time itself"),
        (answer(request(TOKEN), NOW, stratum=16), "the time server has no right time itself"),
        (answer(request(TOKEN), NOW)[:40] + bytes(8), "the time server tells no time"),
    ],
)
def test_what_tells_no_time_is_refused(received, message):
    with pytest.raises(FactError) as error:
        offset_s(received, token=TOKEN, sent_s=NOW, got_s=NOW)
    assert str(error.value) == message


@given(st.binary(max_size=100))
def test_any_other_bytes_are_refused(received):
    with pytest.raises(FactError):
        offset_s(received, token=TOKEN, sent_s=NOW, got_s=NOW)


def test_the_kernel_says_what_it_knows():
    found = of_the_kernel()
    assert found.error_s >= 0
