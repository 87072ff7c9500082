"""The table of kinds: which probe, which options, which pace. One line a kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from astreinte.engine.probes import (
    dns,
    http,
    icmp,
    local,
    local_disks,
    local_memory,
    local_units,
    options,
    plugin,
    tcp,
    tls,
)
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


USUAL = Pace()
# An event: one look is enough, and it is told for a while.
EVENT = Pace(retry_s=15, attempts=1, recoveries=1)
# A critical shortage of memory counts when it lasts 5 min: 20 attempts, 15 s apart. A milder one, 15 min.
SHORTAGE = Pace(retry_s=15, attempts=20)

Probe = Callable[[Target, Any], Awaitable[Outcome]]


async def _unbegun(_target: Target, _options: Any) -> Outcome:
    raise RuntimeError("this kind remembers its looks: call `begin` for each check first")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of probe. `remote` ones need an address; the others look at this very machine.

    `memory` makes the probe of one check, for a kind that compares with its previous looks; it is given
    the attempts that make a level sure.
    """

    summary: str
    probe: Probe
    schema: type[TimedOptions]
    remote: bool = True
    pace: Pace = USUAL
    memory: Callable[[int], Probe] | None = None

    def begin(self, attempts: int) -> Kind:
        """Return the kind for one check, with a memory of its own."""
        return self if self.memory is None else dataclasses.replace(self, probe=self.memory(attempts))

    def documented_options(self) -> dict[str, tuple[object, str]]:
        """Return each option's default (None as well for a required one) and its sentence."""
        return {
            one.name: (None if one.default is dataclasses.MISSING else one.default, one.metadata["doc"])
            for one in dataclasses.fields(self.schema)
            if one.init
        }


def _here(summary: str, schema: type[TimedOptions], probe: Probe, pace: Pace = USUAL) -> Kind:
    return Kind(summary, probe, schema, remote=False, pace=pace)


def _here_in_time(
    summary: str, schema: type[TimedOptions], memory: Callable[[int], Probe], pace: Pace = USUAL
) -> Kind:
    return Kind(summary, _unbegun, schema, remote=False, pace=pace, memory=memory)


KINDS: Mapping[str, Kind] = {
    "boot": _here("this machine did not start a short while ago", local.BootOptions, local.probe_boot, EVENT),
    "clock": _here_in_time(
        "the clock of this machine is right",
        local.ClockOptions,
        local.Clock,
        Pace(every_s=20, retry_s=10),
    ),
    "disk": _here_in_time(
        "room left on the disks of this machine", local_disks.DiskOptions, local_disks.Disks
    ),
    "dns": Kind("a name server answers what it should", dns.probe, dns.DnsOptions),
    "http": Kind("a site answers as it should", http.probe, http.HttpOptions),
    "icmp": Kind("a machine answers echo requests (ping)", icmp.probe, icmp.IcmpOptions),
    "load": _here_in_time("load of this machine", local.LoadOptions, local.Load),
    "memory": _here_in_time(
        "memory available on this machine", local_memory.MemoryOptions, local_memory.MemoryLeft, SHORTAGE
    ),
    # At once: a disk that takes no more writes does not come back by itself.
    "mounts": _here(
        "every disk of this machine takes writes",
        local_disks.MountsOptions,
        local_disks.probe_mounts,
        Pace(attempts=1),
    ),
    "oom": _here_in_time(
        "no process of this machine was killed for want of memory",
        local_memory.OomOptions,
        local_memory.Killed,
        EVENT,
    ),
    "plugin": Kind(
        "a Nagios-compatible plugin finds nothing wrong",
        plugin.probe,
        plugin.PluginOptions,
        pace=Pace(every_s=60, retry_s=15),
    ),
    "pressure": _here_in_time(
        "work on this machine is not standing still for want of memory",
        local_memory.PressureOptions,
        local_memory.Stalls,
    ),
    "swap": _here_in_time(
        "swap of this machine is not exhausted by work",
        local_memory.SwapOptions,
        local_memory.SwapLeft,
        SHORTAGE,
    ),
    "tcp": Kind("a port accepts connections", tcp.probe, tcp.TcpOptions),
    # Nothing of a certificate changes within the minute; a server that no longer shakes hands is seen as soon.
    "tls": Kind(
        "a certificate is in date, of the right name and trusted",
        tls.probe,
        tls.TlsOptions,
        pace=Pace(every_s=60, retry_s=10),
    ),
    # A declared unit may take a minute to start: 5 attempts, 15 s apart.
    "units": _here_in_time(
        "the units of this machine run as declared, and none failed",
        local_units.UnitsOptions,
        local_units.Units,
        Pace(retry_s=15, attempts=5),
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
