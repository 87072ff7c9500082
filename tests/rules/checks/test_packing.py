"""An hour of samples comes back bit for bit; bytes that are damaged are never taken for samples."""

import math
import random
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from astreinte.rules.checks import packing
from astreinte.rules.checks.packing import PackingError, Summary

FINITE = st.floats(allow_nan=False, allow_infinity=False)
DECIMALS = st.integers(-(10**9), 10**9).map(lambda n: n / 100)
HOURS = st.lists(st.integers(0, 3599), unique=True, min_size=1, max_size=60).map(sorted)


@st.composite
def hours(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    offsets = draw(HOURS)
    kind = draw(st.sampled_from([FINITE, DECIMALS]))
    return offsets, draw(st.lists(kind, min_size=len(offsets), max_size=len(offsets)))


def bits(values: list[float]) -> bytes:
    return struct.pack(f"{len(values)}d", *values)


@given(hours())
@example(([0, 1], [0.0, -0.0]))
@example(([3599], [5e-324]))
@example(([0, 7, 8], [1.7976931348623157e308, -1.7976931348623157e308, 9007199254740993.0]))
@example(([0, 1, 2], [0.000412, 0.1, 12.5]))
def test_irregular_instants_and_any_finite_values_come_back_bit_for_bit(hour):
    offsets, values = hour
    again, read = packing.unpack(packing.pack(offsets, values))
    assert again == offsets
    assert bits(read) == bits(values)


@given(hours(), st.integers(1, 3600))
def test_summaries_hold_every_sample_and_come_back(hour, width):
    parts = packing.summed(hour[0], hour[1], width)
    assert sum(one.n for one in parts) == len(hour[0])
    assert all(one.lo <= one.mean <= one.hi for one in parts)
    assert (min(one.lo for one in parts), max(one.hi for one in parts)) == (min(hour[1]), max(hour[1]))
    again = packing.unpack_summed(packing.pack_summed(parts))
    assert [(bits([one.lo, one.hi, one.total]), one.offset, one.n) for one in again] == [
        (bits([one.lo, one.hi, one.total]), one.offset, one.n) for one in parts
    ]


def test_stretches_merge_into_one():
    first, second = packing.summary(0, [1.0, 3.0]), packing.summary(300, [8.0])
    assert packing.merged([first, second], 0) == Summary(0, 3, 1.0, 8.0, 12.0)


def test_a_sum_beyond_all_doubles_stays_a_number():
    one = packing.summary(0, [1.7e308, 1.7e308])
    assert math.isfinite(one.total)
    assert one.lo <= one.mean <= one.hi


@given(hours(), st.data())
def test_a_bit_that_fell_over_is_an_error_or_was_one_that_says_nothing(hour, data):
    packed = bytearray(packing.pack(*hour))
    place = data.draw(st.integers(0, len(packed) * 8 - 1))
    packed[place // 8] ^= 1 << place % 8
    try:
        read = packing.unpack(bytes(packed))
    except PackingError:
        return
    # zlib has a few such bits: how hard was compressed, what fills up the last byte.
    assert (read[0], bits(read[1])) == (hour[0], bits(hour[1]))


@given(st.binary(max_size=80))
@example(b"")
def test_other_bytes_are_an_error(raw):
    for read in (packing.unpack, packing.unpack_summed):
        with pytest.raises(PackingError):
            read(raw)
        for version in (packing.WHOLE, packing.SUMMED):
            with pytest.raises(PackingError):
                read(bytes([version]) + raw)


def test_a_cut_or_lengthened_hour_is_an_error():
    packed = packing.pack([0, 15, 30], [0.1, 0.2, 0.3])
    for harm in (packed[:-1], packed + b"\0", packed[: len(packed) // 2]):
        with pytest.raises(PackingError):
            packing.unpack(harm)


@pytest.mark.parametrize(
    ("offsets", "values"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([3600], [1.0], id="of the next hour"),
        pytest.param([-1], [1.0], id="of the hour before"),
        pytest.param([5, 5], [1.0, 1.0], id="twice"),
        pytest.param([5], [1.0, 2.0], id="a value too many"),
        pytest.param([5], [math.nan], id="no number"),
        pytest.param([5], [math.inf], id="no end"),
    ],
)
def test_what_is_no_hour_is_not_packed(offsets, values):
    with pytest.raises(PackingError):
        packing.pack(offsets, values)


def test_an_hour_of_response_times_takes_under_three_bytes_a_sample():
    draw = random.Random(3)
    times = [round(draw.lognormvariate(-7, 0.3), 6) for _ in range(240)]
    assert len(packing.pack(range(0, 3600, 15), times)) < 3 * 240


def test_whatever_the_values_it_takes_little_more_than_eight_bytes_a_sample():
    draw = random.Random(4)
    values = [draw.lognormvariate(-7, 3) for _ in range(240)]
    assert len(packing.pack(range(0, 3600, 15), values)) < 8.2 * 240
