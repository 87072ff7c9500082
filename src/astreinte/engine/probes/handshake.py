"""One TLS handshake, made here rather than by a transport, so that what is no TLS can be quoted."""

from __future__ import annotations

import asyncio
import enum
import functools
import socket
import ssl
from pathlib import Path

from astreinte.engine.probes.nonsense import NonsenseError, quoted

HANDSHAKE_LIMIT = 256 * 1024
"""Bytes of a handshake at most: OpenSSL itself stops at 100 KiB of certificates."""

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which the module ssl does not name
_RECORDS = range(0x14, 0x18)  # the four kinds of TLS records (RFC 8446, 5.1)


class Trust(enum.Enum):
    """What OpenSSL verifies of the chain. The name is never left to it: it is judged apart."""

    FULL = enum.auto()
    WHATEVER_THE_DATE = enum.auto()
    NONE = enum.auto()


class AuthoritiesError(Exception):
    """Our own file of authorities cannot be read: the message names it."""


async def shake(sock: socket.socket, context: ssl.SSLContext, name: str | None) -> bytes:
    """Return the certificate (DER) that the server shows over `sock`, which the caller closes.

    `name` goes in the hello, None for none. Raises ssl.SSLError (SSLCertVerificationError when the chain
    is refused), NonsenseError for what is no TLS, and OSError. Waits for ever: the caller bounds it.
    """
    loop = asyncio.get_running_loop()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=name)
    first, received = b"", 0
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            await loop.sock_sendall(sock, outgoing.read())
        except ssl.SSLError as error:
            await _say_why(sock, outgoing)
            if first and first[0] not in _RECORDS:
                raise NonsenseError(f"no TLS ({error.reason}): {quoted(first)}") from error
            raise
        else:
            # The last words of the handshake: a server that misses them logs an error at each probe.
            await loop.sock_sendall(sock, outgoing.read())
            return _leaf(session)
        data = await loop.sock_recv(sock, 16 * 1024)
        first, received = first or data, received + len(data)
        if not data:
            raise _cut(first)
        if received > HANDSHAKE_LIMIT:
            raise NonsenseError(f"a handshake of more than {HANDSHAKE_LIMIT // 1024} KiB: {quoted(first)}")
        incoming.write(data)


async def _say_why(sock: socket.socket, outgoing: ssl.MemoryBIO) -> None:
    try:
        await asyncio.get_running_loop().sock_sendall(sock, outgoing.read())
    except OSError:
        return  # whoever does not stay for the alert misses it


def _leaf(session: ssl.SSLObject) -> bytes:
    der = session.getpeercert(binary_form=True)
    if not der:
        raise NonsenseError("the server shows no certificate")
    return der


def _cut(first: bytes) -> Exception:
    if not first:
        return ConnectionResetError("closed without an answer")
    return NonsenseError(f"the handshake was cut off: {quoted(first)}")


def context(trust: Trust, ca_file: str | None) -> ssl.SSLContext:
    """Return what a handshake needs, made once. Raises AuthoritiesError for a `ca_file` that cannot be read."""
    try:
        changed = Path(ca_file).stat().st_mtime_ns if ca_file else 0
        return _context(trust, ca_file, changed)
    except OSError as error:
        raise AuthoritiesError(f"ca_file {ca_file}: {error.strerror or error}") from error


@functools.lru_cache(maxsize=64)
def _context(trust: Trust, ca_file: str | None, _changed: int) -> ssl.SSLContext:
    if trust is Trust.NONE:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made
    made = ssl.create_default_context(cafile=ca_file)
    made.check_hostname = False
    if trust is Trust.WHATEVER_THE_DATE:
        made.verify_flags = ssl.VerifyFlags(made.verify_flags | _NO_CHECK_TIME)
    return made
