"""A client is bound: terms written down, an order line with its price, servers covered from a date."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, Provider
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import freezing
from astreinte.records.contracts.facts import (
    ClientBound,
    LineEnded,
    OverlayLaid,
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
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.rules.sla import terms as sla_terms


class ContractError(ValueError):
    """Something that a contract cannot hold: names the place, the value and the way out."""


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
    base = json.loads(extends.body) if extends is not None else sla_terms.built_in()
    body = sla_terms.parse(sla_terms.merge(base, {**patch, "id": name})).as_dict()
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
) -> OrderLine:
    """Bind a client by an order line: a plan, the price of a period in cents before tax, and terms (A1.1)."""
    may(actor, "contracts.change", client)
    if client.internal:
        raise ContractError(f"client: {client.name} is the provider's own house: no contract, no commitment")
    if period not in PERIODS:
        raise ContractError(f"period: {period!r}: write one of {', '.join(PERIODS)}")
    if price_cents < 0:
        raise ContractError(
            f"price: {price_cents} cents: write an amount that is not below zero, such as 390.00"
        )
    if terms.provider_id != client.provider_id:
        raise ContractError(f"terms: {terms.name} are those of another provider")
    plan = " ".join(plan.split())
    if not plan or len(plan) > 100:
        raise ContractError(f"plan: {plan!r}: write a name of 1 to 100 characters")
    number = next_number(client.provider_id, "order_line")
    line = OrderLine.objects.create(
        provider_id=client.provider_id,
        client=client,
        number=number,
        plan=plan,
        period=period,
        from_at=from_at,
    )
    price = Price.objects.create(line=line, cents=price_cents, from_at=from_at)
    binding = Binding.objects.create(line=line, terms=terms, from_at=from_at)
    fact = ClientBound(at=at, provider_id=client.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[line, price, binding])
    return line


@transaction.atomic
def cover(*, line: OrderLine, server: Server, from_at: datetime, at: datetime, actor: Actor) -> Coverage:
    """Cover a server by an order line from an instant on; the line that covered it before stops there."""
    may(actor, "contracts.change", line)
    if server.client_id != line.client_id:
        raise ContractError(
            f"server: {server.name} is not a server of the client of order line {line.number}"
        )
    if line.until_at is not None and line.until_at <= from_at:
        raise ContractError(f"order line {line.number}: ended; bind the client by another one first")
    before = _stop(Coverage.objects.filter(server=server), from_at, f"coverage of {server.name}")
    row = Coverage.objects.create(line=line, server=server, from_at=from_at)
    fact = ServerCovered(at=at, provider_id=line.provider_id, line_id=line.pk, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def change_price(
    *, line: OrderLine, price_cents: int, from_at: datetime, at: datetime, actor: Actor
) -> Price:
    """Change the price of an order line from an instant on; past deadlines keep the price of theirs."""
    may(actor, "contracts.change", line)
    if price_cents < 0:
        raise ContractError(
            f"price: {price_cents} cents: write an amount that is not below zero, such as 390.00"
        )
    before = _stop(Price.objects.filter(line=line), from_at, f"price of order line {line.number}")
    row = Price.objects.create(line=line, cents=price_cents, from_at=from_at)
    fact = PriceChanged(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def change_terms(*, line: OrderLine, terms: Terms, from_at: datetime, at: datetime, actor: Actor) -> Binding:
    """Let other terms govern an order line from an instant on; a running clock keeps those of its receipt."""
    may(actor, "contracts.change", line)
    before = _stop(Binding.objects.filter(line=line), from_at, f"terms of order line {line.number}")
    row = Binding.objects.create(line=line, terms=terms, from_at=from_at)
    fact = TermsChanged(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[*before, row])
    return row


@transaction.atomic
def overlay(
    *,
    line: OrderLine,
    title: str,
    patch: dict[str, Any],
    from_at: datetime,
    until_at: datetime | None,
    at: datetime,
    actor: Actor,
) -> Overlay:
    """Lay a specific contract over the terms of an order line, from an instant to another (A1.3)."""
    may(actor, "contracts.change", line)
    if until_at is not None and until_at <= from_at:
        raise ContractError(
            f"overlay.until: {until_at.isoformat()} is not after its start; write a later instant"
        )
    binding = Binding.objects.as_of(from_at).select_related("terms").filter(line=line).first()
    if binding is None:
        raise ContractError(
            f"order line {line.number}: no terms in force at {from_at.isoformat()} to lay this over"
        )
    sla_terms.parse(sla_terms.merge(json.loads(binding.terms.body), patch))
    meets = Overlay.objects.filter(line=line, withdrawn_at=None).exclude(until_at__lte=from_at)
    if until_at is not None:
        meets = meets.filter(from_at__lt=until_at)
    other = meets.first()
    if other is not None:
        raise ContractError(f"overlay: {other.title!r} is in force in that time; end it first")
    row = Overlay.objects.create(
        line=line,
        title=title.strip() or "contrat spécifique",
        patch=json.dumps(patch, ensure_ascii=False, sort_keys=True),
        from_at=from_at,
        until_at=until_at,
    )
    fact = OverlayLaid(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def end_line(*, line: OrderLine, until_at: datetime, at: datetime, actor: Actor) -> OrderLine:
    """End an order line, and what it covers, at an instant; clocks that run keep running."""
    may(actor, "contracts.change", line)
    if line.until_at is not None:
        raise ContractError(f"order line {line.number}: ends already, at {line.until_at.isoformat()}")
    covers = list(Coverage.objects.filter(line=line, until_at=None, withdrawn_at=None))
    begun = max(row.from_at for row in (line, *covers))
    if until_at <= begun:
        raise ContractError(
            f"order line {line.number}: {until_at.isoformat()} is not after it began to hold what it covers,"
            f" at {begun.isoformat()}; write a later instant"
        )
    ended = [_stopped(row, until_at) for row in covers]
    _stopped(line, until_at)
    fact = LineEnded(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[line, *ended])
    return line


def _stop(rows: Any, at: datetime, what: str) -> list[Any]:
    later = rows.filter(withdrawn_at=None, from_at__gte=at).first()
    if later is not None:
        raise ContractError(f"{what}: one begins at {later.from_at.isoformat()}; write an instant after that")
    running = rows.filter(withdrawn_at=None, until_at=None)
    beyond = rows.filter(withdrawn_at=None, until_at__gt=at).first()
    if beyond is not None:
        raise ContractError(
            f"{what}: one runs until {beyond.until_at.isoformat()}; write that instant or a later one"
        )
    return [_stopped(row, at) for row in running]


def _stopped(row: Any, at: datetime) -> Any:
    row.until_at = at
    row.save(update_fields=["until_at"])
    return row


def _freeze_ahead(provider_id: int, body: dict[str, Any], at: datetime, actor: Actor) -> None:
    calendar = body.get("calendar")
    if isinstance(calendar, str):
        freezing.freeze(provider_id, calendar, range(at.year - 1, at.year + 3), at=at, actor=actor)
