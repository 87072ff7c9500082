"""A promise on a ticket as the pages show it: time left, regime, deadline, and what is at stake, on one card.

A countdown is never alone (screens, rule 6). The numbers are those of `commitments.standing`: the same for
page, command line and API.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import gettext as _

from astreinte.doors.drawing import Shade
from astreinte.records.commitments import standing
from astreinte.records.commitments.models import Clock, Verdict
from astreinte.records.commitments.standing import Stake, Standing
from astreinte.records.commitments.verdicts import run_of
from astreinte.records.tickets.models import Ticket
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import terms as sla_terms
from astreinte.rules.sla.calendar import spans_between
from astreinte.rules.sla.clock import ClockRun
from astreinte.rules.sla.terms import Terms

SHARES = (Fraction(1, 2), Fraction(3, 4))
SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1)
def usual_terms() -> Terms:
    """Return the general terms: what shades a page on which no promise runs."""
    return sla_terms.parse(sla_terms.built_in())


def rounding_words(rounding: str) -> str:
    """Return how an hour late is counted, in words (article 6)."""
    return {
        "started": _("per started hour"),
        "completed": _("per completed hour"),
        "prorata": _("per hour, in proportion"),
    }[rounding]


@dataclass(frozen=True, slots=True)
class Card:
    """A contractual promise at an instant. `status` is running, late, met, missed or closed (in time, unintervened)."""

    standing: Standing
    clock: Clock
    run: ClockRun
    at: datetime

    @property
    def ticket(self) -> Ticket:
        """The ticket that the promise is about."""
        return self.standing.ticket

    @property
    def status(self) -> str:
        """How the promise stands."""
        return self.standing.state

    @property
    def open(self) -> bool:
        """Whether nobody has intervened yet."""
        return self.standing.is_open

    @property
    def failed(self) -> bool:
        """Whether the promise is missed by now."""
        return self.status in {"late", "missed"}

    @property
    def verdict(self) -> Verdict | None:
        """How the promise was kept, once somebody intervened."""
        return self.standing.verdict

    @property
    def stake(self) -> Stake | None:
        """The money of it; None when the order has no monthly fee."""
        return self.standing.stake

    @property
    def allowed(self) -> timedelta:
        """What the contract allows for the regime of the receipt."""
        return self.run.allowed

    @property
    def left(self) -> timedelta:
        """The time left on the target's own clock, below zero when late."""
        return self.standing.left or timedelta(0)

    @property
    def late(self) -> timedelta:
        """How late it is, or was."""
        return self.standing.late

    @property
    def used(self) -> timedelta:
        """What an intervention that was in time took of the delay."""
        return self.allowed - self.left

    @property
    def business_only(self) -> bool:
        """Whether the delay counts business hours alone."""
        return self.run.mode == "business"

    @property
    def counts_business(self) -> bool:
        """Whether what is counted now does: the delay, or once it is over, the lateness."""
        return self.run.course.is_late_in_business if self.failed else self.business_only

    @property
    def ticks(self) -> bool:
        """Whether the wall's clock counts it, on both sides of the deadline."""
        return not (self.counts_business or self.run.course.is_late_in_business)

    @property
    def stands(self) -> bool:
        """Whether it counts business hours and those are over for now."""
        return self.open and self.counts_business and not _is_business(self.run.terms, self.at)

    @property
    def seconds(self) -> int:
        """The time left, or late, in whole seconds."""
        return int((self.late if self.failed else self.left).total_seconds())

    @property
    def until(self) -> datetime:
        """Where the bar ends: the intervention, or now."""
        return self.verdict.stopped_at if self.verdict else self.at

    @property
    def css(self) -> str:
        """The class of the clock by its status."""
        return "late" if self.failed else "held" if self.status == "met" else ""

    @property
    def declared_later(self) -> bool:
        """Whether the ticket was there before the receipt that counts: our probes had opened it."""
        return self.clock.relapse_at is None and self.clock.started_at > self.ticket.opened_at

    @property
    def rounding_words(self) -> str:
        """How an hour late is counted, in words."""
        return rounding_words(self.run.terms.penalty.rounding)

    @property
    def capped(self) -> bool:
        """Whether the cap of the month cut what is owed."""
        return self.stake is not None and self.stake.reason == "cap"

    @property
    def grows_at(self) -> datetime | None:
        """The instant from which one more hour is owed; None when the cap is reached or nothing more comes."""
        if self.stake is None or self.status != "late" or self.capped:
            return None
        return self.stake.next_at

    @property
    def grows_to(self) -> int:
        """What is owed from then on, in cents; another late ticket may still have used up the cap."""
        if self.stake is None or self.stake.next_due_cents is None:
            return 0
        most, month = self.stake.cap_cents, self.stake.month
        if most is None or month is None:
            return self.stake.next_due_cents
        return min(self.stake.next_due_cents, max(most - month.due_cents + self.stake.due_cents, 0))

    @property
    def spans(self) -> tuple[Shade, ...]:
        """Business and other hours under the bar of the delay."""
        start, last = self.run.receipt.at, max(self.run.deadline or self.until, self.until)
        return tuple(spans_between(self.run.terms, start, last + (last - start) * 0.04 + SECOND))

    @property
    def marks(self) -> tuple[tuple[datetime, str], ...]:
        """Half and three quarters of the delay: when somebody should have begun."""
        found = ((rules.instant_of_share(self.run, share), f"{int(share * 100)}\u00a0%") for share in SHARES)
        return tuple((at, label) for at, label in found if at is not None)


def _is_business(terms: Terms, at: datetime) -> bool:
    return terms.calendar.openings.holds(int(at.timestamp()))


def cards(tickets: Iterable[Ticket], at: datetime) -> dict[int, Card]:
    """Return the card of each ticket on which a promise runs or ran, by the ticket's key."""
    found = (card_of(one, at) for one in standing.of_all(tickets, at))
    return {one.ticket.pk: one for one in found if one is not None}


def card_of(one: Standing, at: datetime) -> Card | None:
    """Return the card of a ticket as it stands, None when no promise runs on it."""
    return None if one.promise is None else Card(one, one.promise, run_of(one.promise), at)
