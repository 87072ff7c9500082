"""The one primitive by which probes reach a target: a non-blocking socket, one future, one deadline."""

from __future__ import annotations

import asyncio
import errno
import functools
import os
import select
import socket
from dataclasses import dataclass

from astreinte.engine.probes import deadlines
from astreinte.engine.probes.per_loop import PerLoop
from astreinte.rules.checks.outcome import Level

OURS = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.EAGAIN,
        errno.ENOMEM,
        errno.EADDRNOTAVAIL,
        errno.EAFNOSUPPORT,
        errno.EACCES,
        errno.EPERM,
        errno.ENETUNREACH,
        errno.ENETDOWN,
    }
)
"""What we could not do: no descriptors, memory or room in buffers, no port or route of our own, our own firewall."""

_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINVAL})
"""How Linux refuses at once: no route at all, one declared `unreachable`, a `blackhole`."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a probe speaks to: the name as it was declared, and the address found for it.

    Names are resolved apart (`resolving`), so that our resolver's failure is never the target's. A probe
    of this very machine needs no address. `resolve_s` is how long the name took, nothing when it was known.
    """

    host: str
    address: str = ""
    resolve_s: float = 0.0


class OwnRouteError(OSError):
    """This machine's own table has no way to the address: the packet was never sent."""


class FarRouteError(OSError):
    """A router on the way answered that it cannot reach the address."""


def blame(error: OSError) -> Level:
    """Say whose fault an error of the network is: critical, the target's; inconclusive, ours.

    "Unreachable" is said by our own table (at once) or by a router on the way (later): `refused_at_once`
    and `told_later` keep the two apart, which have one number.
    """
    if isinstance(error, FarRouteError):
        return Level.CRITICAL
    ours = isinstance(error, OwnRouteError) or error.errno in OURS
    return Level.INCONCLUSIVE if ours else Level.CRITICAL


def refused_at_once(number: int) -> OSError:
    """Return the error of a call that failed before anything was sent."""
    if number in _NO_ROUTE:
        return OwnRouteError(number, f"no route of our own ({os.strerror(number)})")
    return OSError(number, os.strerror(number))


def told_later(number: int) -> OSError:
    """Return the error that came back for what was sent."""
    if number == errno.ENETUNREACH:
        return FarRouteError(number, os.strerror(number))
    return OSError(number, os.strerror(number))


async def connect(target: Target, port: int, *, within_s: float) -> socket.socket:
    """Return a socket connected to the target's address; the caller closes it.

    One attempt, to one address. Raises TimeoutError after `within_s` seconds of silence, and OSError for
    the rest; `blame` says whose fault it is.
    """
    family = socket.AF_INET6 if ":" in target.address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        error = sock.connect_ex((target.address, port))
        if error == errno.EINPROGRESS:
            await _writable(sock, within_s)
            late = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if late:
                raise told_later(late)
        elif error:
            raise refused_at_once(error)
        if sock.getsockname()[1] == port and sock.getsockname() == sock.getpeername():
            # TCP lets a socket connect to itself when the kernel gives it, of its own ports, the very
            # one it calls: nobody listens there.
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    except BaseException:
        sock.close()
        raise
    return sock


async def _writable(sock: socket.socket, within_s: float) -> None:
    connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    descriptor, waiting = sock.fileno(), _waiting.here()
    waiting.add(descriptor, select.EPOLLOUT, connected)
    deadline = deadlines.within(within_s, functools.partial(_fail, connected))
    try:
        await connected
    finally:
        deadline.cancel()
        # Before the close: a new socket may get the same number at once, and must not get this event.
        waiting.remove(descriptor)


async def receive(sock: socket.socket, limit: int = 65_536) -> bytes:
    """Return what came next over a socket of `connect`, nothing when the target closed. Raises OSError.

    It has no deadline of its own: the caller's cancels it.
    """
    while True:
        came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        descriptor, waiting = sock.fileno(), _waiting.here()
        waiting.again(descriptor, select.EPOLLIN, came)
        try:
            await came
        finally:
            waiting.remove(descriptor)
        try:
            return sock.recv(limit)
        except BlockingIOError:
            continue


class _Waiting:
    """The connections under way of one event loop, in an epoll of their own that the loop reads as one file.

    A handle of the loop for each would cost more than the connection itself.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._under_way: dict[int, asyncio.Future[None]] = {}
        loop.add_reader(self._epoll.fileno(), self._look)

    def add(self, descriptor: int, event: int, ready: asyncio.Future[None]) -> None:
        """Have the future settled when the new socket can be written to, or read from, once."""
        self._epoll.register(descriptor, event | select.EPOLLONESHOT)
        self._under_way[descriptor] = ready

    def again(self, descriptor: int, event: int, ready: asyncio.Future[None]) -> None:
        """Have another future settled of a socket that was waited for before; or for the first time."""
        try:
            self._epoll.modify(descriptor, event | select.EPOLLONESHOT)
        except FileNotFoundError:  # connected at once, or forgotten since
            self._epoll.register(descriptor, event | select.EPOLLONESHOT)
        self._under_way[descriptor] = ready

    def remove(self, descriptor: int) -> None:
        """Forget the socket."""
        if self._under_way.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def _look(self) -> None:
        for descriptor, _ in self._epoll.poll(0, 512):
            # It was told once, and stays silent in the epoll until it is closed: nothing to unregister.
            ready = self._under_way.pop(descriptor, None)
            if ready is not None and not ready.done():
                ready.set_result(None)


_waiting = PerLoop(_Waiting)


def _fail(connected: asyncio.Future[None]) -> None:
    if not connected.done():
        connected.set_exception(TimeoutError())
