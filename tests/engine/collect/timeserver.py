"""What a time server answers (RFC 5905)."""

import struct

FROM_1900_TO_1970_S = 2_208_988_800


def stamp(at_s):
    """Return an instant in seconds since 1970 as a time server writes it."""
    whole = int(at_s // 1)
    return struct.pack("!II", (whole + FROM_1900_TO_1970_S) % 2**32, int((at_s - whole) * 2**32))


def answer(question, at_s, *, stratum=2, first=0o44, kiss=b"RATE"):
    """Return the answer to `question` of a server for which it is `at_s`, in seconds since 1970."""
    now = stamp(at_s)
    return struct.pack("!BB10x4s8x", first, stratum, kiss) + question[40:48] + now + now
