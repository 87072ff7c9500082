"""Why this sum (article 6), said from the trace of a penalty, of a settlement or of a month."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from astreinte.words import clauses, formats
from astreinte.words.catalogue import named, say
from astreinte.words.clauses import ANY_PROVIDER
from astreinte.words.formats import amount, in_utc, lasting
from astreinte.words.said import Said, source

Json = dict[str, Any]
Rows = Iterator[tuple[str, str]]

_KEYS = ("timezone", "calendar", "closed_days", "business_hours", "penalty", "exclusions")


def why_sum(trace: Json, *, ticket: str | None = None, provider_name: str = ANY_PROVIDER) -> Said:
    """Say why a sum is what it is: fee, opening hours, hours late, rounding, cap, exclusion.

    `trace` is that of a penalty, of a settlement, or of a month. With `ticket`, the words are about that
    ticket of the month; LookupError when the trace does not hold it.
    """
    if trace["kind"] == "penalty":
        return _one(trace, None, provider_name)
    shares: list[Json] = trace["shares"]
    if ticket is None or not shares:
        return _whole(trace)
    share = next((one for one in shares if one["id"] == ticket), None)
    if share is None:
        raise LookupError(f"ticket {ticket} is not in this month; it has {', '.join(_ids(shares))}")
    penalty = share.get("penalty")
    if penalty is None:
        return _whole(trace, only=ticket)
    return _one(penalty, _Month(trace, share), provider_name)


class _Month:
    """A ticket among those of its month: what it is due, and why."""

    def __init__(self, trace: Json, share: Json) -> None:
        self.trace, self.share = trace, share
        self.due: int = share["due_cents"]
        self.reason: str | None = share["reason"]

    def used_before(self) -> int:
        """Return the cents of the cap that earlier tickets used."""
        used = 0
        for one in self.trace["shares"]:
            if one is self.share:
                return used
            used += one["due_cents"]
        return used


def _one(penalty: Json, month: _Month | None, provider: str) -> Said:
    ground = month.share["exclusion"] if month else None
    return Said(
        paragraphs=tuple(_of_penalty(penalty, month)),
        quote=clauses.of_penalty() if ground is None else clauses.of_exclusion(ground, provider),
        source=source("article_6", penalty["terms"], _KEYS),
        table=tuple(_rows(penalty, month)),
    )


def _of_penalty(penalty: Json, month: _Month | None) -> Iterator[str]:
    zone = ZoneInfo(penalty["terms"]["timezone"])
    charged, rounding = lasting(penalty["charged_seconds"]), penalty["terms"]["penalty"]["rounding"]
    deadline = formats.instant(in_utc(penalty["deadline"]), zone)
    late = say("sum.late", deadline=deadline, late=lasting(penalty["late_seconds"]))
    yield f"{late} {say(f'sum.{rounding}', charged=charged)}"
    if penalty["monthly_fee"] is None:
        yield say("sum.one_off")
    else:
        yield f"{_fee_sentence(penalty)} {_opening_sentence(penalty)}"
        yield _formula(penalty)
    if month is not None:
        yield from _of_month(penalty, month)


def _fee_sentence(penalty: Json) -> str:
    price = penalty["price"]
    return say(
        f"sum.{price['period']}",
        price=formats.exact_amount(Fraction(price["cents"])),
        fee=_fee(penalty),
    )


def _opening_sentence(penalty: Json) -> str:
    base = penalty["terms"]["penalty"]["opening_hours"]
    met = [date.fromisoformat(day) for day in penalty["holidays_met"]]
    weekdays = [formats.day(day) for day in met if day.weekday() < 5]
    return say(
        f"sum.opening_{base}",
        month=_month(penalty["month"]),
        opening=lasting(penalty["opening_seconds"]),
        days=penalty["opening_days"],
        holidays=say("sum.holidays", days=", ".join(weekdays)) if weekdays else "",
    )


def _formula(penalty: Json) -> str:
    exact = _exact(penalty)
    said = say(
        "sum.formula",
        multiplier=formats.number(Fraction(penalty["terms"]["penalty"]["multiplier"])),
        fee=_fee(penalty),
        opening=lasting(penalty["opening_seconds"]),
        charged=lasting(penalty["charged_seconds"]),
        raw=amount(penalty["raw_cents"]),
    )
    if exact.denominator == 1:
        return said
    return f"{said} {say('sum.rounded', exact=formats.unrounded(exact))}"


def _of_month(penalty: Json, month: _Month) -> Iterator[str]:
    if month.reason == "one_off":
        return
    if month.reason is not None and month.reason == month.share["exclusion"]:
        yield say("sum.excluded", ground=named("ground", month.reason))
    else:
        yield _cap_sentence(penalty, month)
    count = len(month.trace["shares"])
    name = "sum.month_one" if count == 1 else "sum.month"
    due = amount(month.trace["due_cents"])
    yield say(name, month=_month(month.trace["month"]), count=count, due=due)
    if month.due:
        yield say("sum.on_request")


def _cap_sentence(penalty: Json, month: _Month) -> str:
    cap = month.trace["cap_cents"]
    if cap is None:
        return say("sum.no_cap")
    by_ticket = "_ticket" if penalty["terms"]["penalty"]["cap_scope"] == "ticket" else ""
    hit = "hit" if month.reason == "cap" else "free"
    return say(
        f"sum.cap{by_ticket}_{hit}",
        cap=amount(cap),
        left=amount(max(cap - month.used_before(), 0)),
        due=amount(month.due),
        raw=amount(penalty["raw_cents"]),
    )


def _rows(penalty: Json, month: _Month | None) -> Rows:
    yield say("row.late"), lasting(penalty["late_seconds"])
    yield say("row.charged"), lasting(penalty["charged_seconds"])
    yield say("row.month"), _month(penalty["month"])
    if penalty["monthly_fee"] is not None:
        yield say("row.fee"), _fee(penalty)
        yield say("row.multiplier"), formats.number(Fraction(penalty["terms"]["penalty"]["multiplier"]))
        yield say("row.opening"), lasting(penalty["opening_seconds"])
        yield say("row.rate"), formats.exact_amount(Fraction(penalty["rate"]) * 100)
    yield say("row.raw"), amount(penalty["raw_cents"])
    if month is not None:
        cap = month.trace["cap_cents"]
        yield say("row.cap"), say("row.no_cap") if cap is None else amount(cap)
        yield say("row.due"), amount(month.due)


def _whole(trace: Json, only: str | None = None) -> Said:
    """Say the month of an order line, ticket by ticket."""
    shares = [one for one in trace["shares"] if only in (None, one["id"])]
    if not shares:
        return Said((say("sum.nothing"),), clauses.of_penalty(), say("source.article_6"), ())
    terms = trace.get("terms") or shares[0]["penalty"]["terms"]
    due = amount(trace["due_cents"])
    total = say(
        "sum.month_tickets",
        month=_month(trace["month"]),
        count=len(trace["shares"]),
        due=due,
        raw=amount(trace["raw_cents"]),
    )
    return Said(
        paragraphs=(total, *((say("sum.on_request"),) if trace["due_cents"] else ())),
        quote=clauses.of_penalty(),
        source=source("article_6", terms, _KEYS),
        table=(
            *((say("row.ticket", id=one["id"]), amount(one["due_cents"])) for one in shares),
            (say("row.total"), due),
        ),
    )


def _ids(shares: list[Json]) -> list[str]:
    return [str(one["id"]) for one in shares]


def _month(month: str) -> str:
    return formats.month(date.fromisoformat(f"{month}-01"))


def _fee(penalty: Json) -> str:
    return formats.exact_amount(Fraction(penalty["monthly_fee"]) * 100)


def _exact(penalty: Json) -> Fraction:
    """Return the cents before they are rounded."""
    charged: int = penalty["charged_seconds"]
    return Fraction(penalty["rate"]) * 100 * charged / 3600
