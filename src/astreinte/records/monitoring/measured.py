"""What is recorded of one attempt, whoever made it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from astreinte.rules.checks.outcome import Level


class Measured(Protocol):
    """One result, as the bus brings it (see `engine.bus.ports.Result`)."""

    @property
    def check_id(self) -> str:
        """The check's public id."""

    @property
    def slot(self) -> int:
        """When the attempt was due, in seconds since 1970: (check, slot) is recorded once."""

    @property
    def at(self) -> datetime:
        """When the answer was known, UTC."""

    @property
    def level(self) -> Level:
        """What was seen."""

    @property
    def text(self) -> str:
        """What was seen, in words."""

    @property
    def values(self) -> Mapping[str, float]:
        """The measures, by name."""

    @property
    def took_s(self) -> float:
        """How long the attempt lasted, in seconds."""
