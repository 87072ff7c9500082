"""The one clock: doors and loops read it, everything below is told the instant (`at`).

Tests move it by hand. It is one for the whole process, whatever the thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Hand:
    """A clock that only moves when it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = _in_utc(instant)

    def advance(self, length: timedelta | None = None, **units: float) -> datetime:
        """Move on by `length`, or by `hours=2, minutes=30` as for timedelta; return the new instant."""
        self.instant += length if length is not None else timedelta(**units)
        return self.instant

    def move_to(self, instant: datetime) -> datetime:
        """Set the clock to `instant` (aware), forwards or back."""
        self.instant = _in_utc(instant)
        return self.instant


_hands: list[Hand] = []


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _hands[-1].instant if _hands else datetime.now(UTC)


@contextmanager
def moved_to(instant: datetime) -> Iterator[Hand]:
    """Have `now()` answer `instant` (aware) until the end, for every thread; the hand moves it on."""
    hand = Hand(instant)
    _hands.append(hand)
    try:
        yield hand
    finally:
        _hands.remove(hand)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant}: say in which zone, for instance tzinfo=UTC")
    return instant.astimezone(UTC)
