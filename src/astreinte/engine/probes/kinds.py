"""The table of kinds: which probe, which options, which pace. One line a kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from astreinte.engine.probes import http, local, options, tcp, tls
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.options import OptionError, TimedOptions
from astreinte.rules.checks.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, and how many in a row make a problem, or its end, sure.

    By default a dead service is sure 25 s after its death at worst when it refuses, 30 s when it is silent.
    """

    every_s: int = 15
    retry_s: int = 5
    attempts: int = 3
    recoveries: int = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of probe. `remote` ones need an address; the others look at this very machine."""

    summary: str
    probe: Callable[[Target, Any], Awaitable[Outcome]]
    schema: type[TimedOptions]
    remote: bool = True
    pace: Pace = field(default_factory=Pace)

    def documented_options(self) -> dict[str, tuple[object, str]]:
        """Return each option's default (None as well for a required one) and its sentence."""
        return {
            one.name: (None if one.default is dataclasses.MISSING else one.default, one.metadata["doc"])
            for one in dataclasses.fields(self.schema)
            if one.init
        }


KINDS: Mapping[str, Kind] = {
    "disk": Kind("room left on the disks of this machine", local.probe_disk, local.DiskOptions, remote=False),
    "http": Kind("a site answers as it should", http.probe, http.HttpOptions),
    "load": Kind("load of this machine", local.probe_load, local.LoadOptions, remote=False),
    # A shortage of memory counts when it lasts 5 min: 20 attempts, 15 s apart.
    "memory": Kind(
        "memory available on this machine",
        local.probe_memory,
        local.MemoryOptions,
        remote=False,
        pace=Pace(every_s=15, retry_s=15, attempts=20, recoveries=2),
    ),
    "tcp": Kind("a port accepts connections", tcp.probe, tcp.TcpOptions),
    # Nothing of a certificate changes within the minute; a server that no longer shakes hands is seen as soon.
    "tls": Kind(
        "a certificate is in date, of the right name and trusted",
        tls.probe,
        tls.TlsOptions,
        pace=Pace(every_s=60, retry_s=10, attempts=3, recoveries=2),
    ),
}


def kind_of(name: str) -> Kind:
    """Return the kind. Raises OptionError, naming those that there are."""
    if name not in KINDS:
        raise OptionError(f"kind: {name!r} is not known; there are {', '.join(KINDS)}")
    return KINDS[name]


def read_options(name: str, given: Mapping[str, Any]) -> TimedOptions:
    """Return the options of the kind `name`. Raises OptionError for an unknown kind, option or value."""
    return options.read(kind_of(name).schema, given)
