"""Doing one thing again and again in a thread, with a connection of its own, until it is told to stop."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import connections

from astreinte.loops import clock

LONGEST_PAUSE_S = 30.0

log = structlog.get_logger("astreinte.loops")

Step = Callable[[datetime], int]
Run = Callable[[threading.Event], None]


def turning(name: str, step: Step, *, every_s: float, first_after_s: float = 0.0) -> Run:
    """Return the body of a thread that does `step(now)` each `every_s`, until its event is set.

    A step says how much it did, and is called again at once while that is not 0. One that raises is logged,
    and tried again later and later, up to 30 s: what is owed stands in its rows, and is not lost.
    """

    def run(stopping: threading.Event) -> None:
        failures = 0
        pause_s = first_after_s
        try:
            while not stopping.wait(pause_s):
                failures = 0 if _round(name, step, stopping) else failures + 1
                pause_s = min(every_s * 2 ** min(failures, 10), max(every_s, LONGEST_PAUSE_S))
        finally:
            connections.close_all()

    return run


def _round(name: str, step: Step, stopping: threading.Event) -> bool:
    """Do what there is to do; say whether it went well."""
    try:
        while step(clock.now()) and not stopping.is_set():
            pass
    except Exception as error:
        log.error("round failed", task=name, reason=repr(error), exc_info=error)
        connections.close_all()
        return False
    return True
