"""One HTTP request and its answer, bounded in every direction, as an asyncio protocol on httptools."""

from __future__ import annotations

import asyncio
import time

import httptools

from astreinte.engine.probes.nonsense import QUOTED_LIMIT, NonsenseError, quoted

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024
WIRE_LIMIT = 8 * BODY_LIMIT
"""Bytes read at most: chunks of one byte cost six, and what they may say besides has no end."""


class Exchange(asyncio.Protocol):
    """Reads the answer to a request that the caller writes; `done` is set when it is known.

    The answer is `status`, `reason`, `body` (the first MiB of it at most), `first_byte_at` (monotonic).
    `done` raises NonsenseError, ConnectionError or ssl.SSLError. Endless headers or bodies, wrong lengths
    and other protocols end here; slowness is for the caller's deadline.
    """

    def __init__(self, *, head_only: bool) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.status, self.reason = 0, ""
        self.body = bytearray()
        self.first_byte_at: float | None = None
        self._head_only = head_only
        self._parser = httptools.HttpResponseParser(self)
        self._first = b""
        self._wire_bytes = 0
        self._head_known = False
        self._sized = False

    def data_received(self, data: bytes) -> None:
        """Parse what came, until the answer is known."""
        if self.first_byte_at is None:
            self.first_byte_at = time.monotonic()
        if self.done.done():
            return
        self._first = self._first or data[:QUOTED_LIMIT]
        self._wire_bytes += len(data)
        self._feed(data)
        if not self._head_known and self._wire_bytes > HEAD_LIMIT:
            self._refuse(f"headers of more than {HEAD_LIMIT // 1024} KiB")
        elif self._wire_bytes > WIRE_LIMIT:
            self._refuse(f"{WIRE_LIMIT // 1024**2} MiB, and no end")

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._conclude()
        except httptools.HttpParserCallbackError as error:
            # A fault of ours must not pass for the target's nonsense.
            if not self.done.done():
                self.done.set_exception(RuntimeError(f"reading the answer failed: {error.__context__!r}"))
        except httptools.HttpParserError as error:
            self._refuse(f"not an HTTP answer ({error})")

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell a complete answer from one that was cut."""
        if self.done.done():
            return
        if exc is not None:
            self.done.set_exception(exc)
        elif self.first_byte_at is None:
            self.done.set_exception(ConnectionResetError("closed without an answer"))
        elif self._head_known and not self._sized:
            # Without a length, the end of the connection is the end of the answer (RFC 9112, 6.3).
            self._conclude()
        else:
            self._refuse("the answer was cut off")

    def on_status(self, reason: bytes) -> None:
        """Take a part of the reason (httptools)."""
        self.reason += reason[:80].decode("ascii", "replace")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note whether the answer says where it ends (httptools)."""
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._sized = True

    def on_headers_complete(self) -> None:
        """Note the status; for HEAD, that is all (httptools)."""
        self.status = self._parser.get_status_code()
        if _interim(self.status):
            return
        self._head_known = True
        if self._head_only:
            self._conclude()

    def on_body(self, data: bytes) -> None:
        """Keep the beginning of the body (httptools)."""
        self.body += data[: BODY_LIMIT - len(self.body)]
        if len(self.body) >= BODY_LIMIT:
            self._conclude()

    def on_message_complete(self) -> None:
        """Conclude, unless that was only an announcement such as 103 Early Hints (httptools)."""
        if _interim(self.status):
            self.reason, self._sized = "", False
            return
        self._conclude()

    def _conclude(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _refuse(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(NonsenseError(f"{why}: {quoted(self._first)}"))


def _interim(status: int) -> bool:
    return 100 <= status < 200 and status != 101
