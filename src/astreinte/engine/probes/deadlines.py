"""One queue of deadlines for all probes: a timer of the loop each would cost more than a probe may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from astreinte.engine.probes.per_loop import PerLoop
from astreinte.engine.wheel import Wheel

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

    def __init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self._waiting: Wheel[Deadline] = Wheel(BEAT_S)
        self._ticking = False

    def add(self, within_s: float, call: Callable[[], object]) -> Deadline:
        one = Deadline(call)
        self._waiting.add(time.monotonic() + within_s, one)
        if not self._ticking:
            self._tick()
        return one

    def _tick(self) -> None:
        self._ticking = bool(self._waiting)
        if self._ticking:
            asyncio.get_running_loop().call_later(BEAT_S, self._beat)

    def _beat(self) -> None:
        for one in self._waiting.due(time.monotonic()):
            if one.call is not None:
                one.call()
        self._tick()


_of_each = PerLoop(_Deadlines)


def within(seconds: float, call: Callable[[], object]) -> Deadline:
    """Have `call` called on the running loop in so many seconds, or up to `BEAT_S` later."""
    return _of_each.here().add(seconds, call)


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
