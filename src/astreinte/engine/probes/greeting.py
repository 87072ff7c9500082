"""What is said in clear before TLS begins on a port of mail: SMTP (RFC 3207) and IMAP (RFC 3501, 6.2.1)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from astreinte.engine.probes.nonsense import NonsenseError, quoted

CLEAR_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class _Turn:
    """What we say (nothing at first: the server speaks), and how the last line of its consent begins."""

    said: bytes
    awaited: bytes


_TURNS: Mapping[str, tuple[_Turn, ...]] = {
    "none": (),
    "smtp": (
        _Turn(b"", b"220 "),
        _Turn(b"EHLO astreinte.invalid\r\n", b"250 "),
        _Turn(b"STARTTLS\r\n", b"220 "),
    ),
    "imap": (_Turn(b"", b"* OK"), _Turn(b"a STARTTLS\r\n", b"a OK")),
}
SPOKEN = tuple(_TURNS)


async def ask_for_tls(sock: socket.socket, protocol: str) -> None:
    """Bring the server to the point where TLS begins.

    Raises NonsenseError, quoting, when it answers anything but what the protocol says, too much of it, or
    words behind its consent (which a third party could have put there). Waits for ever: the caller bounds it.
    """
    loop = asyncio.get_running_loop()
    for turn in _TURNS[protocol]:
        if turn.said:
            await loop.sock_sendall(sock, turn.said)
        await _heard(sock, protocol, turn)


async def _heard(sock: socket.socket, protocol: str, turn: _Turn) -> None:
    loop = asyncio.get_running_loop()
    came = b""
    while not _complete(came, turn):
        data = await loop.sock_recv(sock, 4096)
        came += data
        if not data or len(came) > CLEAR_LIMIT:
            break
    last = came[:-2].rpartition(b"\r\n")[2]
    if not (came.endswith(b"\r\n") and last.startswith(turn.awaited)):
        after = turn.said.decode().strip() or "the connection"
        raise NonsenseError(f"no {protocol.upper()} consent to {after}: {quoted(came)}")


def _complete(came: bytes, turn: _Turn) -> bool:
    if not came.endswith(b"\r\n"):
        return False
    last = came[:-2].rpartition(b"\r\n")[2]
    # SMTP goes on after "250-"; IMAP may say untagged lines before its tagged one.
    if turn.awaited[:1].isdigit():
        return last[3:4] != b"-"
    return not (turn.said and last.startswith(b"* "))
