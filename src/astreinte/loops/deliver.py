"""Delivers entries to who reacts later: woken in this process at once, from another by NOTIFY or its poll."""

import threading
from datetime import timedelta

import psycopg
import structlog
from django.db import connection, connections

from astreinte.loops import clock
from astreinte.records.journal import claiming, waking

PAUSE_S = 1.0
"""The net below the waking: another process may have written, a timer may be due."""

HEAR_S = 1.0
"""How soon who listens to other processes sees that it shall stop."""

log = structlog.get_logger("astreinte.deliver")


def deliver_due(stopping: threading.Event | None = None, *, lease: timedelta = claiming.LEASE) -> int:
    """Run everything that is due now, what it causes included; return how many deliveries were tried."""
    tried = 0
    while not (stopping and stopping.is_set()):
        claimed = claiming.claim(clock.now(), lease)
        if claimed is None:
            break
        claiming.run(claimed, clock.now())
        tried += 1
    return tried


def run(stopping: threading.Event, *, lease: timedelta = claiming.LEASE) -> None:
    """Deliver until `stopping` is set (then call `waking.ring()`); a turn that fails is tried again."""
    woken = waking.listen()
    listener = threading.Thread(target=_listen, args=(stopping,), name="deliver-listen", daemon=True)
    if connection.vendor == "postgresql":
        listener.start()
    adopted = False
    try:
        while not stopping.is_set():
            woken.clear()
            adopted = _turn(stopping, lease, adopted=adopted)
            woken.wait(PAUSE_S)
    finally:
        waking.forget(woken)
        if listener.is_alive():
            listener.join(2 * HEAR_S)
        connections.close_all()


def _turn(stopping: threading.Event, lease: timedelta, *, adopted: bool) -> bool:
    try:
        if not adopted and (moved := claiming.adopt_renamed()):
            log.info("deliveries took the new names of their reactions", deliveries=moved)
        deliver_due(stopping, lease=lease)
    except Exception as error:
        log.error("entries not delivered", reason=repr(error), exc_info=error)
        connections.close_all()
        return adopted
    return True


def _listen(stopping: threading.Event) -> None:
    """Wake this process when another one writes. A connection that fails is made again; the poll goes on."""
    while not stopping.is_set():
        try:
            _hear(stopping)
        except psycopg.Error as error:
            log.warning("not listening to other processes for now", reason=repr(error))
            stopping.wait(HEAR_S)


def _hear(stopping: threading.Event) -> None:
    parameters = connection.get_connection_params()
    for only_django_knows in ("cursor_factory", "context"):
        parameters.pop(only_django_knows, None)
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute(f"LISTEN {waking.CHANNEL}")
        while not stopping.is_set():
            for _ in listening.notifies(timeout=HEAR_S, stop_after=1):
                waking.ring()
