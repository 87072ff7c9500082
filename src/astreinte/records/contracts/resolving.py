"""Which promise holds: the order line, terms and fee of a server at an instant, each value with its origin."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.accounts.actors import system
from astreinte.records.contracts import freezing, layering
from astreinte.records.contracts.layering import Resolved
from astreinte.records.contracts.models import Binding, OrderLine
from astreinte.records.contracts.sources import Source
from astreinte.records.inventory.models import Server
from astreinte.rules.sla import ranking
from astreinte.rules.sla import terms as sla_terms
from astreinte.rules.sla.instants import parse_duration
from astreinte.rules.sla.penalties import Price as Fee
from astreinte.rules.sla.terms import Terms

__all__ = [
    "InForce",
    "Resolved",
    "Source",
    "explained",
    "fee",
    "in_force",
    "of_line",
    "principal_first",
    "relapse_within",
]

YEARS_AHEAD = 2  # a deadline is reached within 400 days, or never


@dataclass(frozen=True, slots=True)
class InForce:
    """What binds for a server at an instant. `origin` says in words where the terms come from, `values` key by key."""

    line: OrderLine
    terms: Terms
    origin: tuple[str, ...]
    values: tuple[Resolved, ...] = ()


def in_force(server: Server, at: datetime) -> InForce | None:
    """Return the order line that covers `server` at `at` with its terms, or None when nothing does (A1.1).

    None too while the line waits for its conditions or is suspended: then nothing is promised (A1.4).
    """
    line = OrderLine.objects.covering(server, at).select_related("client").first()
    return None if line is None else of_line(line, at, server)


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


def of_line(line: OrderLine, at: datetime, server: Server | None = None) -> InForce | None:
    """Return the terms of an order line as they stand at `at`, on `server`: without one, where no server is named.

    Specific contracts prevail over the order's own terms, these over the special and the general terms that the
    client accepted (article 1).
    """
    binding = Binding.objects.as_of(at).select_related("terms").filter(line=line).first()
    if binding is None:
        return None
    layers = layering.layers(line, binding.terms, server, at)
    base = Source("terms", binding.terms.name)
    body, values = ranking.resolve(json.loads(binding.terms.body), base, layers)
    origin = (binding.terms.name, *(str(layer.source) for layer in layers if layer.source.kind != "order"))
    return InForce(line=line, terms=_parsed(body, line.provider_id, at), origin=origin, values=values)


def explained(line: OrderLine, server: Server | None, at: datetime) -> tuple[Resolved, ...]:
    """Return each value of an order line at `at`: who says it, in which version and clause, over what (A1.2).

    Empty when no terms govern the line then.
    """
    found = of_line(line, at, server)
    return () if found is None else found.values


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
