"""Waking who delivers: at once in this process, by NOTIFY from another (PostgreSQL), else by its own poll.

NOTIFY is sent after the commit and only where nobody delivers in this process: inside a transaction it
would make all commits of the cluster queue behind one lock.
"""

import threading

from django.db import connection
from django.db.utils import Error

CHANNEL = "astreinte_deliveries"

_listening: set[threading.Event] = set()


def listen() -> threading.Event:
    """Return an event that is set whenever something was written for later; `forget` it at the end."""
    event = threading.Event()
    _listening.add(event)
    return event


def forget(event: threading.Event) -> None:
    """Wake `event` no more."""
    _listening.discard(event)


def ring() -> None:
    """Wake those who listen in this process."""
    for event in tuple(_listening):
        event.set()


def wake() -> None:
    """Say that something was written for later. Never fails: whoever delivers looks by itself as well."""
    if _listening:
        ring()
    elif connection.vendor == "postgresql":
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")
        except Error:
            # The fact is committed; its deliverer finds the delivery at its next look.
            connection.close_if_unusable_or_obsolete()
