"""Seals the journal, each second: a head that is published covers everything that was committed before it."""

import threading
from datetime import timedelta

import structlog
from django.db import connections

from astreinte.loops import clock
from astreinte.records.journal import sealing

PAUSE_S = 1.0
ALARMING = timedelta(seconds=60)
"""An entry that waits longer for its seal is an alarm: something holds a transaction open."""

log = structlog.get_logger("astreinte.seal")


def seal_waiting() -> int:
    """Seal everything that can be sealed now, and return how many entries that were."""
    sealed = 0
    while turn := sealing.seal(clock.now()):
        sealed += turn
    return sealed


def run(stopping: threading.Event) -> None:
    """Seal until `stopping` is set, and once more at the end; a turn that fails is tried again."""
    try:
        while not stopping.wait(PAUSE_S):
            _turn()
        _turn()
    finally:
        connections.close_all()


def _turn() -> None:
    try:
        seal_waiting()
        if (waiting := sealing.lag(clock.now())) > ALARMING:
            log.error("entries wait for their seal", seconds=int(waiting.total_seconds()))
    except Exception as error:
        log.error("journal not sealed", reason=repr(error), exc_info=error)
        connections.close_all()
