"""Sends what stands in the outbox: the network is touched here, and in no transaction."""

import threading
from datetime import datetime, timedelta

import structlog
from django.db import connections

from astreinte.loops import clock
from astreinte.records.journal import points, waking
from astreinte.records.notices import carriers, letters, sending
from astreinte.records.notices.carriers import Answer, Carrier, Kind, Unreachable
from astreinte.records.notices.sending import Claimed

LEASE = timedelta(minutes=5)
"""Longer than a server may take over one letter, waiting each time as long as it is given."""
PAUSE_S = 1.0
"""The net below the waking: another process may have queued something."""

log = structlog.get_logger("astreinte.send")


def send_due(
    now: datetime, *, carrier: Carrier | None = None, stopping: threading.Event | None = None
) -> int:
    """Hand over what is due at `now`, and return how many notices were tried; call again until it is 0.

    A letter that cannot be written or sent stops no other one. What was taken and not begun is given back
    when this fails in the middle, or when `stopping` is set: then only the letter in hand is finished.
    """
    claimed = sending.claim(now, LEASE)
    if not claimed:
        return 0
    carrier = carrier or carriers.chosen()
    tried = 0
    try:
        tried = _send_all(carrier, claimed, stopping)
    finally:
        carrier.close()
        sending.release(claimed[tried:])
    return tried


def run(stopping: threading.Event) -> None:
    """Send until `stopping` is set (then call `waking.ring()`); a turn that fails is logged, and tried again."""
    woken = waking.listen()
    try:
        while not stopping.is_set():
            woken.clear()
            if not _turn(stopping):
                woken.wait(PAUSE_S)
    finally:
        waking.forget(woken)
        connections.close_all()


def _turn(stopping: threading.Event) -> int:
    try:
        return send_due(clock.now(), stopping=stopping)
    except Exception as error:
        log.error("notices not sent", reason=repr(error), exc_info=error)
        connections.close_all()
        return 0


def _send_all(carrier: Carrier, claimed: list[Claimed], stopping: threading.Event | None) -> int:
    for place, one in enumerate(claimed):
        if stopping is not None and stopping.is_set():
            return place
        try:
            carrier.open()
        except Unreachable as error:
            # They all wait: none is tried in vain, and each of them shows why.
            log.warning("carrier cannot be reached", notices=len(claimed) - place, reason=str(error))
            for waiting in claimed[place:]:
                sending.settle(waiting, Answer(Kind.LATER, str(error)), clock.now())
            break
        _send(carrier, one)
    return len(claimed)


def _send(carrier: Carrier, one: Claimed) -> None:
    at = clock.now()
    try:
        letter = letters.letter_of(
            one.notice, attempt=one.attempt, possible_duplicate=one.possible_duplicate, at=at
        )
    except ValueError as error:
        sending.settle(one, Answer(Kind.REFUSED, f"this letter cannot be written: {error}"), at)
        return
    if not sending.begin(one, at, LEASE):
        log.info("notice taken by another sender", notice=one.notice.number)
        return
    points.reached("hand-over begun")
    try:
        answer = carrier.hand_over(letter)
    except Exception as error:
        log.error("carrier failed", notice=one.notice.number, reason=repr(error), exc_info=error)
        answer = Answer(Kind.IN_DOUBT, f"{type(error).__name__}: {error}")
    points.reached("handed over, not written down")
    sending.settle(one, answer, clock.now())
