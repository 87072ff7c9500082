"""Terms and order lines as a command shows them: plain values by name."""

import json
from datetime import datetime
from typing import Any

from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import Binding, Coverage, OrderLine, Overlay, Price, Terms
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
    overlays = Overlay.objects.standing().filter(line=row).order_by("from_at")
    return {
        **line(row, at),
        "servers": [one.server.name for one in covered.order_by("server__name")],
        "prices": [
            {"price": money.text(one.cents), "since": one.from_at, "until": one.until_at} for one in prices
        ],
        "overlays": [
            {"title": one.title, "since": one.from_at, "until": one.until_at, "patch": one.patch}
            for one in overlays
        ],
        "origin": [] if found is None else list(found.origin),
        "values": {} if found is None else found.terms.as_dict(),
        "values_at": when,
    }
