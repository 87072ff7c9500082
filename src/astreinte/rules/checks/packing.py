"""An hour of samples as few bytes: pure arithmetic, and back again bit for bit.

A packed hour is a version byte and a zlib stream (which carries its own checksum) of columns. Values that are
decimals of few places travel as whole numbers, each as its difference from the one before; others as doubles,
each XORed with the one before. The bytes of a column are transposed: equal ones stand side by side.
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import xor

HOUR_S = 3600
FIVE_MIN_S = 300
WHOLE, SUMMED = 1, 2
"""The versions: every sample; or a summary of each five minutes."""

_PLACES = (0, 2, 6)
_DOUBLES = 255
_WIDTHS = ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))
_EXACT = 2**53
_LEVEL = 1


class PackingError(ValueError):
    """Bytes that are no packed hour, or samples that make none."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left of the samples of a stretch that begins `offset` seconds into its hour."""

    offset: int
    n: int
    lo: float
    hi: float
    total: float

    @property
    def mean(self) -> float:
        """The mean, kept between the extremes that rounding could leave."""
        return min(self.hi, max(self.lo, self.total / self.n))


def summary(offset: int, values: Sequence[float]) -> Summary:
    """Return the summary of one value or more."""
    return Summary(offset, len(values), min(values), max(values), _sum(values))


def summed(offsets: Sequence[int], values: Sequence[float], width_s: int = FIVE_MIN_S) -> list[Summary]:
    """Return a summary for each `width_s` seconds that have a sample, in order; `offsets` are sorted."""
    found, start = [], 0
    while start < len(offsets):
        first = offsets[start] // width_s * width_s
        end = bisect_left(offsets, first + width_s, lo=start)
        found.append(summary(first, values[start:end]))
        start = end
    return found


def merged(parts: Iterable[Summary], offset: int) -> Summary:
    """Return the summary of several stretches as one that begins at `offset`."""
    listed = list(parts)
    return Summary(
        offset,
        sum(one.n for one in listed),
        min(one.lo for one in listed),
        max(one.hi for one in listed),
        _sum([one.total for one in listed]),
    )


def pack(offsets: Sequence[int], values: Sequence[float]) -> bytes:
    """Return one hour of samples, packed: `offsets` in whole seconds into the hour, rising; `values` finite.

    Raises PackingError for anything else.
    """
    _refuse_offsets(offsets)
    if len(values) != len(offsets) or not all(map(math.isfinite, values)):
        raise PackingError("each offset has one value, a finite number")
    steps = [after - before for before, after in zip([0, *offsets], offsets, strict=False)]
    return _stream(WHOLE, len(offsets), [_transposed(array("H", steps)), _column(values)])


def unpack(data: bytes) -> tuple[list[int], list[float]]:
    """Return the offsets and values of a whole hour. Raises PackingError for damaged bytes."""
    body, n = _body(data, WHOLE)
    steps, rest = _taken(body, n, 2, "H")
    values, rest = _uncolumn(rest, n)
    _refuse_rest(rest)
    offsets = list(accumulate(steps))
    _refuse_offsets(offsets)
    return offsets, values


def pack_summed(parts: Sequence[Summary]) -> bytes:
    """Return the summaries of one hour, packed. Raises PackingError when they are no rising, finite ones."""
    offsets = [one.offset for one in parts]
    _refuse_offsets(offsets)
    columns = [[one.lo for one in parts], [one.hi for one in parts], [one.total for one in parts]]
    if not all(map(math.isfinite, (value for column in columns for value in column))):
        raise PackingError("a summary is of finite numbers")
    counts = [_transposed(array("H", offsets)), _transposed(array("H", [one.n for one in parts]))]
    return _stream(SUMMED, len(parts), [*counts, *map(_column, columns)])


def unpack_summed(data: bytes) -> list[Summary]:
    """Return the summaries of an hour. Raises PackingError for damaged bytes."""
    body, n = _body(data, SUMMED)
    offsets, rest = _taken(body, n, 2, "H")
    counts, rest = _taken(rest, n, 2, "H")
    columns = []
    for _ in range(3):
        column, rest = _uncolumn(rest, n)
        columns.append(column)
    _refuse_rest(rest)
    _refuse_offsets(offsets)
    if 0 in counts:
        raise PackingError("a summary of nothing")
    return [Summary(*one) for one in zip(offsets, counts, *columns, strict=True)]


def _sum(values: Sequence[float]) -> float:
    """Add without an overflow in between; a sum beyond all doubles is the largest one."""
    try:
        total = math.fsum(values)
    except OverflowError:
        total = math.copysign(sys.float_info.max, sum(value / len(values) for value in values))
    return max(-sys.float_info.max, min(sys.float_info.max, total))


def _refuse_offsets(offsets: Sequence[int]) -> None:
    rising = all(map(int.__lt__, offsets, offsets[1:]))
    if not offsets or not rising or offsets[0] < 0 or offsets[-1] >= HOUR_S:
        raise PackingError(f"an hour has one sample or more, at rising seconds from 0 to {HOUR_S - 1}")


def _refuse_rest(rest: bytes) -> None:
    if rest:
        raise PackingError(f"{len(rest)} bytes too many")


def _stream(version: int, n: int, columns: Iterable[bytes]) -> bytes:
    body = struct.pack("<BH", version, n) + b"".join(columns)
    return bytes([version]) + zlib.compress(body, _LEVEL)


def _body(data: bytes, version: int) -> tuple[bytes, int]:
    if not data or data[0] != version:
        raise PackingError(f"begins with {data[:1]!r}, not with version {version}")
    stream = zlib.decompressobj()
    try:
        body = stream.decompress(data[1:], 100 * HOUR_S)
    except zlib.error as error:
        raise PackingError(str(error)) from error
    if not stream.eof or stream.unused_data or len(body) < 3 or body[0] != version:
        raise PackingError("does not end where it should")
    return body[3:], int.from_bytes(body[1:3], "little")


def _column(values: Sequence[float]) -> bytes:
    """Return a column: how it is written, how wide, and its transposed bytes."""
    raw = array("d", values)
    for places in _PLACES:
        whole = _as_decimals(values, raw, places)
        if whole is not None:
            steps = [after - before for before, after in zip([0, *whole], whole, strict=False)]
            return _numbers(places, [step << 1 if step >= 0 else ~(step << 1) for step in steps])
    ahead = int.from_bytes(_little(raw), "little")
    length = 8 * len(raw)
    crossed = (ahead ^ (ahead << 64)) & ((1 << 8 * length) - 1)
    return bytes([_DOUBLES, 8]) + _turned(crossed.to_bytes(length, "little"), 8)


def _as_decimals(values: Sequence[float], raw: array[float], places: int) -> list[int] | None:
    """Return the values in units of that decimal place when that is exact to the last bit, else None."""
    scale = 10**places
    if values[0] != round(values[0] * scale) / scale if abs(values[0]) < _EXACT / scale else True:
        return None
    if max(values) >= _EXACT / scale or min(values) <= -_EXACT / scale:
        return None
    whole = [round(value * scale) for value in values]
    again = array("d", [one / scale for one in whole])
    return whole if again.tobytes() == raw.tobytes() else None  # bytes: 0.0 and -0.0 are equal as numbers


def _numbers(places: int, numbers: list[int]) -> bytes:
    most = max(numbers)
    width, code = next((width, code) for width, code in _WIDTHS if most < 1 << 8 * width)
    return bytes([places, width]) + _transposed(array(code, numbers))


def _uncolumn(raw: bytes, n: int) -> tuple[list[float], bytes]:
    if len(raw) < 2:
        raise PackingError("ends before a column")
    places, width = raw[0], raw[1]
    code = dict(_WIDTHS).get(width)
    if code is None or (places != _DOUBLES and places not in _PLACES):
        raise PackingError(f"a column of an unknown form ({places}, {width})")
    numbers, rest = _taken(raw[2:], n, width, code)
    return (_from_crossed(numbers) if places == _DOUBLES else _from_steps(numbers, 10**places)), rest


def _from_crossed(numbers: Sequence[int]) -> list[float]:
    plain = array("Q", accumulate(numbers, xor))
    values = struct.unpack(f"={len(plain)}d", plain.tobytes())
    if not all(map(math.isfinite, values)):
        raise PackingError("a value that is no finite number")
    return list(values)


def _from_steps(numbers: Sequence[int], scale: int) -> list[float]:
    steps = [-(one + 1 >> 1) if one & 1 else one >> 1 for one in numbers]
    return [at / scale for at in accumulate(steps)]


def _transposed(numbers: array[int]) -> bytes:
    return _turned(_little(numbers), numbers.itemsize)


def _little(numbers: array[int] | array[float]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _turned(raw: bytes, width: int) -> bytes:
    return b"".join([raw[place::width] for place in range(width)])


def _taken(raw: bytes, n: int, width: int, code: str) -> tuple[list[int], bytes]:
    """Take the first `n` numbers of that width; return them and what follows."""
    size = n * width
    if len(raw) < size:
        raise PackingError("ends within a column")
    plain = bytearray(size)
    for place in range(width):
        plain[place::width] = raw[place * n : (place + 1) * n]
    return list(struct.unpack(f"<{n}{code}", plain)), raw[size:]
