"""Echo requests (ICMP and ICMPv6): one socket a family for all bursts under way, and one reader."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from astreinte.engine.probes.connecting import refused_at_once

HEADER = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence (RFC 792; RFC 4443, 4)
PADDING = bytes(48)
TOKEN_BYTES = 8
READ_AT_ONCE = 256
RECEIVE_BUFFER = 1 << 20
SEND_BUFFER = 1 << 20
"""Requests to addresses whose neighbour does not answer stay in it for seconds: those of all bursts share it."""

_REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}
_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_LEVEL_RAW, _FILTER = 255, 1  # SOL_RAW and ICMP_FILTER; ICMP6_FILTER has the same number


class ForbiddenError(Exception):
    """This process may not send echo requests: the message is what to type."""


@dataclass(eq=False, slots=True)
class Burst:
    """What came back for a few requests to one address: `rtts` in seconds, and `nonsense` as it came."""

    address: str
    expected: int
    complete: asyncio.Future[None]
    payload: bytes = field(default_factory=lambda: secrets.token_bytes(TOKEN_BYTES) + PADDING)
    rtts: list[float] = field(default_factory=list)
    nonsense: list[bytes] = field(default_factory=list)
    sequences: list[int] = field(default_factory=list)

    def note(self) -> None:
        """Wake whoever waits, once each request has its answer."""
        if len(self.rtts) + len(self.nonsense) >= self.expected and not self.complete.done():
            self.complete.set_result(None)


class Pinger:
    """A socket, its reader, and the requests that wait for their answer.

    An unprivileged socket has the kernel choose its identifier, and gets only its own answers; a raw one
    sees those of everyone: the identifier is drawn at random.
    """

    def __init__(self, family: socket.AddressFamily) -> None:
        self._family = family
        self._socket, self.raw = _open(family)
        self._identifier = secrets.randbelow(1 << 16)
        self._sequence = secrets.randbelow(1 << 16)
        self._waiting: dict[int, tuple[Burst, float]] = {}

    def open(self) -> None:
        """Begin to read."""
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)

    def close(self) -> None:
        """End reading, and close."""
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()

    def send(self, burst: Burst) -> None:
        """Send one more request of the burst. Raises OSError for what fails at once (`blame` says whose)."""
        # Sequence numbers come round after 65,536 requests: long after the last answer was waited for.
        self._sequence = sequence = (self._sequence + 1) & 0xFFFF
        packet = self._request(sequence, burst.payload)
        burst.sequences.append(sequence)
        self._waiting[sequence] = (burst, time.monotonic())
        try:
            self._socket.sendto(packet, (burst.address, 0))
        except OSError as error:
            raise refused_at_once(error.errno or 0) from error

    def forget(self, burst: Burst) -> None:
        """Wait no longer for the answers to the burst."""
        for sequence in burst.sequences:
            if self._waiting.get(sequence, (None,))[0] is burst:
                del self._waiting[sequence]

    def take(self, packet: bytes, source: str, at: float) -> None:
        """Note one packet that came. Who is not its addressee's answer is passed over."""
        # Only IPv4 gives raw sockets the header of the packet as well.
        has_header = self.raw and self._family == socket.AF_INET and packet
        message = packet[(packet[0] & 15) * 4 :] if has_header else packet
        if len(message) < HEADER.size:
            return
        kind, _, _, identifier, sequence = HEADER.unpack_from(message)
        if kind != _REPLY[self._family] or (self.raw and identifier != self._identifier):
            return
        burst, sent_at = self._waiting.get(sequence, (None, 0.0))
        if burst is None:
            return
        if message[HEADER.size :] == burst.payload:
            burst.rtts.append(max(0.0, at - sent_at))
        elif source.partition("%")[0] == burst.address.partition("%")[0]:
            burst.nonsense.append(message)
        else:
            return  # another's answer, with our identifier by chance
        del self._waiting[sequence]
        burst.note()

    def _read(self) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                packet, source = self._socket.recvfrom(2048)
            except BlockingIOError:
                return
            except OSError:
                continue  # what a router said of an earlier request: that one stays without an answer
            self.take(packet, source[0], time.monotonic())

    def _request(self, sequence: int, payload: bytes) -> bytes:
        kind = _REQUEST[self._family]
        message = HEADER.pack(kind, 0, 0, self._identifier, sequence) + payload
        if self._family == socket.AF_INET6 or not self.raw:
            return message  # the kernel writes the checksum
        return HEADER.pack(kind, 0, checksum(message), self._identifier, sequence) + payload


def checksum(message: bytes) -> int:
    """Return the checksum of the Internet (RFC 1071) of a message of even length."""
    total: int = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total >> 16) + (total & 0xFFFF)
    return 0xFFFF & ~(total + (total >> 16)) & 0xFFFF


def _open(family: socket.AddressFamily) -> tuple[socket.socket, bool]:
    try:
        sock, raw = socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[family]), False
    except PermissionError:
        sock, raw = _open_raw(family), True
    sock.settimeout(0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    return sock, raw


def _open_raw(family: socket.AddressFamily) -> socket.socket:
    try:
        sock = socket.socket(family, socket.SOCK_RAW, _PROTOCOL[family])
    except PermissionError as error:
        raise ForbiddenError(
            "no right to send echo requests; as root, type: sysctl -w net.ipv4.ping_group_range='0 2147483647'"
        ) from error
    if family == socket.AF_INET6:
        refused = bytearray(b"\xff" * 32)
        struct.pack_into("=I", refused, 16, 0xFFFFFFFF & ~(1 << (_REPLY[family] - 128)))
        sock.setsockopt(socket.IPPROTO_ICMPV6, _FILTER, bytes(refused))
    else:
        sock.setsockopt(_LEVEL_RAW, _FILTER, struct.pack("=I", 0xFFFFFFFF & ~(1 << _REPLY[family])))
    return sock


@dataclass(eq=False, slots=True)
class _Shared:
    pinger: Pinger
    users: int = 0


_OPEN: dict[tuple[asyncio.AbstractEventLoop, socket.AddressFamily], _Shared] = {}


@contextmanager
def shared(family: socket.AddressFamily) -> Iterator[Pinger]:
    """Lend the pinger of this loop and family: opened by the first who needs it, closed by the last.

    Raises ForbiddenError, and OSError when it cannot be opened (`blame` says whose fault).
    """
    key = (asyncio.get_running_loop(), family)
    if key not in _OPEN:
        pinger = Pinger(family)
        pinger.open()
        _OPEN[key] = _Shared(pinger)
    lent = _OPEN[key]
    lent.users += 1
    try:
        yield lent.pinger
    finally:
        lent.users -= 1
        if not lent.users:
            del _OPEN[key]
            lent.pinger.close()
