"""What an order line owes for a month in which its fee or its terms may have changed (article 6).

Each late ticket keeps the terms of its receipt and the fee of its deadline; the cap that it meets is
that of the same terms and fee, less what the month's earlier tickets have used of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from astreinte.rules.sla import penalties, traces
from astreinte.rules.sla.penalties import Due, Penalty, PenaltyError, Share

Json = dict[str, Any]

WHOLE_MONTH = ""
"""What uses up the cap of a month, where the others are the ids of tickets."""


@dataclass(frozen=True, slots=True)
class Late:
    """A late outage: its id, its penalty before exclusion and cap, the accepted cause if any, its ticket.

    The first outage of a ticket has the ticket's id, and no need of `ticket`; one that came back has its own.
    """

    id: str
    penalty: Penalty
    exclusion: str | None = None
    ticket: str | None = None

    @property
    def share(self) -> Share:
        """The ticket as the cap sees it."""
        return Share(self.id, self.penalty.deadline, self.penalty.raw_cents, self.exclusion)


@dataclass(frozen=True, slots=True)
class MonthOwed:
    """What one order line owes for one month: each ticket's due, in the order of the deadlines, then of the ids."""

    month: str
    lates: tuple[Late, ...]
    dues: tuple[Due, ...]

    @property
    def raw_cents(self) -> int:
        """The sum of the penalties before exclusion and cap."""
        return sum(due.share.raw_cents for due in self.dues)

    @property
    def due_cents(self) -> int:
        """The sum of what the tickets are due."""
        return sum(due.cents for due in self.dues)

    @property
    def cap_cents(self) -> int | None:
        """The cap that the month's last ticket met; None without one."""
        last = self.lates[-1].penalty
        return penalties.cap_cents(last.terms, last.price)

    def due_of(self, id_: str) -> Due:
        """Return what a ticket is due; KeyError for one that is not late in this month."""
        for due in self.dues:
            if due.share.id == id_:
                return due
        raise KeyError(id_)

    @property
    def trace(self) -> Json:
        """The computation as JSON values, from which alone `recompute` gives the same numbers."""
        return {
            "engine": traces.ENGINE,
            "kind": "month",
            "month": self.month,
            "cap_cents": self.cap_cents,
            "shares": [
                ({"id": late.id} if late.ticket is None else {"id": late.id, "ticket": late.ticket})
                | {
                    "penalty": late.penalty.trace,
                    "exclusion": late.exclusion,
                    "due_cents": due.cents,
                    "reason": due.reason,
                }
                for late, due in zip(self.lates, self.dues, strict=True)
            ],
            "raw_cents": self.raw_cents,
            "due_cents": self.due_cents,
        }


def owed(lates: Iterable[Late]) -> MonthOwed:
    """Return what the late tickets of one order line and one month are due.

    A cap for each ticket is used up by all the outages of the ticket, whose fault came back.

    Raises PenaltyError for none, or for tickets of several months.
    """
    ordered = tuple(sorted(lates, key=lambda late: (late.penalty.deadline, late.id)))
    months = sorted({late.penalty.month for late in ordered})
    if len(months) != 1:
        raise PenaltyError(
            f"a settlement is of one month, not of {', '.join(months) or 'none'}; settle each apart"
        )
    used: Counter[str] = Counter()
    dues = []
    for late in ordered:
        terms, price = late.penalty.terms, late.penalty.price
        cap = penalties.cap_cents(terms, price)
        within = WHOLE_MONTH if terms.penalty.cap_scope == "month" else late.ticket or late.id
        left = None if cap is None else max(cap - used[within], 0)
        due = penalties.due_of(late.share, price, left)
        used[within] += due.cents
        dues.append(due)
    return MonthOwed(months[0], ordered, tuple(dues))


def recompute(trace: Json) -> MonthOwed:
    """Return the month that a stored trace comes to, from the trace alone; TraceError when it cannot be read."""
    with traces.reading(trace, "month"):
        lates = []
        for one in trace["shares"]:
            penalty = penalties.recompute(one["penalty"])
            if not isinstance(penalty, Penalty):
                raise traces.TraceError("a share of the month is no penalty")
            lates.append(Late(one["id"], penalty, one["exclusion"], one.get("ticket")))
        return owed(lates)
