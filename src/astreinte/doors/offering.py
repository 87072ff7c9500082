"""What a check can look at on a server, and what it is called: the same at the desk and at the command line."""

import ipaddress
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from astreinte.engine.probes import kinds

MARKS = ("name", "plugin", "server", "port", "mount", "declared")
"""Options that tell a check from others of its kind."""


def name_of(kind: str, given: Mapping[str, Any]) -> str:
    """Return a name for a check that was given none: what tells it from others of its kind."""
    if kind == "http":
        scheme = "https" if given.get("tls") else "http"
        port = f":{given['port']}" if given.get("port") else ""
        return f"{scheme}{port}{given.get('path', '')}"[:100]
    marks = [str(given[name]) for name in MARKS if given.get(name)]
    return " ".join([kind, *marks])[:100]


def is_here(address: str) -> bool:
    """Say whether the address is this machine's: then, and only then, a socket can be bound to it.

    A name is resolved, which may take as long as the resolver: pages ask `is_plainly_here`.
    """
    if address.lower() in {"localhost", socket.gethostname().lower()}:
        return True
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.bind((address, 0))
            return True
    return False


def is_plainly_here(address: str) -> bool:
    """Say whether the address is this machine's, without asking any resolver: of names, its own alone are."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return address.lower() in {"localhost", socket.gethostname().lower()}
    return is_here(address)


def kinds_for(address: str) -> tuple[str, ...]:
    """Return the kinds that a server at `address` can have: those of this very machine only here."""
    here = is_plainly_here(address)
    return tuple(name for name, kind in kinds.KINDS.items() if kind.remote or here)
