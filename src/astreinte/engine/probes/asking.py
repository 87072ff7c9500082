"""One question to one name server: over UDP, and over TCP when the answer does not fit (RFC 1035, 4.2; RFC 7766)."""

from __future__ import annotations

import asyncio
import socket
import struct

from dns.exception import DNSException
from dns.flags import TC
from dns.message import Message, QueryMessage, from_wire

from astreinte.engine.probes import connecting
from astreinte.engine.probes.connecting import Target, refused_at_once
from astreinte.engine.probes.nonsense import NonsenseError, quoted, reason

LARGEST = 65535
STRAYS_LIMIT = 100
"""Datagrams that are no answer to our question: others may be forged, so that the true one is waited for."""


class Question:
    """A question under way. `stray` is the first datagram that came and was no answer to it."""

    def __init__(self, query: Message) -> None:
        self.query, self.stray = query, b""
        self._wire = query.to_wire()

    async def ask(self, address: str, port: int, *, within_s: float) -> QueryMessage:
        """Return the answer. `within_s` bounds the connection over TCP alone: the caller bounds the whole.

        Raises NonsenseError, quoting, and OSError (`blame` says whose fault it is).
        """
        answer = await self._over_udp(address, port)
        if answer.flags & TC:
            answer = await self._over_tcp(address, port, within_s)
        return answer

    async def _over_udp(self, address: str, port: int) -> QueryMessage:
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
            # Connected, so that only this server is heard, and a port without a server refuses.
            error = sock.connect_ex((address, port))
            if error:
                raise refused_at_once(error)
            sock.send(self._wire)
            for _ in range(STRAYS_LIMIT):
                raw = await loop.sock_recv(sock, LARGEST)
                if raw[:2] == self._wire[:2]:
                    return self._read(raw)
                self.stray = self.stray or raw
        raise NonsenseError(f"nothing but answers to other questions: {quoted(self.stray)}")

    async def _over_tcp(self, address: str, port: int, within_s: float) -> QueryMessage:
        sock = await connecting.connect(Target(address, address), port, within_s=within_s)
        with sock:
            await asyncio.get_running_loop().sock_sendall(
                sock, struct.pack("!H", len(self._wire)) + self._wire
            )
            (length,) = struct.unpack("!H", await _exactly(sock, 2))
            return self._read(await _exactly(sock, length))

    def _read(self, raw: bytes) -> QueryMessage:
        try:
            answer = from_wire(raw, ignore_trailing=True, raise_on_truncation=False)
            if isinstance(answer, QueryMessage) and self.query.is_response(answer):
                return answer
        except (DNSException, ValueError, struct.error) as error:
            raise NonsenseError(f"not a DNS answer ({reason(error)}): {quoted(raw)}") from error
        raise NonsenseError(f"an answer to another question: {quoted(raw)}")


async def _exactly(sock: socket.socket, length: int) -> bytes:
    raw = b""
    while len(raw) < length:
        data = await asyncio.get_running_loop().sock_recv(sock, length - len(raw))
        if not data:
            raise NonsenseError(f"over TCP, the answer was cut off: {quoted(raw)}")
        raw += data
    return raw
