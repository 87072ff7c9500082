"""Which promise holds: the order line, terms and fee of a server at an instant, each with its origin."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.accounts.actors import system
from astreinte.records.contracts import freezing
from astreinte.records.contracts.models import Binding, OrderLine, Overlay
from astreinte.records.inventory.models import Server
from astreinte.rules.sla import terms as sla_terms
from astreinte.rules.sla.instants import parse_duration
from astreinte.rules.sla.penalties import Price as Fee
from astreinte.rules.sla.terms import Terms

YEARS_AHEAD = 2  # a deadline is reached within 400 days, or never


@dataclass(frozen=True, slots=True)
class InForce:
    """What binds for a server at an instant. `origin` says in words where the terms come from."""

    line: OrderLine
    terms: Terms
    origin: tuple[str, ...]


def in_force(server: Server, at: datetime) -> InForce | None:
    """Return the order line that covers `server` at `at` with its terms, or None when nothing does (A1.1)."""
    line = OrderLine.objects.covering(server, at).select_related("client").first()
    return None if line is None else of_line(line, at)


def relapse_within(server: Server | None, at: datetime) -> timedelta:
    """Return how soon after its recovery a fault of `server` is the same one; the usual time where nothing binds."""
    bound = None if server is None else in_force(server, at)
    usual = parse_duration(sla_terms.RELAPSE_WITHIN)
    return timedelta(seconds=usual if bound is None else bound.terms.relapse_within)


def principal_first(servers: Iterable[Server], at: datetime) -> list[Server]:
    """Return the servers with the first covered one in front: its order line gives the ticket's terms and fee."""
    several = list(servers)
    covered = next((one for one in several if in_force(one, at) is not None), None)
    return several if covered is None else [covered, *(one for one in several if one != covered)]


def of_line(line: OrderLine, at: datetime) -> InForce | None:
    """Return the terms of an order line as they stand at `at`: its binding, then the overlay in force."""
    binding = Binding.objects.as_of(at).select_related("terms").filter(line=line).first()
    if binding is None:
        return None
    body, origin = json.loads(binding.terms.body), [binding.terms.name]
    overlay = Overlay.objects.as_of(at).filter(line=line).first()
    if overlay is not None:
        body = sla_terms.merge(body, json.loads(overlay.patch))
        origin.append(overlay.title)
    return InForce(line=line, terms=_parsed(body, line.provider_id, at), origin=tuple(origin))


def fee(line: OrderLine, at: datetime) -> Fee:
    """Return the price in force at `at`: the penalty is counted on the fee at its deadline (AMB-17).

    After the end of the line the last price holds.
    """
    # A line has few prices, and whoever lists many lines has fetched them all at once (prefetch).
    prices = sorted(
        (one for one in line.prices.all() if one.withdrawn_at is None), key=lambda one: one.from_at
    )
    held = [one for one in prices if one.from_at <= at and (one.until_at is None or at < one.until_at)]
    if not prices:
        raise LookupError(f"order line {line.number}: has no price")
    price = (held or prices)[-1]
    return Fee(cents=price.cents, period=line.period)


def _parsed(body: dict[str, object], provider_id: int, at: datetime) -> Terms:
    calendar = body.get("calendar")
    if not isinstance(calendar, str):
        return sla_terms.parse(body)
    years = range(at.year - 1, at.year + YEARS_AHEAD + 1)
    days = freezing.freeze(provider_id, calendar, years, at=at, actor=system("contracts"))
    return sla_terms.parse(body, frozen=days)
