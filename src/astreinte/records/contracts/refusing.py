"""What a contract cannot hold, said in one way by every activity of the room."""

from datetime import datetime
from typing import Any

from astreinte.rules.sla import calendar, clock
from astreinte.rules.sla import terms as sla_terms
from astreinte.rules.sla.courses import HorizonReached


class ContractError(ValueError):
    """Something that a contract cannot hold: names the place, the value and the way out."""


def not_in_the_past(place: str, instant: datetime, at: datetime) -> None:
    """Refuse an instant before now: what was promised and missed is not re-priced afterwards."""
    if instant < at:
        raise ContractError(
            f"{place}: {instant.isoformat()} is past; write an instant from now on ({at.isoformat()})"
        )


def usable(body: dict[str, Any], at: datetime) -> sla_terms.Terms:
    """Return the terms, when each month of two years has a rate and each promise an end."""
    terms = sla_terms.parse(body)
    for months in range(24):
        year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
        name = f"{year}-{month + 1:02}"
        if not calendar.opening_seconds(terms, name, terms.penalty.opening_hours):
            raise ContractError(
                f"business_hours: {name} has no opening hours, so a penalty would have no rate;"
                ' open a day of it, or set penalty.opening_hours to "elapsed"'
            )
    for priority in terms.priorities:
        try:
            clock.run(terms, priority, [clock.Receipt(at, "any")], internal=True)
        except HorizonReached as error:
            raise ContractError(
                f"targets.{priority}: never reached within 400 days ({error}); promise less"
            ) from None
    return terms


def priced(cents: int, full_cents: int | None = None, discount: str = "") -> None:
    """Refuse a fee of zero or below, and a discount that is none or says nothing."""
    if cents <= 0:
        raise ContractError(
            f"price: {cents} cents: write an amount above zero, such as 390.00: article 6 counts a penalty by it"
        )
    if full_cents is None:
        if discount:
            raise ContractError("price.full: write the price before the discount too, such as 450.00")
        return
    if full_cents <= cents:
        raise ContractError(
            f"price.full: {full_cents} cents: is not above the price after discount, {cents} cents; leave it out"
        )
    if not discount.strip():
        raise ContractError("price.discount: say what the discount is for, in a few words")


def stop(rows: Any, at: datetime, what: str) -> list[Any]:
    """End what runs at `at`, and return it; refuse where something begins later, or runs beyond."""
    later = rows.filter(withdrawn_at=None, from_at__gte=at).first()
    if later is not None:
        raise ContractError(f"{what}: one begins at {later.from_at.isoformat()}; write an instant after that")
    running = rows.filter(withdrawn_at=None, until_at=None)
    beyond = rows.filter(withdrawn_at=None, until_at__gt=at).first()
    if beyond is not None:
        raise ContractError(
            f"{what}: one runs until {beyond.until_at.isoformat()}; write that instant or a later one"
        )
    return [stopped(row, at) for row in running]


def stopped(row: Any, at: datetime) -> Any:
    """End one row."""
    row.until_at = at
    row.save(update_fields=["until_at"])
    return row
