"""No test leaves this machine: a connection beyond loopback and Unix sockets is refused, and fails it."""

import ipaddress
import socket
import sys
from collections.abc import Callable
from contextlib import suppress


class BeyondLoopbackError(RuntimeError):
    """A test wanted the network. Give it a real server on 127.0.0.1 instead."""


def pytest_configure() -> None:
    """Listen to what Python tells of its sockets: a hook costs nothing elsewhere and cannot be forgotten."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    refuse = _REFUSE.get(event)
    if refuse:
        refuse(*arguments)


def _address(_socket: object, address: object) -> None:
    if isinstance(address, tuple) and not _is_here(str(address[0])):
        raise BeyondLoopbackError(f"a test reached for {address!r}: only loopback is allowed")


def _name(host: object, *_others: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name.rstrip(".").endswith(".invalid"):
        # RFC 6761: such a name never exists. Answered here, for this machine's resolver would be asked.
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not _is_here(name):
        raise BeyondLoopbackError(
            f"a test wanted the address of {name!r}: use localhost, or a name in .invalid"
        )


def _is_here(host: str) -> bool:
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        address = ipaddress.ip_address(host.partition("%")[0])
        return address.is_loopback or address.is_unspecified
    return False


_REFUSE: dict[str, Callable[..., None]] = {
    "socket.connect": _address,
    "socket.sendto": _address,
    "socket.getaddrinfo": _name,
    "socket.gethostbyname": _name,
}
