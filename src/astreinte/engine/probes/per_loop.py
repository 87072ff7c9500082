"""What each event loop has one of."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Makes one of something for each event loop that asks, and gives it again.

    The loop that asked last is held, so that it need not be looked for; the others are forgotten when they end.
    """

    def __init__(self, make: Callable[[asyncio.AbstractEventLoop], T]) -> None:
        self._make = make
        self._all: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, T] = weakref.WeakKeyDictionary()
        self._last: tuple[asyncio.AbstractEventLoop, T] | None = None

    def here(self) -> T:
        """Return that of the running loop."""
        loop = asyncio.get_running_loop()
        last = self._last
        if last is not None and last[0] is loop:
            return last[1]
        found = self._all.get(loop)
        if found is None:
            found = self._all[loop] = self._make(loop)
        self._last = loop, found
        return found
