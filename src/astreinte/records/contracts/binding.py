"""A client is bound: terms written down, an order line with its price, servers covered from a date."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, Provider
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import freezing, orders
from astreinte.records.contracts.days import beginning, day_of
from astreinte.records.contracts.facts import (
    ChangeWithdrawn,
    ClientBound,
    LineEnded,
    PriceChanged,
    ServerCovered,
    TermsChanged,
    TermsWritten,
)
from astreinte.records.contracts.models import (
    PERIODS,
    Binding,
    Coverage,
    OrderLine,
    Overlay,
    Price,
    Terms,
)
from astreinte.records.contracts.refusing import ContractError, not_in_the_past, priced, stop, stopped, usable
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.rules.orders import periods
from astreinte.rules.sla import terms as sla_terms

__all__ = [
    "ContractError",
    "bind",
    "change_price",
    "change_terms",
    "cover",
    "end_line",
    "withdraw",
    "write_terms",
]


@transaction.atomic
def write_terms(
    provider: Provider,
    *,
    name: str,
    patch: dict[str, Any],
    at: datetime,
    actor: Actor,
    extends: Terms | None = None,
) -> Terms:
    """Write terms down: `patch` (RFC 7396) on the terms it extends, or on the built-in ones.

    Raises rules.sla.terms.TermsError with the place of a wrong value. Terms are never changed: write others.
    """
    may(actor, "contracts.change", provider)
    name = name.strip()
    if not name or len(name) > 100:
        raise ContractError(f"terms.name: {name!r}: write a name of 1 to 100 characters")
    if Terms.objects.filter(provider=provider, name=name).exists():
        raise ContractError(
            f"terms.name: {name!r} exists already, and terms never change; choose another name"
        )
    _ours(extends, provider.pk)
    base = json.loads(extends.body) if extends is not None else sla_terms.built_in()
    body = usable(sla_terms.merge(base, {**patch, "id": name}), at).as_dict()
    row = Terms.objects.create(
        provider=provider,
        name=name,
        extends=extends,
        patch=json.dumps(patch, ensure_ascii=False, sort_keys=True),
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
        written_at=at,
    )
    fact = TermsWritten(at=at, provider_id=provider.pk, terms_id=row.pk)
    writing.append(fact, actor=actor, rows=[row])
    _freeze_ahead(provider.pk, body, at, actor)
    return row


@transaction.atomic
def bind(
    *,
    client: Client,
    plan: str,
    price_cents: int,
    period: str,
    terms: Terms,
    from_at: datetime,
    at: datetime,
    actor: Actor,
    until_at: datetime | None = None,
    tacit: bool = True,
    notice_days: int = 0,
    full_cents: int | None = None,
    discount: str = "",
    requires: Collection[str] = (),
) -> OrderLine:
    """Bind a client by an order line: a plan, the price of a period in cents before tax, and terms (A1.1, A1.4).

    A line that is not `tacit` ends with its first period, a one-off order at `until_at`. With `requires`, the line
    waits for these conditions and for those of the provider's texts (`orders.activate`); without, a client that
    has not accepted the texts that the provider published is refused here, and the message names them.
    """
    may(actor, "contracts.change", client)
    if client.internal:
        raise ContractError(f"client: {client.name} is the provider's own house: no contract, no commitment")
    if period not in PERIODS:
        raise ContractError(f"period: {period!r}: write one of {', '.join(PERIODS)}")
    priced(price_cents, full_cents, discount)
    _ours(terms, client.provider_id)
    plan = " ".join(plan.split())
    if not plan or len(plan) > 100:
        raise ContractError(f"plan: {plan!r}: write a name of 1 to 100 characters")
    orders.known(requires)
    if not requires:
        orders.accepted(client, at)
    line = OrderLine.objects.create(
        provider_id=client.provider_id,
        client=client,
        number=next_number(client.provider_id, "order_line"),
        plan=plan,
        period=period,
        from_at=from_at,
        until_at=_end(period, from_at, until_at, tacit=tacit),
        tacit=tacit and period != "one_off",
        notice_days=_notice(notice_days),
    )
    price = Price.objects.create(
        line=line, cents=price_cents, full_cents=full_cents, discount=discount.strip()[:200], from_at=from_at
    )
    binding = Binding.objects.create(line=line, terms=terms, from_at=from_at)
    fact = ClientBound(at=at, provider_id=client.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[line, price, binding])
    orders.wait(line, requires, at=at, actor=actor)
    return line


def _end(period: str, from_at: datetime, until_at: datetime | None, *, tacit: bool) -> datetime | None:
    if until_at is not None:
        if until_at <= from_at:
            raise ContractError(
                f"order line.until: {until_at.isoformat()} is not after its beginning; write a later instant"
            )
        return until_at
    if tacit or period == "one_off":
        return None
    return beginning(periods.anniversary(day_of(from_at), period, 1))


def _notice(days: int) -> int:
    if not 0 <= days <= 366:
        raise ContractError(f"notice: {days} days: write a number of days from 0 to 366")
    return days


@transaction.atomic
def cover(*, line: OrderLine, server: Server, from_at: datetime, at: datetime, actor: Actor) -> Coverage:
    """Cover a server by an order line; the line that covered it before stops there.

    From `from_at`, or from the instant at which line and server are both there, when that is later.
    """
    may(actor, "contracts.change", line)
    from_at = max(from_at, line.from_at, server.from_at)
    if server.client_id != line.client_id:
        raise ContractError(
            f"server: {server.name} is not a server of the client of order line {line.number}"
        )
    if line.until_at is not None and line.until_at <= from_at:
        raise ContractError(f"order line {line.number}: ended; bind the client by another one first")
    held = Coverage.objects.filter(server=server)
    if held.as_of(from_at).exists():
        not_in_the_past("coverage.from", from_at, at)
    before = stop(held, from_at, f"coverage of {server.name}")
    row = Coverage.objects.create(line=line, server=server, from_at=from_at)
    fact = ServerCovered(at=at, provider_id=line.provider_id, line_id=line.pk, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def change_price(
    *,
    line: OrderLine,
    price_cents: int,
    from_at: datetime,
    at: datetime,
    actor: Actor,
    full_cents: int | None = None,
    discount: str = "",
) -> Price:
    """Change the price of an order line from an instant on; past deadlines keep the price of theirs.

    `price_cents` is what is paid; with a discount, `full_cents` is the price before it.
    """
    may(actor, "contracts.change", line)
    priced(price_cents, full_cents, discount)
    not_in_the_past("price.from", from_at, at)
    before = stop(Price.objects.filter(line=line), from_at, f"price of order line {line.number}")
    row = Price.objects.create(
        line=line, cents=price_cents, full_cents=full_cents, discount=discount.strip()[:200], from_at=from_at
    )
    fact = PriceChanged(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def change_terms(*, line: OrderLine, terms: Terms, from_at: datetime, at: datetime, actor: Actor) -> Binding:
    """Let other terms govern an order line from an instant on; a running clock keeps those of its receipt."""
    may(actor, "contracts.change", line)
    _ours(terms, line.provider_id)
    not_in_the_past("terms.from", from_at, at)
    before = stop(Binding.objects.filter(line=line), from_at, f"terms of order line {line.number}")
    row = Binding.objects.create(line=line, terms=terms, from_at=from_at)
    fact = TermsChanged(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def withdraw(row: Price | Binding | Overlay | Coverage, *, at: datetime, actor: Actor) -> None:
    """Take back a change that has not begun; what it would have followed goes on, said again."""
    may(actor, "contracts.change", row)
    if row.from_at <= at or row.withdrawn_at is not None:
        raise ContractError(
            f"{row._meta.verbose_name}: holds since {row.from_at.isoformat()}; write the next change instead"
        )
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    told: list[Any] = [row]
    about = "server" if isinstance(row, Coverage) else "line"
    same = {f"{about}_id": getattr(row, f"{about}_id"), "until_at": row.from_at, "withdrawn_at": None}
    before = None if isinstance(row, Overlay) else type(row)._default_manager.filter(**same).first()
    if before is not None:
        before.withdrawn_at = at
        before.save(update_fields=["withdrawn_at"])
        again = type(before)._default_manager.get(pk=before.pk)
        again.pk, again.until_at, again.withdrawn_at = None, None, None
        again.save(force_insert=True)
        told += [before, again]
    fact = ChangeWithdrawn(at=at, provider_id=row.line.provider_id, line_id=row.line_id)
    writing.append(fact, actor=actor, rows=told)


@transaction.atomic
def end_line(*, line: OrderLine, until_at: datetime, at: datetime, actor: Actor) -> OrderLine:
    """End an order line, and what it covers, at an instant; clocks that run keep running."""
    may(actor, "contracts.change", line)
    if line.until_at is not None:
        raise ContractError(f"order line {line.number}: ends already, at {line.until_at.isoformat()}")
    not_in_the_past("order line.until", until_at, at)
    covers = list(Coverage.objects.filter(line=line, until_at=None, withdrawn_at=None))
    begun = max(row.from_at for row in (line, *covers))
    if until_at <= begun:
        raise ContractError(
            f"order line {line.number}: {until_at.isoformat()} is not after it began to hold what it covers,"
            f" at {begun.isoformat()}; write a later instant"
        )
    ended = [stopped(row, until_at) for row in covers]
    stopped(line, until_at)
    fact = LineEnded(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[line, *ended])
    return line


def _ours(terms: Terms | None, provider_id: int) -> None:
    if terms is not None and terms.provider_id != provider_id:
        raise ContractError("terms: they are those of another provider; write your own")


def _freeze_ahead(provider_id: int, body: dict[str, Any], at: datetime, actor: Actor) -> None:
    name = body.get("calendar")
    if isinstance(name, str):
        freezing.freeze(provider_id, name, range(at.year - 1, at.year + 3), at=at, actor=actor)
