"""One queue of deadlines for all probes: a timer of the loop each would cost more than a probe may."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import weakref
from collections.abc import Awaitable, Callable
from typing import TypeVar

BEAT_S = 0.05
"""A deadline may be this much late."""


R = TypeVar("R")


class Deadline:
    """Something to be called when its time comes, unless it is cancelled before."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Forget it. It stays in the queue until its time."""
        self.call = None


class _Deadlines:
    """Those of one event loop. It holds no loop: the loop would never be forgotten."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._order = itertools.count()
        self._ticking = False

    def add(self, within_s: float, call: Callable[[], object]) -> Deadline:
        loop = asyncio.get_running_loop()
        one = Deadline(call)
        heapq.heappush(self._heap, (loop.time() + within_s, next(self._order), one))
        if not self._ticking:
            self._ticking = True
            loop.call_later(BEAT_S, self._beat)
        return one

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._heap and (self._heap[0][0] <= now or self._heap[0][2].call is None):
            _, _, one = heapq.heappop(self._heap)
            if one.call is not None:
                one.call()
        self._ticking = bool(self._heap)
        if self._ticking:
            loop.call_later(BEAT_S, self._beat)


_of: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Deadlines] = weakref.WeakKeyDictionary()


def within(seconds: float, call: Callable[[], object]) -> Deadline:
    """Have `call` called on the running loop in so many seconds, or up to `BEAT_S` later."""
    loop = asyncio.get_running_loop()
    queue = _of.get(loop)
    if queue is None:
        queue = _of[loop] = _Deadlines()
    return queue.add(seconds, call)


async def ending(work: Awaitable[R], seconds: float) -> R:
    """Return what the work returns. Raises TimeoutError when it had to be cancelled: `asyncio.timeout`, but cheap."""
    task = asyncio.current_task()
    if task is None:  # a coroutine that runs is in a task
        raise RuntimeError("awaited outside a task")
    ended: list[bool] = []
    deadline = within(seconds, lambda: ended.append(task.cancel()))
    try:
        return await work
    except asyncio.CancelledError as error:
        # Somebody else may cancel as well, when the watch stops: then that is what it was.
        if ended and task.uncancel() == 0:
            raise TimeoutError from error
        raise
    finally:
        deadline.cancel()
