"""What a watch has measured and nobody has recorded yet, in bounded memory."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from itertools import islice

from astreinte.engine.bus.ports import Batch, Result

BATCH_RESULTS = 500
WINDOW_BATCHES = 8
KEPT_RESULTS = 100_000


class Outbox:
    """Results on their way: waiting, then in a batch until its receipt.

    At most `kept` results are held; above, the oldest waiting one is dropped and counted in `lost`, which
    each batch declares. What was already sent is never dropped: its receipt may be on the way.
    """

    def __init__(
        self,
        watch: str,
        *,
        kept: int = KEPT_RESULTS,
        batch: int = BATCH_RESULTS,
        window: int = WINDOW_BATCHES,
    ) -> None:
        if kept <= batch * window:
            raise ValueError(f"kept: {kept} results are fewer than what may be under way ({batch * window})")
        self.watch = watch
        self.lost = 0
        self.filled = asyncio.Event()
        """Set while at least one result waits."""
        self.emptied = asyncio.Event()
        """Set while nothing waits and every batch has its receipt."""
        self.emptied.set()
        self._kept, self._batch, self._window = kept, batch, window
        self._waiting: deque[Result] = deque()
        self._sent: dict[str, Batch] = {}
        self._sent_results = 0
        self._moved = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting) + self._sent_results

    def put(self, result: Result) -> None:
        """Take one more result. Never waits and never fails: a probe must not depend on the hub."""
        self._waiting.append(result)
        if len(self) > self._kept:
            self._waiting.popleft()
            self.lost += 1
        self.filled.set()
        self.emptied.clear()
        if len(self._waiting) >= self._batch:
            self._moved.set()

    def take(self) -> Batch | None:
        """Return the next batch, or None if nothing waits or too much is under way without a receipt."""
        if not self._waiting or len(self._sent) >= self._window:
            return None
        count = min(self._batch, len(self._waiting))
        results = tuple(islice(self._waiting, count))
        for _ in range(count):
            self._waiting.popleft()
        one = Batch(id=uuid.uuid4().hex, results=results, watch=self.watch, lost=self.lost)
        self._sent[one.id] = one
        self._sent_results += count
        self._tell()
        return one

    def unreceipted(self) -> tuple[Batch, ...]:
        """Return the batches that were taken and have no receipt, oldest first: to be sent again."""
        return tuple(self._sent.values())

    def receipt(self, batch_id: str) -> None:
        """Forget the batch: it is recorded. A receipt that comes twice changes nothing."""
        one = self._sent.pop(batch_id, None)
        if one is not None:
            self._sent_results -= len(one.results)
            self._tell()

    async def ready(self, patience_s: float) -> None:
        """Return when a batch is worth taking: a full one at once, a smaller one after `patience_s`."""
        await self.filled.wait()
        try:
            async with asyncio.timeout(patience_s):
                while len(self._waiting) < self._batch:
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            return

    async def room(self) -> None:
        """Return when fewer batches are under way than the window takes."""
        while len(self._sent) >= self._window:
            self._moved.clear()
            await self._moved.wait()

    def _tell(self) -> None:
        self._moved.set()
        if self._waiting:
            self.filled.set()
        else:
            self.filled.clear()
        if self._waiting or self._sent:
            self.emptied.clear()
        else:
            self.emptied.set()
