"""Where a value of a contract comes from: a document in a version, a specific contract, the terms of the order."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """What says a value. `kind` is one of papers.RANKS, "order" (what the order agreed), or "terms" (its terms).

    A document has a version, the day from which that is meant to hold, and the public id of the version.
    """

    kind: str
    name: str
    version: int | None = None
    effective_on: date | None = None
    public_id: str = ""

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name} v{self.version}"
