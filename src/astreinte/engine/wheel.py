"""Instants to come, in buckets: what is due is found without keeping all that waits in order."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from operator import itemgetter
from typing import Generic, TypeVar

W = TypeVar("W")


class Wheel(Generic[W]):
    """Things that wait for an instant each. To add one costs the same however many wait.

    Instants and `width`, that of a bucket, are numbers of one unit; a bucket should be about as wide as the
    pause between two looks.
    """

    def __init__(self, width: float) -> None:
        self._width = width
        self._buckets: dict[float, list[tuple[float, W]]] = {}
        self._order: list[float] = []

    def __bool__(self) -> bool:
        return bool(self._order)

    def add(self, at: float, one: W) -> None:
        """Have `one` wait for `at`."""
        place = at // self._width
        bucket = self._buckets.get(place)
        if bucket is None:
            bucket = self._buckets[place] = []
            heapq.heappush(self._order, place)
        bucket.append((at, one))

    def due(self, now: float) -> list[W]:
        """Take out what waits for `now` or sooner, in the order of the instants."""
        found: list[tuple[float, W]] = []
        while self._order and self._order[0] * self._width <= now:
            found += self._buckets.pop(heapq.heappop(self._order))
        found.sort(key=itemgetter(0))
        come = bisect_right(found, now, key=itemgetter(0))
        for at, one in found[come:]:  # the rest of the bucket that `now` lies in
            self.add(at, one)
        return [one for _, one in found[:come]]
