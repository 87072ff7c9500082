"""Messages over a Unix socket: one line each, and the address of a socket in any folder."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from astreinte.engine.bus.ports import Message, MessageError, decode, encode

LINE_LIMIT = 32 * 1024 * 1024
"""Bytes of the longest line: the whole set of 50,000 checks fits."""

_ADDRESS_LIMIT = 100


class BusError(Exception):
    """The bus cannot be opened: the message names the path and the way out."""


@contextlib.contextmanager
def address_of(path: Path) -> Iterator[str]:
    """Give the address of the socket at `path`, to be used inside the block.

    The kernel takes 107 bytes; a data folder may lie deeper, so a long path goes through a descriptor of
    its folder.
    """
    if len(os.fsencode(path)) <= _ADDRESS_LIMIT:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listen(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, for its owner alone.

    A socket left by a hub that was killed is replaced; one that answers belongs to a living hub and
    raises BusError, as does a path that cannot be had.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        with address_of(path) as address:
            if path.is_socket():
                if _answers(address):
                    raise BusError(
                        f"{path}: another hub listens there; stop it, or set ASTREINTE_DATA to another folder"
                    )
                path.unlink()
            # On Linux the mode of the unbound socket is that of the file which bind makes: it is
            # never open to others, not even between two calls.
            os.fchmod(sock.fileno(), 0o600)
            sock.bind(address)
            sock.listen(16)
    except OSError as error:
        sock.close()
        raise BusError(f"{path}: cannot listen there: {error.strerror}") from error
    except BaseException:
        sock.close()
        raise
    return sock


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


class Line:
    """One end of a connection: messages instead of bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, message: Message, *, within_s: float) -> None:
        """Send one message. Raises TimeoutError if the other side does not read it, OSError if it is gone."""
        async with asyncio.timeout(within_s):
            self._writer.write(encode(message) + b"\n")
            await self._writer.drain()

    async def receive(self) -> Message | None:
        """Return the next message, or None when the other side has gone. Raises MessageError for nonsense."""
        try:
            line = await self._reader.readline()
        except ConnectionError:
            return None
        except ValueError as error:
            raise MessageError(f"a line of more than {LINE_LIMIT} bytes") from error
        # A line without its end was cut by the death of the other side: it will come again, whole.
        return decode(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        """Drop the connection at once."""
        self._writer.transport.abort()
