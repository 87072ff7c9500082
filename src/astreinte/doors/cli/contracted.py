"""Terms and order lines as a command shows them: plain values by name."""

import json
from datetime import datetime
from typing import Any

from astreinte.doors.origins import Origin
from astreinte.records.contracts import orders, overlaying, renewing, resolving
from astreinte.records.contracts.models import Binding, Coverage, OrderLine, Overlay, Price, Terms
from astreinte.records.contracts.orders import Condition
from astreinte.records.contracts.orphans import Ungoverned
from astreinte.records.inventory.models import Server
from astreinte.rules import money
from astreinte.rules.sla import keys
from astreinte.rules.sla import terms as sla_terms

Shown = dict[str, Any]


def terms(row: Terms) -> Shown:
    """Return terms in short."""
    return {
        "name": row.name,
        "extends": None if row.extends is None else row.extends.name,
        "written_at": row.written_at,
    }


def terms_whole(row: Terms) -> Shown:
    """Return terms with what was written and the whole that it came to."""
    return {**terms(row), "patch": json.loads(row.patch), "body": json.loads(row.body)}


def said_only(row: Terms) -> tuple[str, ...]:
    """Return the keys that these terms set otherwise than usual, and by which no room acts yet."""
    return keys.said_only(sla_terms.parse(json.loads(row.body)).further)


def line(row: OrderLine, at: datetime) -> Shown:
    """Return an order line with its price and terms at `at`; before it begins, those of its beginning."""
    when = max(at, row.from_at)
    price = Price.objects.as_of(when).filter(line=row).first()
    binding = Binding.objects.as_of(when).filter(line=row).select_related("terms").first()
    return {
        "number": row.number,
        "client": row.client.name,
        "plan": row.plan,
        "price": None if price is None else money.text(price.cents),
        "currency": "EUR",
        "period": row.period,
        "terms": None if binding is None else binding.terms.name,
        "since": row.from_at,
        "until": row.until_at,
        "id": row.public_id,
    }


def line_whole(row: OrderLine, at: datetime) -> Shown:
    """Return an order line with the values in force at `at`, the servers covered, and its dated history."""
    when = max(at, row.from_at)
    found = resolving.of_line(row, when)
    covered = Coverage.objects.as_of(when).filter(line=row).select_related("server")
    prices = Price.objects.standing().filter(line=row).order_by("from_at")
    overlays = (
        Overlay.objects.standing().filter(line=row).prefetch_related("scopes__server").order_by("from_at")
    )
    period, suspension = renewing.period_at(row, at), renewing.suspended(row, when)
    return {
        **line(row, at),
        "servers": [one.server.name for one in covered.order_by("server__name")],
        "prices": [
            {
                "price": money.text(one.cents),
                "full": None if one.full_cents is None else money.text(one.full_cents),
                "discount": one.discount,
                "since": one.from_at,
                "until": one.until_at,
            }
            for one in prices
        ],
        "overlays": [_overlay(one) for one in overlays],
        "monthly": _monthly(row, when),
        "period": row.period,
        "period_ends": None if period is None else period.ends,
        "ends_if_noticed_now": renewing.ends_when_noticed(row, at),
        "renews": None if row.renews is None else row.renews.number,
        "suspended": None if suspension is None else suspension.reason,
        "waits": orders.is_waiting(row),
        "missing": [one.says for one in orders.missing(row, at)],
        "origin": [] if found is None else list(found.origin),
        "values": {} if found is None else found.terms.as_dict(),
        "values_at": when,
    }


def origin(row: OrderLine, one: Origin) -> Shown:
    """Return a value of a contract with where it comes from, and what it prevails over."""
    return {
        "line": row.number,
        "server": one.server or None,
        "key": one.key,
        "value": one.said.value,
        "source": one.said.source,
        "kind": one.said.kind,
        "clause": one.said.clause,
        "over": [" ".join(filter(None, (each.value, each.source, each.clause))) for each in one.over],
    }


def condition(one: Condition) -> Shown:
    """Return a condition of an order line."""
    return {
        "condition": one.kind,
        "met": one.met,
        "waived": one.waived,
        "evidence": one.evidence,
        "says": one.says,
        "lacking": list(one.lacking),
    }


def orphan_server(row: Server) -> Shown:
    """Return a server that no order line covers."""
    return {
        "what": "server",
        "client": row.client.name,
        "name": row.name,
        "why": "under no order line: `astreinte contract cover` covers it",
    }


def orphan_line(one: Ungoverned) -> Shown:
    """Return an order line that no accepted text governs."""
    why = f"not accepted: {', '.join(one.missing)}" if one.missing else "governed by no published text"
    return {"what": "order line", "client": one.line.client.name, "name": str(one.line.number), "why": why}


def _overlay(row: Overlay) -> Shown:
    return {
        "title": row.title,
        "since": row.from_at,
        "until": row.until_at,
        "patch": row.patch,
        "servers": [scope.server.name for scope in row.scopes.all()],
        "clause": row.clause,
        "pending": overlaying.is_pending(row),
        "sha256": overlaying.digest(row),
    }


def _monthly(row: OrderLine, at: datetime) -> str | None:
    """Return the monthly fee as article 6 uses it, to the cent; None for a one-off order."""
    monthly = resolving.fee(row, at).monthly
    return None if monthly is None else money.text(money.half_up(monthly))
