"""Verifying: the chain, what was published of it, and every row that entries speak of.

Each finding names a record by its number. The same can be worked out offline from an export: every digest
is a SHA-256 of canonical text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from astreinte.records.journal import folding, order
from astreinte.records.journal.looking import one_instant
from astreinte.records.journal.models import Entry, Publication, Seal
from astreinte.records.journal.publishing import Head
from astreinte.records.journal.sealing import beginning, chained
from astreinte.records.journal.writing import digest_of, digest_of_words
from astreinte.records.validity import guards

_T = TypeVar("_T")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written. `what` is entry, seal, head, publication, row or guard (of a table)."""

    what: str
    number: str
    text: str

    def __str__(self) -> str:
        return f"{self.what} {self.number}: {self.text}"


def verify(heads: Iterable[Head] = ()) -> list[Finding]:
    """Return everything that is not as it was written; an empty list when the record is whole.

    `heads` come from outside (a receipt, a report): what they cover cannot have been rewritten. Everything is
    read as of one instant, and nobody who writes waits meanwhile.
    """
    with one_instant():
        return [
            *_chains(),
            *_unsealed(),
            *_slipped_in(),
            *_published(heads),
            *(Finding("row", number, text) for number, text in folding.differences()),
            *(Finding("guard", name, "missing: nothing refuses a change here") for name in guards.missing()),
        ]


def _chains() -> Iterator[Finding]:
    provider, seq, chain = None, 0, ""
    erased = folding.erased_entries()
    for seals in _chunks(Seal.objects.order_by("provider_id", "seq").iterator()):
        entries = Entry.objects.in_bulk([each.entry_id for each in seals])
        for seal in seals:
            if seal.provider_id != provider:
                provider, seq, chain = seal.provider_id, 0, beginning(seal.provider_id)
            yield from _place(seal, seq, chain)
            yield from _content(seal, entries.get(seal.entry_id), erased)
            seq, chain = seal.seq, seal.chain


def _place(seal: Seal, seq: int, chain: str) -> Iterator[Finding]:
    place = f"{seal.provider_id}:{seal.seq}"
    if seal.seq != seq + 1:
        gap = f"{seal.provider_id}:{seq + 1}"
        if seal.seq != seq + 2:
            gap += f" to {seal.provider_id}:{seal.seq - 1}"
        yield Finding("seal", gap, f"missing: the entry and its seal before {place} were taken out")
    elif seal.chain != chained(chain, seal.seq, seal.entry_id, seal.digest):
        yield Finding(
            "seal", place, f"does not continue the chain: entry {seal.entry_id} is not what was here"
        )


def _content(seal: Seal, entry: Entry | None, erased: set[int]) -> Iterator[Finding]:
    number = f"{seal.entry_id} ({seal.provider_id}:{seal.seq})"
    if entry is None:
        yield Finding("entry", number, "missing: it was sealed, and is not there any more")
    elif digest_of(entry) != seal.digest or entry.digest != seal.digest:
        yield Finding("entry", number, "altered after it was sealed")
    else:
        yield from _words(entry, number, erased)


def _words(entry: Entry, number: str, erased: set[int]) -> Iterator[Finding]:
    if not entry.words_digest:
        if entry.words is not None:
            yield Finding("entry", number, "words were put in")
    elif entry.words is None:
        if entry.pk not in erased:
            yield Finding("entry", number, "its words are gone, and no entry says who erased them")
    elif digest_of_words(entry.salt or "", entry.words) != entry.words_digest:
        yield Finding("entry", number, "its words were altered")


def _unsealed() -> Iterator[Finding]:
    erased = folding.erased_entries()
    for entry in Entry.objects.filter(seal__isnull=True).order_by("pk").iterator():
        if digest_of(entry) != entry.digest:
            yield Finding("entry", f"{entry.pk} (not sealed)", "altered before it was sealed")
        else:
            yield from _words(entry, f"{entry.pk} (not sealed)", erased)


def _slipped_in() -> Iterator[Finding]:
    for entry_id, why in order.slipped_in():
        yield Finding("entry", str(entry_id), why)


def _published(heads: Iterable[Head]) -> Iterator[Finding]:
    for each in Publication.objects.order_by("pk").iterator():
        published = Head(each.provider_id, each.seq, each.chain)
        if text := _broken(published):
            yield Finding("publication", f"{each.pk} ({each.provider_id}:{each.seq}, {each.where})", text)
    for head in heads:
        if text := _broken(head):
            yield Finding("head", f"{head.provider_id}:{head.seq}", text)


def _broken(head: Head) -> str:
    seal = Seal.objects.filter(provider_id=head.provider_id, seq=head.seq).first()
    if seal is None:
        last = Seal.objects.filter(provider_id=head.provider_id).order_by("-seq").first()
        return f"was published, but the chain ends at {last.seq if last else 0}: its end was cut off"
    if seal.chain != head.chain:
        return f"the chain was rewritten: {head.chain[:16]}… was published, it now says {seal.chain[:16]}…"
    return ""


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
