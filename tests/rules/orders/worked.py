"""The tables of docs/rules/periods.md, worked out."""

from datetime import date
from itertools import pairwise

from astreinte.rules import money
from astreinte.rules.orders import periods
from astreinte.rules.orders.periods import Fee


def days(text):
    return [date.fromisoformat(day) for day in text.split(", ")]


def cents(euros):
    return money.half_up(money.parse_euros(euros))


def anniversaries(row):
    begins, wanted = date.fromisoformat(row["begins"]), days(row["the next beginnings"])
    found = [periods.anniversary(begins, row["period"], number) for number in range(1, len(wanted) + 1)]
    for first, following in pairwise([begins, *found]):
        assert periods.holding(begins, row["period"], first).ends == following
    return {"the next beginnings": ", ".join(day.isoformat() for day in found)}


def monthly_fee(row):
    euros, period = row["price"].split()
    found = periods.monthly(cents(euros), period)
    return {"monthly fee": "none" if found is None else money.text(money.half_up(found))}


def instalments(row):
    begins, ends = date.fromisoformat(row["begins"]), date.fromisoformat(row["ends"])
    written = [one.split() for one in row["fees"].split("; ")]
    fees = [Fee(date.fromisoformat(day), cents(euros)) for day, euros in written]
    away = [tuple(days(one.replace(" to ", ", "))) for one in row["suspended"].split("; ") if one]
    found = [
        periods.instalment(one, fees, until=ends, suspended=away)
        for one in periods.periods(begins, row["period"], ends)
    ]
    return {"instalments": "; ".join(money.text(one.cents) for one in found)}


def notice(row):
    begins, given = date.fromisoformat(row["begins"]), date.fromisoformat(row["given on"])
    ends = periods.ends_when_noticed(begins, row["period"], int(row["notice"].split()[0]), given)
    return {"ends": ends.isoformat()}


KINDS = {
    "anniversaries": anniversaries,
    "monthly fee": monthly_fee,
    "instalments": instalments,
    "notice": notice,
}
