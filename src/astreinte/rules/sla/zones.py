"""Civil time: the offset of a zone at each second, as stretches during which it does not change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from astreinte.rules.sla.instants import EPOCH, EPOCH_DAY, to_datetime

DAY = 86400
_PAST_THE_HOUR = tuple(f"{second // 60:02d}:{second % 60:02d}" for second in range(3600))


class ZoneError(ValueError):
    """A name that is no time zone."""


class Zone:
    """A time zone, read once a day and remembered: `offset(second)` is two dictionary look-ups."""

    __slots__ = ("_by_day", "_by_hour", "info", "key")

    def __init__(self, key: str) -> None:
        # "localtime" is whatever the machine is set to: the same contract must count alike everywhere.
        if key == "localtime":
            raise ZoneError('"localtime" is no time zone of its own; name one such as "Europe/Paris"')
        try:
            self.info = ZoneInfo(key)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ZoneError('unknown time zone; give a name such as "Europe/Paris"') from None
        self.key = key
        self._by_day: dict[int, int | None] = {}
        self._by_hour: dict[int, tuple[str, str]] = {}

    def offset(self, second: int) -> int:
        """Return the seconds to add to UTC to get civil time at that second."""
        day = second // DAY
        try:
            offset = self._by_day[day]
        except KeyError:
            offset = self._by_day[day] = self._of_whole_day(day)
        return self._look(second) if offset is None else offset

    def text(self, second: int) -> str:
        """Return the instant in civil time with its offset, as RFC 3339 writes it."""
        try:
            before, after = self._by_hour[second // 3600]
        except KeyError:
            return self._text(second)
        return before + _PAST_THE_HOUR[second % 3600] + after

    def _text(self, second: int) -> str:
        """Write the instant, and remember its hour when all of it is one hour on the wall."""
        offset = self.offset(second)
        day, clock = divmod(second + offset, DAY)
        before = f"{date.fromordinal(day + EPOCH_DAY).isoformat()}T{clock // 3600:02d}:"
        after = _offset_text(offset)
        if offset % 3600 == 0 and self._by_day[second // DAY] is not None:
            self._by_hour[second // 3600] = before, after
        return before + _PAST_THE_HOUR[clock % 3600] + after

    def midnight(self, day: date) -> int:
        """Return the first second of a civil day."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.info)
        since = local.astimezone(UTC) - EPOCH
        return since.days * DAY + since.seconds

    def civil(self, second: int) -> datetime:
        """Return the instant in civil time."""
        return to_datetime(second).astimezone(self.info)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Give (start, end, offset), one after the other, from `start` to `end`, both at midnight UTC."""
        since, offset = start, self.offset(start)
        for day in range(start // DAY, end // DAY):
            here = self._by_day.get(day) if self.offset(day * DAY) == offset else None
            if here is None:
                for second in self._changes(day, offset):
                    yield since, second, offset
                    since, offset = second, self._look(second)
        yield since, end, offset

    def _changes(self, day: int, offset: int) -> Iterator[int]:
        """Give the seconds of that day at which the offset is no longer what it was."""
        step, end = 900, (day + 1) * DAY
        for probe in range(day * DAY, end, step):
            if self._look(probe) == offset and self._look(probe + step - 1) == offset:
                continue
            second = probe
            while second < probe + step:
                if (now := self._look(second)) != offset:
                    yield second
                    offset = now
                second += 1

    def _of_whole_day(self, day: int) -> int | None:
        """Return the offset when it is one all day, else None."""
        seen = {self._look(day * DAY + quarter) for quarter in (0, 21600, 43200, 64800, DAY - 1)}
        return seen.pop() if len(seen) == 1 else None

    def _look(self, second: int) -> int:
        offset = to_datetime(second).astimezone(self.info).utcoffset() or timedelta()
        return offset.days * DAY + offset.seconds


@lru_cache(maxsize=64)
def zone(key: str) -> Zone:
    """Return the zone of that name, the same object each time; raise ZoneError."""
    return Zone(key)


@cache
def _offset_text(offset: int) -> str:
    # Whole minutes everywhere since 1972; RFC 3339 has no place for the seconds of a local mean time.
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
