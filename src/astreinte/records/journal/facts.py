"""What happened to the journal itself."""

from dataclasses import dataclass
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsErased(Event):
    """Words of people were erased from entries, by retention or on a person's demand (X.7)."""

    subject: ClassVar[str] = "provider_id"
    entry_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRetried(Event):
    """A person had a delivery tried again."""

    subject: ClassVar[str] = "delivery_id"
    delivery_id: int
    reaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySkipped(Event):
    """A person decided that a reaction will not happen: what it would have done is not done."""

    subject: ClassVar[str] = "delivery_id"
    delivery_id: int
    reaction: str
    reason: str
