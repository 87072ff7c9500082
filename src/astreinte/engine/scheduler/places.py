"""How much may run at once: places in a lane, places at a target, and descriptors to have them with."""

from __future__ import annotations

import math
import resource
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

QUICK_PLACES = 512
SLOW_PLACES = 256
AT_ONCE = 4
"""A target is not asked more questions than this at once, unless its checks could not all be answered in time."""

RESERVE = 64
"""Descriptors that no attempt may take: bus, event loop, resolver, libraries, what the system opens by itself."""
MOST_DESCRIPTORS = 1_048_576
"""What Linux gives a process at the most, unless told otherwise."""
PER_ATTEMPT = 2
"""An attempt has a socket or two pipes at the most, and may open a file for a moment."""
TIMEOUT_S = 5.0

W = TypeVar("W")


@dataclass(eq=False, slots=True)
class Gate(Generic[W]):
    """So many places, those taken, and who waits for one, in the order of their coming."""

    places: int
    taken: int = 0
    waiting: deque[W] = field(default_factory=deque)

    @property
    def full(self) -> bool:
        """Say whether the next one has to wait."""
        return self.taken >= self.places


@dataclass(eq=False, slots=True)
class Target(Gate[W]):
    """What is asked of one target. `need` is how many places its checks fill when all of them time out.

    Forty checks of one dead address, four at a time, would all turn stale while they wait for each other: a
    target has `AT_ONCE` places, or as many as it takes to ask everything within its interval.
    """

    need: float = 0.0
    checks: int = 0

    def add(self, need: float, at_once: int) -> None:
        """One check more, or one fewer when `need` is negative."""
        self.checks += 1 if need > 0 else -1
        self.need = self.need + need if self.checks else 0.0
        self.places = max(at_once, math.ceil(self.need - 1e-9))


def need_of(options: Mapping[str, Any], every_s: int) -> float:
    """Return how much of a place a check takes when its target is silent; `timeout_s` as given, or the usual."""
    given = options.get("timeout_s")
    seconds = float(given) if isinstance(given, int | float) and 0 < given < math.inf else TIMEOUT_S
    return seconds / every_s


def affordable(descriptors: int) -> tuple[int, int]:
    """Return the places of the quick and of the slow lane that so many descriptors allow, at least one each."""
    wanted = QUICK_PLACES + SLOW_PLACES
    ceiling = max(3, min(wanted, (descriptors - RESERVE) // PER_ATTEMPT))
    slow = ceiling * SLOW_PLACES // wanted
    return ceiling - slow, slow


def take_descriptors() -> int:
    """Raise the limit of this process to what the system allows it; return how many descriptors it may open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
