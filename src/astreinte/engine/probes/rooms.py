"""The room of filesystems: one question under way for each, so that one that hangs takes one thread, once."""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from dataclasses import dataclass, field

from astreinte.engine.probes.aside import Aside
from astreinte.rules.checks.thresholds import Space

_aside = Aside("disk", threads=8)


@dataclass(frozen=True, slots=True)
class Answers:
    """What came in time, which mounts were `silent`, and which we never came to ask (`unasked`)."""

    spaces: list[Space] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


async def ask(points: list[str], *, within_s: float) -> Answers:
    """Return the room of the filesystems mounted there. Raises OSError, and ThresholdError for no room at all.

    A filesystem that has been silent for `within_s` seconds already is not waited for.
    """
    answers = Answers()
    questions = [_question(point) for point in points]
    for question in await asyncio.gather(*(one.waited_for(within_s) for one in questions)):
        if question.task.done():
            answers.spaces.append(question.task.result())
        else:
            (answers.silent if question.had_its_time(within_s) else answers.unasked).append(question.point)
    return answers


class _Question:
    """One call under way. Whoever wants to know the same waits for it; nobody's end cancels it."""

    def __init__(self, point: str) -> None:
        self.point = point
        self._begun_at: float | None = None
        self.task = asyncio.create_task(_aside.call(self._look, within_s=None), name=f"room of {point}")

    def _look(self) -> Space:
        self._begun_at = time.monotonic()
        return _space(self.point)

    def _age(self) -> float:
        return 0.0 if self._begun_at is None else time.monotonic() - self._begun_at

    def had_its_time(self, within_s: float) -> bool:
        """Say whether its silence tells something: what began at the very end of our patience does not."""
        return self._age() >= within_s / 2

    async def waited_for(self, within_s: float) -> _Question:
        """Return it, done or not."""
        await asyncio.wait({self.task}, timeout=max(0.0, within_s - self._age()))
        return self


_under_way: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Question]] = (
    weakref.WeakKeyDictionary()
)


def _question(point: str) -> _Question:
    here = _under_way.setdefault(asyncio.get_running_loop(), {})
    if point not in here:
        here[point] = question = _Question(point)

        def answered(task: asyncio.Task[Space]) -> None:
            del here[point]
            if not task.cancelled():
                task.exception()  # whoever waited has it; nobody may be left by now

        question.task.add_done_callback(answered)
    return here[point]


def _space(point: str) -> Space:
    room = os.statvfs(point)
    return Space(
        mount=point,
        size=room.f_blocks * room.f_frsize,
        free=room.f_bfree * room.f_frsize,
        avail=room.f_bavail * room.f_frsize,
        inodes=room.f_files,
        inodes_free=room.f_ffree,
    )
