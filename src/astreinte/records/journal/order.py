"""Entries that were not there when their neighbours were sealed: slipped into a hole between numbers.

A number is given once the transaction has its own (see `Entry`), and only what is over is sealed. So an
entry cannot be of a transaction that was over when a sealing passed it by; nor of one that had not begun
when a later number was sealed already. On SQLite writers take turns, and the number stands for both.
"""

from bisect import bisect_right
from collections.abc import Iterator

from astreinte.records.journal.models import Entry, Seal


class _Passed:
    """What the sealings so far have passed by."""

    def __init__(self) -> None:
        self.low = 0
        self.reached: list[int] = []
        self.highs: list[int] = []

    def add(self, entry_id: int, low: int, high: int) -> None:
        """Note one seal, in the order in which they were set."""
        self.low = max(self.low, low)
        if not self.reached or entry_id > self.reached[-1]:
            self.reached.append(entry_id)
            self.highs.append(high)

    def judge(self, entry_id: int, low: int, tx: int) -> str:
        """Return why this entry cannot have come in its turn; nothing when it can. `low`: passed before it."""
        when = tx or entry_id
        if when < low:
            return "slipped in: what was written at that time had all been sealed without it"
        place = bisect_right(self.reached, entry_id)
        if place < len(self.highs) and when >= self.highs[place]:
            return (
                f"slipped in: entry {self.reached[place]}, which comes after it, was sealed before it began"
            )
        return ""


def slipped_in() -> Iterator[tuple[int, str]]:
    """Yield the number of each entry that came out of its turn, and why."""
    passed = _Passed()
    batch, before = (0, 0), 0
    seals = Seal.objects.order_by("pk").values_list("entry_id", "entry__tx", "low", "high")
    for entry_id, tx, low, high in seals.iterator():
        if high < passed.low:
            # The numbers of transactions began anew (restored into another cluster): compare no further back.
            passed = _Passed()
        if (low, high) != batch:
            batch, before = (low, high), passed.low
        if why := passed.judge(entry_id, before, tx):
            yield entry_id, why
        passed.add(entry_id, low, high)
    waiting = Entry.objects.filter(seal__isnull=True).order_by("pk").values_list("pk", "tx")
    for entry_id, tx in waiting.iterator():
        if why := passed.judge(entry_id, passed.low, tx):
            yield entry_id, why
