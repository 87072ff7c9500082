"""How right this machine's clock is: what its kernel knows, and what a time server says (RFC 5905, as SNTP)."""

from __future__ import annotations

import ctypes
import os
import secrets
import socket
import struct
import time
from dataclasses import dataclass

from astreinte.engine.collect.linux import FactError

NTP_PORT = 123
_FROM_1900_TO_1970_S = 2_208_988_800
_STA_UNSYNC, _STA_NANO = 0x0040, 0x2000
_TIME_ERROR = 5


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2), as far as it is read; the rest is room that the kernel may write to."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_long * 64),
    )


@dataclass(frozen=True, slots=True)
class Discipline:
    """What the kernel knows of its clock, in seconds.

    `kept`: something (chrony, systemd-timesyncd, ntpd) keeps it right. `offset_s` is what remains to be
    made up, `error_s` the most that the keeper deems possible. Without a keeper neither says anything.
    """

    kept: bool
    offset_s: float
    error_s: float


def of_the_kernel() -> Discipline:
    """Ask the kernel (adjtimex, which changes nothing here). Raises OSError."""
    found = _Timex()
    libc = ctypes.CDLL(None, use_errno=True)
    state = libc.adjtimex(ctypes.byref(found))
    if state < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return Discipline(
        kept=state != _TIME_ERROR and not found.status & _STA_UNSYNC,
        offset_s=found.offset / (1e9 if found.status & _STA_NANO else 1e6),
        error_s=found.maxerror / 1e6,
    )


def ask(server: str, port: int = NTP_PORT, *, within_s: float) -> float:
    """Return how many seconds this machine's clock is ahead of the server's. Blocks.

    Raises TimeoutError, OSError (unreachable, no such name) and FactError for an answer that tells no time.
    """
    family, kind, _, _, address = socket.getaddrinfo(server, port, type=socket.SOCK_DGRAM)[0]
    token = secrets.token_bytes(8)
    with socket.socket(family, kind) as sock:
        sock.settimeout(within_s)
        # Connected: an answer from elsewhere is not seen, and a closed port is told at once.
        sock.connect(address)
        sent_s = _wall_s()
        sock.send(request(token))
        answer = sock.recv(512)
        return offset_s(answer, token=token, sent_s=sent_s, got_s=_wall_s())


def request(token: bytes) -> bytes:
    """Return the question of a client (version 4); `token` comes back in the answer, instead of our time."""
    return struct.pack("!B39x8s", 0o43, token)


def offset_s(answer: bytes, *, token: bytes, sent_s: float, got_s: float) -> float:
    """Return how far our clock is ahead, by an answer and our instants of question and answer (s since 1970).

    Raises FactError for what is no answer to `token`, or comes from a server that has no right time itself.
    """
    if len(answer) < 48:
        raise FactError(f"not an answer of a time server: {len(answer)} bytes")
    first, stratum = answer[0], answer[1]
    if first & 7 != 4 or answer[24:32] != token:
        raise FactError("not an answer of a time server to our question")
    if stratum == 0:
        raise FactError(f"the time server refuses: {answer[12:16].decode('ascii', 'backslashreplace')}")
    if first >> 6 == 3 or stratum > 15:
        raise FactError("the time server has no right time itself")
    received_s, answered_s = _instant(answer[32:40], got_s), _instant(answer[40:48], got_s)
    return -((received_s - sent_s) + (answered_s - got_s)) / 2


def _instant(stamp: bytes, near_s: float) -> float:
    seconds, fraction = struct.unpack("!II", stamp)
    if not seconds:
        raise FactError("the time server tells no time")
    since_1970 = seconds - _FROM_1900_TO_1970_S
    # 32 bits of seconds come round every 136 years, in 2036 for the first time: the era is the nearest.
    era = round((near_s - since_1970) / 2**32)
    return float(since_1970 + era * 2**32 + fraction / 2**32)


def _wall_s() -> float:
    # The clock of this machine is what is measured here: no other will do, not even one moved by a test.
    return time.time_ns() / 1e9
