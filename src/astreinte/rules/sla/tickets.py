"""A ticket line of a replay, checked key by key: what is wrong with it is named."""

from typing import Any, NamedTuple

from astreinte.rules.sla.definitions import Order
from astreinte.rules.sla.instants import InstantError, parse_instant
from astreinte.rules.sla.lines import Refused
from astreinte.rules.sla.meters import FOREVER

Json = dict[str, Any]

KEYS = frozenset(
    {"id", "contract", "priority", "receipts", "intervention", "suspensions", "exclusion", "as_of"}
)
_RECEIPT_KEYS = frozenset({"at", "channel"})
_SUSPENSION_KEYS = frozenset({"from", "to"})


class Ticket(NamedTuple):
    """The facts of a ticket in seconds; `started` is the first receipt that starts the clock, if any."""

    id: str
    priority: str
    first: int
    started: int | None
    pauses: tuple[tuple[int, int], ...]
    intervention: int | None
    as_of: int | None
    exclusion: str | None


def read(obj: Json, order: Order) -> Ticket:
    """Return the facts of a ticket of an order line; raise Refused with the key, the value, the way out."""
    known_keys(obj, "ticket", KEYS)
    name, priority, exclusion = obj.get("id"), obj.get("priority"), obj.get("exclusion")
    if not isinstance(name, str):
        raise Refused("ticket.id", name, "expected text")
    if not isinstance(priority, str) or priority not in order.courses:
        known = _any(order.terms.priorities)
        raise Refused("ticket.priority", priority, f"not a priority of these terms; use {known}")
    if exclusion is not None and exclusion not in order.terms.exclusions:
        known = _any(order.terms.exclusions)
        raise Refused("ticket.exclusion", exclusion, f"not a cause that these terms accept; use {known}")
    received = _receipts(obj, order)
    return Ticket(
        id=name,
        priority=priority,
        first=min(at for at, _ in received),
        started=min((at for at, starts in received if starts), default=None),
        pauses=_suspensions(obj),
        intervention=_optional(obj, "intervention"),
        as_of=_optional(obj, "as_of"),
        exclusion=exclusion,
    )


def only_once(ticket: Ticket, order: Order) -> None:
    """Raise Refused for a ticket that came on a line before, in the same contract."""
    if ticket.id in order.tickets:
        raise Refused("ticket.id", ticket.id, f"this ticket of {order.id} came on a line before; keep one")
    order.tickets.add(ticket.id)


def known_keys(obj: Json, place: str, known: frozenset[str]) -> None:
    """Raise Refused for a key that is not known."""
    for key, value in obj.items():
        if key not in known:
            raise Refused(f"{place}.{key}", value, f"unknown key; known are {', '.join(sorted(known))}")


def _receipts(obj: Json, order: Order) -> list[tuple[int, bool]]:
    received = []
    for index, receipt in enumerate(_objects(obj, "receipts", _RECEIPT_KEYS)):
        place, channel = f"ticket.receipts[{index}]", receipt.get("channel")
        if not isinstance(channel, str):
            raise Refused(f"{place}.channel", channel, "expected text")
        # Remembered for the lines to come: a channel that was seen is text, and known to start or not.
        starts = order.starts.setdefault(channel, channel in order.terms.clock_starts_on)
        received.append((_instant(receipt.get("at"), f"{place}.at"), starts))
    if not received:
        raise Refused("ticket.receipts", obj.get("receipts"), "expected one receipt or more")
    return received


def _suspensions(obj: Json) -> tuple[tuple[int, int], ...]:
    if obj.get("suspensions") is None:
        return ()
    pauses = []
    for index, suspension in enumerate(_objects(obj, "suspensions", _SUSPENSION_KEYS)):
        place, to = f"ticket.suspensions[{index}]", suspension.get("to")
        start = _instant(suspension.get("from"), f"{place}.from")
        end = FOREVER if to is None else _instant(to, f"{place}.to")
        if end < start:
            raise Refused(f"{place}.to", to, "ends before it begins; exchange from and to")
        pauses.append((start, end))
    return tuple(pauses)


def _objects(obj: Json, key: str, known: frozenset[str]) -> list[Json]:
    value = obj.get(key)
    if not isinstance(value, list):
        raise Refused(f"ticket.{key}", value, "expected a list of objects")
    for index, one in enumerate(value):
        if not isinstance(one, dict):
            raise Refused(f"ticket.{key}[{index}]", one, "expected an object")
        known_keys(one, f"ticket.{key}[{index}]", known)
    return value


def _optional(obj: Json, key: str) -> int | None:
    value = obj.get(key)
    return None if value is None else _instant(value, f"ticket.{key}")


def _instant(value: Any, place: str) -> int:
    try:
        return parse_instant(value)
    except InstantError as error:
        raise Refused(place, value, str(error)) from None


def _any(names: tuple[str, ...]) -> str:
    return f"one of {', '.join(names)}" if names else "none: there are none"
