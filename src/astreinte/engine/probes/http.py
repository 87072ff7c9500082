"""The kind `http`: does the site answer as it should?"""

from __future__ import annotations

import asyncio
import functools
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path

from astreinte import __version__
from astreinte.engine.probes import connecting, deadlines
from astreinte.engine.probes.connecting import Target, blame
from astreinte.engine.probes.exchange import BODY_LIMIT, Exchange
from astreinte.engine.probes.nonsense import NonsenseError
from astreinte.engine.probes.options import OptionError, RemoteOptions, check_port, option
from astreinte.rules.checks.outcome import Level, Outcome

METHODS = ("GET", "HEAD")
_VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions(RemoteOptions):
    """Options of the kind `http`."""

    tls: bool = option(default=False, doc="speak HTTPS")
    port: int | None = option(None, "the port; null for 80, or 443 with tls")
    path: str = option("/", "what is asked for, from the slash on")
    host: str | None = option(None, "the name in the Host header and in TLS; null for the target's own")
    method: str = option("GET", "GET or HEAD")
    status: str = option("200-399", "expected status codes: codes and ranges, separated by commas")
    text: str | None = option(None, "a text that the first MiB of the body must contain")
    verify: bool = option(
        default=True, doc="with tls: refuse a certificate that is expired, untrusted or of another name"
    )
    ca_file: str | None = option(
        None, "with tls: a PEM file of the authorities to trust, instead of the system's"
    )
    warn_over_s: float | None = option(
        None, "seconds above which a right answer is a warning, the name apart"
    )
    expected: tuple[tuple[int, int], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        object.__setattr__(self, "expected", _ranges(self.status))
        check_port(self.port_used)
        if not self.path.startswith("/") or not _VISIBLE.fullmatch(self.path):
            raise OptionError(f"path: starts with / and has neither blanks nor accents, not {self.path!r}")
        if self.host is not None and not _VISIBLE.fullmatch(self.host):
            raise OptionError(f"host: a host name, not {self.host!r}")
        if self.method not in METHODS:
            raise OptionError(f"method: {self.method!r} is none of {', '.join(METHODS)}")
        if self.text is not None and (self.method == "HEAD" or not self.text):
            raise OptionError("text: needs the method GET, and at least one character")
        if self.ca_file is not None and not (self.tls and self.verify):
            raise OptionError("ca_file: has a sense only with tls and verify")

    @property
    def port_used(self) -> int:
        """Return the port, by default that of the protocol."""
        return self.port if self.port is not None else 443 if self.tls else 80

    def expects(self, status: int) -> bool:
        """Say whether an answer with this status is a right one."""
        return any(low <= status <= high for low, high in self.expected)


async def probe(target: Target, options: HttpOptions) -> Outcome:
    """Ask once for one page, over a connection of its own. Only what the target does blames the target.

    Redirections are answers, and are not followed. Nonsense instead of HTTP is unknown. Values:
    `resolve_s`, `connect_s`, `tls_s`, `first_byte_s` (each from the end of the step before) and `status`;
    `took_s` is the whole.
    """
    began = time.monotonic()
    values = {"resolve_s": target.resolve_s}
    try:
        exchange = await deadlines.ending(_asked(target, options, values, began), options.timeout_s)
    except TimeoutError:
        return Outcome(Level.CRITICAL, _silence(values, options), values)
    except NonsenseError as error:
        return Outcome(Level.UNKNOWN, str(error), values)
    except ssl.SSLCertVerificationError as error:
        return Outcome(Level.CRITICAL, f"certificate refused: {error.verify_message}", values)
    except ssl.SSLError as error:
        return Outcome(Level.CRITICAL, f"TLS failed: {error.reason or error}", values)
    except _OwnError as error:
        return Outcome(Level.INCONCLUSIVE, str(error), values)
    except OSError as error:
        done = "answered nothing usable" if "connect_s" in values else "cannot connect"
        return Outcome(blame(error), f"{done}: {error.strerror or error or type(error).__name__}", values)
    return _judge(exchange, options, values, time.monotonic() - began)


async def _asked(target: Target, options: HttpOptions, values: dict[str, float], began: float) -> Exchange:
    context = _tls_context(options)
    sock = await connecting.connect(target, options.port_used, within_s=options.timeout_s)
    values["connect_s"] = time.monotonic() - began
    ask = _exchange_plainly if context is None else functools.partial(_exchange, context=context)
    return await ask(sock, target=target, options=options, values=values)


async def _exchange_plainly(
    sock: socket.socket, *, target: Target, options: HttpOptions, values: dict[str, float]
) -> Exchange:
    """Ask without TLS, on the socket itself: a transport of the loop costs as much as all the rest."""
    exchange = Exchange(head_only=options.method == "HEAD")
    ready = time.monotonic()
    try:
        try:
            request = _request(options.host or target.host, options)
            sent = sock.send(request)
            if sent < len(request):  # a path of kilobytes
                await asyncio.get_running_loop().sock_sendall(sock, request[sent:])
        except OSError:
            pass  # a target that closed or reset already is found out by reading, with what it said before
        while not exchange.done.done():
            data = await connecting.receive(sock)
            if data:
                exchange.data_received(data)
            else:
                exchange.connection_lost(None)
        await exchange.done
    finally:
        if exchange.first_byte_at is not None:
            values["first_byte_s"] = max(0.0, exchange.first_byte_at - ready)
        sock.close()
        exchange.done.cancel()
    values["status"] = exchange.status
    return exchange


async def _exchange(
    sock: socket.socket,
    *,
    context: ssl.SSLContext,
    target: Target,
    options: HttpOptions,
    values: dict[str, float],
) -> Exchange:
    loop = asyncio.get_running_loop()
    name = options.host or target.host
    exchange = Exchange(head_only=options.method == "HEAD")
    ready = time.monotonic()
    transport: asyncio.Transport | None = None
    try:
        transport, _ = await loop.create_connection(
            lambda: exchange, sock=sock, ssl=context, server_hostname=name
        )
        values["tls_s"] = time.monotonic() - ready
        ready = time.monotonic()
        if not transport.is_closing():  # already reset by the target, which `done` tells
            transport.write(_request(name, options))
        await exchange.done
    finally:
        if exchange.first_byte_at is not None:
            values["first_byte_s"] = max(0.0, exchange.first_byte_at - ready)
        if transport is not None:
            transport.abort()
        else:
            sock.close()
        exchange.done.cancel()
    values["status"] = exchange.status
    return exchange


def _judge(exchange: Exchange, options: HttpOptions, values: dict[str, float], took_s: float) -> Outcome:
    said = f"HTTP {exchange.status} {exchange.reason}".rstrip()
    if not options.expects(exchange.status):
        return Outcome(Level.CRITICAL, f"{said} (expected {options.status})", values)
    if options.text is not None and not _contains(exchange.body, options.text):
        where = "the first MiB of the answer" if len(exchange.body) >= BODY_LIMIT else "the answer"
        return Outcome(Level.CRITICAL, f"{said}, but {where} does not contain {options.text!r}", values)
    took = f"{said} in {1000 * took_s:.0f} ms"
    # Our resolver's slowness is not the site's: its time is shown apart, and not counted here.
    if options.warn_over_s is not None and took_s > options.warn_over_s:
        return Outcome(Level.WARNING, f"{took} (more than {1000 * options.warn_over_s:.0f} ms)", values)
    return Outcome(Level.OK, took, values)


def _contains(body: bytearray, text: str) -> bool:
    # Pages in Latin-1 are still about; which it is is not worth reading their headers for.
    return text.encode() in body or text.encode("latin-1", "replace") in body


def _silence(values: dict[str, float], options: HttpOptions) -> str:
    limit = f"{options.timeout_s:g} s"
    if "connect_s" not in values:
        return f"no connection in {limit}"
    if options.tls and "tls_s" not in values:
        return f"no TLS in {limit}"
    if "first_byte_s" not in values:
        return f"connected, but no answer in {limit}"
    return f"the answer was not complete in {limit}"


def _request(name: str, options: HttpOptions) -> bytes:
    usual = options.port_used == (443 if options.tls else 80)
    return _written(options.method, options.path, name, None if usual else options.port_used)


@functools.lru_cache(maxsize=65_536)
def _written(method: str, path: str, name: str, port: int | None) -> bytes:
    host = f"[{name}]" if ":" in name else name.encode("idna").decode()
    return (
        f"{method} {path} HTTP/1.1\r\n"
        f"Host: {host if port is None else f'{host}:{port}'}\r\n"
        f"User-Agent: astreinte/{__version__}\r\n"
        "Accept: */*\r\n"
        # Compressed answers would have to be unpacked, and a bomb unpacks to gigabytes.
        "Accept-Encoding: identity\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


class _OwnError(Exception):
    """Something on this side, before the target was asked."""


def _tls_context(options: HttpOptions) -> ssl.SSLContext | None:
    if not options.tls:
        return None
    try:
        changed = Path(options.ca_file).stat().st_mtime_ns if options.ca_file else 0
        return _context(options.verify, options.ca_file, changed)
    except OSError as error:
        raise _OwnError(f"ca_file {options.ca_file}: {error.strerror or error}") from error


@functools.lru_cache(maxsize=64)
def _context(verify: bool, ca_file: str | None, _changed: int) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    ranges = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?\s*", part)
        if found is None:
            raise OptionError(f"status: codes such as 200, or ranges such as 200-399, not {part.strip()!r}")
        low, high = int(found[1]), int(found[2] or found[1])
        if high < low:
            raise OptionError(f"status: {low}-{high} ends before it begins")
        ranges.append((low, high))
    return tuple(ranges)
