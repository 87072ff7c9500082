"""The formula of a sum owed, number by number; its words are those of `commitments.explaining`."""

from dataclasses import dataclass
from datetime import datetime

from astreinte.doors.cards import Card
from astreinte.records.accounts.models import Brand
from astreinte.records.commitments import explaining
from astreinte.records.commitments.explaining import Explained
from astreinte.records.commitments.models import Clock
from astreinte.records.commitments.standing import Standing
from astreinte.rules import money
from astreinte.rules.sla.months import MonthOwed
from astreinte.rules.sla.penalties import Penalty


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum owed: each number with where it comes from. Cents, whole hours, `late_seconds`."""

    month: str
    multiplier: str
    monthly_cents: int
    opening_hours: int
    charged_hours: str
    late_seconds: int
    raw_cents: int
    due_cents: int
    cap_cents: int | None
    month_due_cents: int
    why: Explained | None


def deadline(card: Card, brand: Brand) -> Explained:
    """Return why the deadline of a card is what it is."""
    return explaining.deadline(card.clock, provider=brand.provider.name)


def objective(clock: Clock, brand: Brand) -> Explained:
    """Return why an internal objective ends when it does: the staff reads it where no promise runs."""
    return explaining.deadline(clock, provider=brand.provider.name)


def formula(card: Card, brand: Brand) -> Formula | None:
    """Return the formula of what a late card owes; None when nothing is late or no fee is monthly."""
    month = card.stake.month if card.stake else None
    penalty = _penalty_of(month, card.clock.label) if month else None
    if month is None or penalty is None or penalty.price.monthly is None or card.stake is None:
        return None
    return Formula(
        month=penalty.month,
        multiplier=money.decimal_text(penalty.terms.penalty.multiplier),
        monthly_cents=money.half_up(penalty.price.monthly),
        opening_hours=penalty.opening_seconds // 3600,
        charged_hours=f"{penalty.charged_seconds / 3600:.4g}".replace(".", ","),
        late_seconds=penalty.late_seconds,
        raw_cents=penalty.raw_cents,
        due_cents=card.stake.due_cents,
        cap_cents=card.stake.cap_cents,
        month_due_cents=month.due_cents,
        why=explaining.amount(card.standing, card.at, provider=brand.provider.name),
    )


@dataclass(frozen=True, slots=True)
class Before:
    """A promise that was over when the fault came back: how it stood, its deadline and sum, and why."""

    sentence: str
    due: datetime | None
    deadline: Explained
    amount: Explained | None


def before(one: Standing, at: datetime, brand: Brand) -> list[Before]:
    """Return the promises of a ticket that were over when its fault came back, the first in front."""
    provider = brand.provider.name
    return [
        Before(
            explaining.sentence(each),
            each.promise.deadline_at,
            explaining.deadline(each.promise, provider=provider),
            explaining.amount(each, at, provider=provider),
        )
        for each in one.earlier
        if each.promise is not None
    ]


def _penalty_of(month: MonthOwed, number: str) -> Penalty | None:
    return next((late.penalty for late in month.lates if late.id == number), None)
