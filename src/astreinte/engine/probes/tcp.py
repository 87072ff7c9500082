"""The kind `tcp`: does anything accept a connection on this port?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from astreinte.engine.probes import connecting
from astreinte.engine.probes.connecting import Target, blame
from astreinte.engine.probes.options import RemoteOptions, check_port, required
from astreinte.rules.checks.outcome import Level, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpOptions(RemoteOptions):
    """Options of the kind `tcp`."""

    port: int = required("the port that must accept a connection")

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        check_port(self.port)


async def probe(target: Target, options: TcpOptions) -> Outcome:
    """Connect once, and close. Only an answer of the target, or its silence, blames the target.

    Values: `connect_s`.
    """
    began = time.monotonic()
    try:
        sock = await connecting.connect(target, options.port, within_s=options.timeout_s)
    except TimeoutError:
        return Outcome(Level.CRITICAL, f"port {options.port}: no answer in {options.timeout_s:g} s")
    except OSError as error:
        return Outcome(blame(error), f"port {options.port}: cannot connect: {error.strerror or error}")
    took_s = time.monotonic() - began
    sock.close()
    return Outcome(
        Level.OK, f"port {options.port}: connected in {1000 * took_s:.1f} ms", {"connect_s": took_s}
    )
