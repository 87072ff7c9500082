"""What would these terms have cost on last year's tickets? Lines in, answer lines out.

The format is in docs/rules/replay.md. Every line is judged alone but for the cap, which is
shared by the late tickets of a contract and month once all are known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from astreinte.rules import money
from astreinte.rules.sla import lines as lines_
from astreinte.rules.sla import meters, plain, tickets
from astreinte.rules.sla.calendar import CalendarError
from astreinte.rules.sla.courses import Course, HorizonReached
from astreinte.rules.sla.definitions import Definitions, Late, Order
from astreinte.rules.sla.instants import to_seconds
from astreinte.rules.sla.lines import Refused, ReplayError
from astreinte.rules.sla.penalties import PenaltyError, capped, charged
from astreinte.rules.sla.tickets import Ticket

__all__ = ["Replay", "ReplayError", "replay"]

_UNDATED = (
    '{"ticket":%s,"contract":%s,"status":"%s","internal_deadline":%s,"internal_late_seconds":%d,'
    '"clock_start":%s,"deadline":null,"late_seconds":0,"charged_seconds":0,"month":null,'
    '"opening_seconds":null,"raw":"0.00","due":"0.00","reason":null}'
)
_IN_TIME = (
    '{"ticket":%s,"contract":%s,"status":"%s","internal_deadline":%s,"internal_late_seconds":%d,'
    '"clock_start":%s,"deadline":%s,"late_seconds":0,"charged_seconds":0,"month":"%s",'
    '"opening_seconds":%d,"raw":"0.00","due":"0.00","reason":null}'
)
_LATE = (
    '{"ticket":%s,"contract":%s,"status":"late","internal_deadline":%s,"internal_late_seconds":%d,'
    '"clock_start":%s,"deadline":%s,"late_seconds":%d,"charged_seconds":%d,"month":"%s",'
    '"opening_seconds":%d,"raw":"%s"'
)


@dataclass(frozen=True, slots=True)
class Replay:
    """The answers, one line a ticket, in their order, and the summary, one a contract and month."""

    answers: list[str]
    summary: list[str]


def replay(lines: Iterable[bytes | str], *, now: datetime) -> Replay:
    """Judge the tickets of the lines; `now` judges those without an intervention or an `as_of`.

    Raises ReplayError for the first line that cannot be accepted: then there is no answer at all.
    """
    judging = _Judging(to_seconds(now))
    for number, line in enumerate(lines, 1):
        try:
            judging.take(line)
        except Refused as error:
            raise ReplayError(number, error.key, error.value, error.way_out) from None
    return judging.close()


class _Judging:
    """The replay under way: what is defined, the answers so far, the late tickets that wait for the cap."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._known = Definitions()
        self._answers: list[str] = []

    def take(self, line: bytes | str) -> None:
        """Take one line; raise Refused."""
        text = lines_.text_of(line)
        found = plain.read(text, self._known.orders)
        if found is None:
            kind, obj = lines_.read(text)
            if kind != "ticket":
                self._define(kind, obj)
                return
            order = self._known.order_of(obj.get("contract"), "ticket.contract")
            found = order, tickets.read(obj, order)
        order, ticket = found
        tickets.only_once(ticket, order)
        self._answers.append(self._judge(order, ticket))

    def _define(self, kind: str, obj: dict[str, Any]) -> None:
        if kind == "contract":
            self._known.define_contract(obj)
        else:
            self._known.define_terms(obj)

    def close(self) -> Replay:
        """Apply the caps, and return the answers with the totals in the order of contracts and months."""
        totals: list[str] = []
        for order in sorted(self._known.orders.values(), key=lambda order: order.id):
            # A month comes before its deadlines in time: as tuples they sort by month, deadline and id.
            order.late.sort()
            for month, late in groupby(order.late, key=lambda late: late.month):
                totals.append(self._settle(order, month, list(late)))
        return Replay(self._answers, totals)

    def _judge(self, order: Order, ticket: Ticket) -> str:
        """Return the answer of a ticket; that of a late one is completed by `close`."""
        try:
            return self._answer(order, ticket)
        except HorizonReached as error:
            raise Refused("ticket.id", ticket.id, str(error)) from None
        except PenaltyError as error:
            raise Refused("ticket.id", ticket.id, str(error)) from None
        except CalendarError as error:
            raise Refused("ticket.receipts", ticket.id, str(error)) from None

    def _answer(self, order: Order, ticket: Ticket) -> str:
        pair, zone, started = order.courses[ticket.priority], order.zone, ticket.started
        begun = "null" if started is None else f'"{zone.text(started)}"'
        if pair is None:
            return _UNDATED % (quoted(ticket.id), order.quoted, "no_target", "null", 0, begun)
        until = ticket.intervention
        if until is None:
            until = self._now if ticket.as_of is None else ticket.as_of
        due, late = _run(order, pair, ticket.first, ticket.pauses, until)
        deadline = "null" if due is None else f'"{zone.text(due)}"'
        internal, internal_late = deadline, late
        if started is not None and started != ticket.first:
            due, late = _run(order, pair, started, ticket.pauses, until)
            deadline = "null" if due is None else f'"{zone.text(due)}"'
        status = "no_clock" if started is None else "running" if ticket.intervention is None else "met"
        if due is None or started is None:
            return _UNDATED % (quoted(ticket.id), order.quoted, status, internal, internal_late, begun)
        if late:
            shown = (quoted(ticket.id), order.quoted, internal, internal_late, begun, deadline)
            return self._late(order, ticket, (due, late), shown)
        return _IN_TIME % (
            quoted(ticket.id), order.quoted, status, internal, internal_late, begun, deadline, deadline[1:8],
            order.opening(deadline[1:8]),
        )  # fmt: skip

    def _late(self, order: Order, ticket: Ticket, clock: tuple[int, int], shown: tuple[object, ...]) -> str:
        """Return the answer of a late ticket as far as it is known, and keep it for the cap of its month."""
        due, late = clock
        month = order.zone.text(due)[:7]
        numerator, denominator = order.rate(month)
        seconds = charged(order.terms.penalty.rounding, late)
        raw = money.half_up_ratio(numerator * seconds, denominator)
        order.late.append(Late(month, due, ticket.id, raw, ticket.exclusion, len(self._answers)))
        return _LATE % (*shown, late, seconds, month, order.opening(month), money.text(raw))

    def _settle(self, order: Order, month: str, late: list[Late]) -> str:
        """Complete the answers of the late tickets of a month, and return its total."""
        raw = paid = 0
        owed = capped(order.terms, order.price, [(one.raw, one.exclusion) for one in late])
        for one, (cents, why) in zip(late, owed, strict=True):
            raw, paid = raw + one.raw, paid + cents
            reason = "null" if why is None else quoted(why)
            self._answers[one.place] += f',"due":"{money.text(cents)}","reason":{reason}}}'
        cap = "null" if order.cap is None else f'"{money.text(order.cap)}"'
        return (
            f'{{"contract":{order.quoted},"month":"{month}","late":{len(late)},'
            f'"raw":"{money.text(raw)}","due":"{money.text(paid)}","cap":{cap}}}'
        )


def _run(
    order: Order, pair: tuple[Course, Course], start: int, pauses: tuple[tuple[int, int], ...], until: int
) -> tuple[int | None, int]:
    """Return the deadline of a clock that starts at a second, and its lateness at another."""
    course, outside = pair
    if course is not outside and not order.openings.holds(start):
        course = outside
    if not pauses:
        end = course.end_unsuspended(start)
        return end, course.late_on.between(end, until) if until > end else 0
    running = meters.windows(start, pauses)
    due = course.end(start, running)
    return due, course.late(due, until, running)
