"""Names into addresses, as a step of its own: our resolver's failure is never the target's."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable

from astreinte.engine.probes.aside import Aside
from astreinte.rules.checks.outcome import Level

FRESH_S = 30.0
RESOLVE_WITHIN_S = 5.0

_FAMILIES = {"any": socket.AF_UNSPEC, "ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""An answer, not a failure: the name has no address, for the clients of the service as for us."""

Lookup = Callable[[str, int], list[str]]


class ResolvingError(Exception):
    """A name that gave no address: whose fault, and in which words."""

    def __init__(self, level: Level, text: str) -> None:
        super().__init__(text)
        self.level, self.text = level, text


def ask_the_system(host: str, family: int) -> list[str]:
    """Return the addresses of the name as this machine sees them (hosts file, name servers). Blocks."""
    found = socket.getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Resolver:
    """Resolves through the system, few names at once, and remembers an answer for half a minute.

    A name that does not exist, or has no address, is the target's fault (critical): its clients do not
    reach it either. A resolver that is silent, refuses or fails is ours (inconclusive). The first
    IPv4 address is taken, or else the first IPv6: one probe tries one address, as a service that is dead
    on one of two must show.
    """

    def __init__(self, lookup: Lookup = ask_the_system, *, threads: int = 8) -> None:
        self._lookup = lookup
        self._aside = Aside("resolver", threads=threads)
        self._known: dict[tuple[str, str], tuple[str, float]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def address_of(self, host: str, family: str = "any") -> str:
        """Return an address of `host`; an address is its own. Raises ResolvingError."""
        if address := literal(host):
            return address
        key = (host, family)
        address, until = self._known.get(key, ("", 0.0))
        if time.monotonic() < until:
            return address
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.create_task(self._ask(host, family), name=f"resolve {host}")
            self._asking[key] = asking
            asking.add_done_callback(lambda task: self._asked(key, task))
        # Several checks of one host share the question: the end of one must not cancel it for the others.
        return await asyncio.shield(asking)

    def _asked(self, key: tuple[str, str], task: asyncio.Task[str]) -> None:
        del self._asking[key]
        if not task.cancelled() and task.exception() is None:
            self._known[key] = (task.result(), time.monotonic() + FRESH_S)
        else:
            self._known.pop(key, None)

    async def _ask(self, host: str, family: str) -> str:
        try:
            found = await self._aside.call(
                lambda: self._lookup(host, _FAMILIES[family]), within_s=RESOLVE_WITHIN_S
            )
        except TimeoutError as error:
            raise ResolvingError(
                Level.INCONCLUSIVE, f"{host}: our resolver gave no answer in {RESOLVE_WITHIN_S:g} s"
            ) from error
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_NAME:
                raise ResolvingError(Level.CRITICAL, f"{host}: no such name, or it has no address") from error
            raise ResolvingError(
                Level.INCONCLUSIVE, f"{host}: our resolver failed: {error.strerror}"
            ) from error
        except UnicodeError as error:
            raise ResolvingError(Level.CRITICAL, f"{host!r}: not a host name") from error
        except OSError as error:
            raise ResolvingError(Level.INCONCLUSIVE, f"{host}: our resolver failed: {error}") from error
        return min(found, key=lambda address: ":" in address)


def literal(host: str) -> str:
    """Return the address that `host` is, nothing when it is a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
