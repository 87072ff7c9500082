"""Calls that may block, made aside of the loop by few threads that never hold up the end of the process."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

R = TypeVar("R")

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Aside:
    """A few daemon threads. A call that hangs takes one of them, and no more than that.

    `concurrent.futures` joins its threads when the process ends: a name server that is silent, or a disk
    that hangs, would then keep a stopping watch alive.
    """

    def __init__(self, name: str, *, threads: int) -> None:
        self._name, self._limit = name, threads
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._started = 0
        self._idle = threading.Semaphore(0)

    async def call(self, function: Callable[[], R], *, within_s: float | None) -> R:
        """Return `function()`, called in a thread. Raises TimeoutError, and what the function raises.

        `within_s` seconds are waited, None for ever: whoever does so has a deadline of their own.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._jobs.put((loop, answer, function))
        if not self._idle.acquire(blocking=False) and self._started < self._limit:
            self._started += 1
            threading.Thread(target=self._work, name=f"{self._name} {self._started}", daemon=True).start()
        async with asyncio.timeout(within_s):
            return await answer

    def _work(self) -> None:
        while True:
            loop, answer, function = self._jobs.get()
            settle = None if answer.cancelled() else _called(answer, function)
            self._idle.release()  # before the answer is heard: whoever hears it and asks again finds this thread
            if settle is not None:
                with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
                    loop.call_soon_threadsafe(settle)


def _called(answer: asyncio.Future[Any], function: Callable[[], Any]) -> Callable[[], None]:
    try:
        value = function()
    except Exception as error:  # handed to the caller, whatever it is
        return _failing(answer, error)
    return _succeeding(answer, value)


def _succeeding(answer: asyncio.Future[Any], value: Any) -> Callable[[], None]:
    def settle() -> None:
        if not answer.done():
            answer.set_result(value)

    return settle


def _failing(answer: asyncio.Future[Any], error: Exception) -> Callable[[], None]:
    def settle() -> None:
        if not answer.done():
            answer.set_exception(error)

    return settle
