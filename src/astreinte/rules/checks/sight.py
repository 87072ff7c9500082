"""Whether we see at all: our own failures, told from those of targets by how many checks they touch at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 3
"""So many checks must fail on our side: one or two are a check that is set up wrongly, and show it themselves."""
BLIND_FROM = 0.5
SIGHTED_BELOW = 0.25
"""Between the two what was said last still holds, so that nobody is told at each turn."""
LEAST_WINDOW_S = 60.0
SLACK_S = 10.0

SILENT = "silent"
"""Nothing at all comes from the watch: it is dead, stopped, or cannot reach us."""

CAUSES = {
    "descriptors": ("too many open files", "file table overflow"),
    "resolver": ("our resolver",),
    "route": ("network is unreachable", "network is down", "cannot assign requested address"),
    "late": ("late ourselves",),
}
OTHER = "other"


@dataclass(frozen=True, slots=True)
class View:
    """What came in the last while: of how many checks, how many of them inconclusive, and most often why."""

    checks: int = 0
    inconclusive: int = 0
    cause: str = OTHER
    silent: bool = False


def blind(view: View, *, was_blind: bool) -> bool:
    """Say whether we see too little to know how the targets are; `was_blind` is what was said last."""
    if view.silent:
        return True
    if not view.checks:
        return was_blind
    share = view.inconclusive / view.checks
    if was_blind:
        return share >= SIGHTED_BELOW
    return view.inconclusive >= FEWEST and share >= BLIND_FROM


def window_s(shortest_interval_s: float) -> float:
    """Return how far back a view looks: a minute, or two of the shortest intervals and a little."""
    return max(LEAST_WINDOW_S, 2 * shortest_interval_s + SLACK_S)


def cause_of(texts: Iterable[str]) -> str:
    """Return the most frequent cause of inconclusive results.

    A word of `CAUSES`, never the texts themselves: those name the hosts of one provider, and all are told.
    """
    found = Counter(_cause(text.lower()) for text in texts)
    return max(found, key=lambda cause: (cause != OTHER, found[cause])) if found else OTHER


def _cause(text: str) -> str:
    for cause, signs in CAUSES.items():
        if any(sign in text for sign in signs):
            return cause
    return OTHER
