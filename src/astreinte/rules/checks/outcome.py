"""What one attempt of a probe saw (levels: spec of the engine, result classes)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

TEXT_LIMIT = 500
"""Characters of a text that are kept: an endless answer must not travel to the database."""


class Level(StrEnum):
    """How a check stands. No data is never OK: the last three say that we do not know, and why."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"
    """The target answered nonsense."""
    INCONCLUSIVE = "inconclusive"
    """We failed (no descriptors, no route of our own, resolver dead): says nothing of the target."""
    STALE = "stale"
    """Nothing conclusive came, or nothing yet."""

    def badness(self) -> int:
        """Return the rank of the level: 0 is OK, the highest is critical."""
        return _BADNESS[self]


_BADNESS = {
    Level.OK: 0,
    Level.INCONCLUSIVE: 1,
    Level.WARNING: 2,
    Level.STALE: 3,
    Level.UNKNOWN: 4,
    Level.CRITICAL: 5,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt saw.

    `values` are measures by name (the unit ends the name: `connect_s`, `avail_bytes`), `took_s` the
    seconds that the attempt lasted. Raises ValueError for a level that no attempt can see (stale), and
    for a value that is not a finite number.
    """

    level: Level
    text: str
    values: Mapping[str, float] = field(default_factory=dict)
    took_s: float = 0.0

    def __post_init__(self) -> None:
        if self.level is Level.STALE:
            raise ValueError("stale is the absence of results: no attempt sees it")
        for name, value in self.values.items():
            if not math.isfinite(value):
                raise ValueError(f"{name}: not a finite number ({value})")
        if len(self.text) > TEXT_LIMIT:
            object.__setattr__(self, "text", self.text[:TEXT_LIMIT])
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def lasting(self, took_s: float) -> Outcome:
        """Return the same outcome of an attempt that lasted so long. What was read once is not read again."""
        one = object.__new__(Outcome)
        for name, value in (("level", self.level), ("text", self.text), ("values", self.values)):
            object.__setattr__(one, name, value)
        object.__setattr__(one, "took_s", took_s)
        return one
