"""Publishing the head of a chain: in receipts, reports, a daily e-mail. Then nobody can rewrite it unseen."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.records.journal.models import Publication, Seal


class HeadError(ValueError):
    """A head that is not written as one: names it and says how it looks."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last place of a provider's chain, and the digest of everything up to there."""

    provider_id: int
    seq: int
    chain: str

    def __str__(self) -> str:
        return f"{self.provider_id}:{self.seq}:{self.chain}"

    @classmethod
    def parse(cls, written: str) -> "Head":
        """Read PROVIDER:SEQ:HASH, as receipts print it; HeadError when it is not that."""
        parts = written.strip().split(":")
        numbers = len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal()
        chain = parts[-1].lower()
        if not numbers or len(chain) != 64 or chain.strip("0123456789abcdef"):
            raise HeadError(f"{written!r}: write PROVIDER:SEQ:HASH as a receipt prints it, 64 digits of hash")
        return cls(int(parts[0]), int(parts[1]), chain)


def head(provider_id: int) -> Head | None:
    """Return the head of a provider's chain; None while nothing is sealed."""
    last = Seal.objects.filter(provider_id=provider_id).order_by("-seq").first()
    return Head(provider_id, last.seq, last.chain) if last else None


@transaction.atomic
def publish(provider_id: int, at: datetime, where: str) -> Head | None:
    """Note that the present head leaves the house at `at` in `where` ("receipt 12"), and return it."""
    found = head(provider_id)
    if found is not None:
        Publication.objects.create(
            provider_id=provider_id, seq=found.seq, chain=found.chain, at=at, where=where
        )
    return found


def published(provider_id: int, where: str) -> Head | None:
    """Return the head that left the house in `where`, the first one when there are several; None for none."""
    row = Publication.objects.filter(provider_id=provider_id, where=where).order_by("pk").first()
    return Head(provider_id, row.seq, row.chain) if row else None
