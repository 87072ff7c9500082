"""What the one writer of results knows from its last batch, so that most results need no look at the database.

Nearly every result confirms what was known. It is put on the state in memory, and the row is written where it
still stands as it was remembered; where it does not (somebody marked it stale, ended the check, another writer
was here), nothing is written and everything is read again. So what is remembered saves work and decides nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from astreinte.records.monitoring import checking
from astreinte.records.monitoring.measured import Measured
from astreinte.records.monitoring.models import Check, CheckState
from astreinte.rules.checks import freshness, state
from astreinte.rules.checks.outcome import Level
from astreinte.rules.checks.state import State

# The level and its beginning stay: a result that changes them does not come this way. Neither is a run written
# that only goes on (see `state.as_text`).
UPDATE = """
UPDATE monitoring_checkstate
SET run = COALESCE(%s, run), stale_at = %s, last_level = %s, last_slot = %s, last_at = %s, text = %s, "values" = %s
WHERE check_ref_id = %s AND last_slot = %s AND level = %s AND EXISTS (
    SELECT 1 FROM monitoring_check AS watched WHERE watched.id = monitoring_checkstate.check_ref_id
    AND watched.until_at IS NULL AND watched.withdrawn_at IS NULL
)
"""


class OutdatedError(Exception):
    """The database does not stand as it was remembered: read it again."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A check in force, and how it stands after its last result."""

    check_id: int
    attempts: int
    recoveries: int
    patience: timedelta
    state: State
    last_slot: int
    last_at: datetime | None
    stale_at: datetime

    def after(self, one: Measured) -> "Remembered | None":
        """Return how the check stands after one more result; None when that takes more than to write it down.

        More is: a transition, a blind period before it, a result that may have come before.
        """
        blind = one.at >= self.stale_at and self.state.level is not Level.STALE
        if one.slot <= self.last_slot or blind:
            return None
        now, sure = state.step(
            self.state, one.level, at=one.at, attempts=self.attempts, recoveries=self.recoveries
        )
        if sure is not None:
            return None
        stale_at = (now.seen_at or now.since) + self.patience
        return Remembered(
            self.check_id, self.attempts, self.recoveries, self.patience, now, one.slot, one.at, stale_at
        )

    @property
    def bare(self) -> bool:
        """Say whether what is stored of the state is its run alone: when it was seen is `last_at`."""
        return self.state.seen_at == self.last_at


@dataclass(frozen=True, slots=True)
class Step:
    """What a row of results of one check makes of it: how it stood, how it stands, the last of them."""

    before: Remembered
    now: Remembered
    last: Measured


class Memory:
    """The checks as the last batches left them, by public id. Used by one thread alone."""

    def __init__(self) -> None:
        self._known: dict[str, Remembered] = {}

    def step(self, check_id: str, row: Sequence[Measured]) -> Step | None:
        """Return what the results of one check, in order, make of it; None when they need a look at the rows."""
        before = self._known.get(check_id)
        if before is None:
            return None
        now = before
        for one in row:
            after = now.after(one)
            if after is None:
                return None
            now = after
        return Step(before, now, row[-1])

    def write(self, steps: Sequence[Step]) -> None:
        """Write the rows of `steps`. Raises OutdatedError, and then the transaction must not be committed."""
        if not steps:
            return
        # In one order, whoever writes: two transactions that wait for each other's rows would never end.
        in_order = sorted(steps, key=lambda each: each.before.check_id)
        with connection.cursor() as cursor:
            cursor.executemany(UPDATE, list(map(_row_in(connection.vendor), in_order)))
            if cursor.rowcount != len(in_order):
                raise OutdatedError

    def keep(self, steps: Iterable[Step]) -> None:
        """Remember how the checks stand after `steps`, once those are written."""
        for each in steps:
            self._known[each.last.check_id] = each.now

    def learn(self, check: Check, row: CheckState) -> None:
        """Remember a check from its rows; one that ended is forgotten."""
        if check.until_at is not None or check.withdrawn_at is not None:
            self._known.pop(check.public_id, None)
            return
        self._known[check.public_id] = Remembered(
            check_id=check.pk,
            attempts=check.attempts,
            recoveries=check.recoveries,
            patience=freshness.patience(
                every=timedelta(seconds=check.every_s), timeout=checking.timeout_of(check)
            ),
            state=state_of(row),
            last_slot=row.last_slot,
            last_at=row.last_at,
            stale_at=row.stale_at,
        )

    def forget(self) -> None:
        """Remember nothing any more."""
        self._known.clear()


def state_of(row: CheckState) -> State:
    """Return how the check of `row` stands. Raises StateError."""
    return state.from_text(row.run, level=row.level, since=row.since, last_at=row.last_at)


def values_text(one: Measured) -> str:
    """Return the measures of a result as they are stored."""
    return _in_order.encode(one.values).decode()


_in_order = msgspec.json.Encoder(order="sorted", enc_hook=dict)


def _row_in(vendor: str) -> Callable[[Step], tuple[Any, ...]]:
    """Return what makes of a step the parameters of UPDATE."""
    instant = _plain if vendor == "sqlite" else _as_it_is

    def row(each: Step) -> tuple[Any, ...]:
        before, now, last = each.before, each.now, each.last
        goes_on = now.state.run is before.state.run and now.bare and before.bare
        return (
            None if goes_on else state.as_text(now.state, last.at),
            instant(now.stale_at),
            last.level.value,
            now.last_slot,
            instant(last.at),
            last.text,
            values_text(last),
            before.check_id,
            before.last_slot,
            before.state.level.value,
        )

    return row


def _as_it_is(at: datetime) -> datetime:
    return at


def _plain(at: datetime) -> str:
    # What Django makes of an instant in UTC for SQLite, at a fifth of the price.
    return str(at.replace(tzinfo=None))
