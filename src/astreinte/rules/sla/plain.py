"""The ticket lines that a year is made of, read in one go; any other line is left to the careful reading.

A plain line is written as `json` writes it, its keys in the order of the documentation, its texts without
escapes: then the text between two quotes is the value. It halves the time of reading a million lines. Nothing is
refused here, and nothing is accepted that `lines` and `tickets` would not read alike (a test holds them together).
"""

import re

from astreinte.rules.sla.definitions import Order
from astreinte.rules.sla.instants import InstantError, parse_instant
from astreinte.rules.sla.tickets import Ticket

_TEXT = r'[^"\\\x00-\x1f]*'
_RECEIPT = rf'\{{"at": ?"{_TEXT}", ?"channel": ?"{_TEXT}"\}}'
_LINE = re.compile(
    rf'\{{"ticket": ?\{{"id": ?"({_TEXT})", ?"contract": ?"({_TEXT})", ?"priority": ?"({_TEXT})", ?'
    rf'"receipts": ?\[({_RECEIPT}(?:, ?{_RECEIPT})*)\](?:, ?"intervention": ?"({_TEXT})")?\}}\}}\s*'
)
_RECEIPTS = re.compile(rf'"at": ?"({_TEXT})", ?"channel": ?"({_TEXT})"')


def read(text: str, orders: dict[str, Order]) -> tuple[Order, Ticket] | None:
    """Return a plain ticket with its order line; None for a line that takes more care."""
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    name, contract, priority, received, intervention = match.groups()
    try:
        order = orders[contract]
        order.courses[priority]
        first = started = None
        for at, channel in _RECEIPTS.findall(received):
            second, starts = parse_instant(at), order.starts[channel]
            if first is None or second < first:
                first = second
            if starts and (started is None or second < started):
                started = second
        stopped = None if intervention is None else parse_instant(intervention)
    except (KeyError, InstantError):
        return None
    assert first is not None, "the pattern asks for a receipt"
    return order, Ticket(name, priority, first, started, (), stopped, None, None)
