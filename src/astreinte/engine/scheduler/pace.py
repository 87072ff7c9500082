"""When the next attempt of a check is due: arithmetic on whole milliseconds since 1970 (UTC)."""

from __future__ import annotations

from hashlib import blake2b

SECOND_MS = 1000


def phase_ms(check_id: str, every_s: int) -> int:
    """Return where in its interval a check is due.

    A hash of the check alone: the same after a restart, so that a restart makes no burst, and spread
    evenly over the interval.
    """
    digest = blake2b(check_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % (every_s * SECOND_MS)


def after(now_ms: int, every_s: int, phase: int) -> int:
    """Return the first due instant of the grid after `now_ms`."""
    every = every_s * SECOND_MS
    return now_ms - (now_ms - phase) % every + every


def next_due(due_ms: int, now_ms: int, *, every_s: int, retry_s: int, phase: int, settled: bool) -> int:
    """Return when the next attempt is due, after the one that was due at `due_ms` and ended at `now_ms`.

    On the grid when the state is settled; else `retry_s` after the last attempt, or as soon as that one
    has ended, if the grid does not come first. What passed meanwhile is a gap, never made up for.
    Always at least a second after `due_ms`, and a whole number of seconds: slots never repeat.
    """
    on_grid = after(max(due_ms, now_ms), every_s, phase)
    if settled:
        return on_grid
    seconds = max(retry_s, -(-(now_ms - due_ms) // SECOND_MS))
    return min(on_grid, due_ms + seconds * SECOND_MS)


def missed(due_ms: int, next_ms: int, *, every_s: int, phase: int) -> int:
    """Return how many due instants of the grid lie between two attempts, both excluded."""
    every = every_s * SECOND_MS
    first = after(due_ms, every_s, phase)
    return max(0, -(-(next_ms - first) // every))
