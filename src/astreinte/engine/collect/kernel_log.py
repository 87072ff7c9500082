"""Whom the kernel killed for want of memory, read from its log (the records of `/dev/kmsg`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

RECORDS = 100_000
"""Records that are read at most: more than the largest buffer of a kernel holds."""

_KILLED = re.compile(r"\d+,(\d+),.*?;.*out of memory: Killed process (\d+) \((.*)\) total-vm:", re.IGNORECASE)
_CHOSEN = re.compile(r";oom-kill:.*task_memcg=([^,]*),task=.*,pid=(\d+),")


@dataclass(frozen=True, slots=True)
class Victim:
    """A process that the kernel killed: its name, and its systemd unit where the kernel names one.

    `number` is that of the record: later ones are higher, and none comes twice within a boot.
    """

    number: int
    name: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


def victims(records: Iterable[str]) -> tuple[Victim, ...]:
    """Return those whom the records of the kernel's log name, oldest first."""
    found, units = [], dict[str, str]()
    for record in records:
        if (chosen := _CHOSEN.search(record)) is not None:
            units[chosen[2]] = _unit_of(chosen[1])
        elif (killed := _KILLED.match(record)) is not None:
            found.append(Victim(int(killed[1]), killed[3], units.get(killed[2], "")))
    return tuple(found)


def of_this_machine(path: str = "/dev/kmsg") -> tuple[str, ...]:
    """Return the records that the kernel keeps. Raises OSError: an ordinary user often may not read them."""
    found: list[str] = []
    log = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        while len(found) < RECORDS:
            try:
                record = os.read(log, 8192)
            except BlockingIOError:
                break
            except BrokenPipeError:
                # Records were overwritten as they were read: the next read goes on with the oldest left.
                continue
            if not record:
                break
            found.append(record.decode("utf-8", "replace"))
    finally:
        os.close(log)
    return tuple(found)


def _unit_of(group: str) -> str:
    named = [part for part in group.split("/") if part.endswith((".service", ".scope"))]
    return named[-1] if named else ""
