"""Settlements and breaches as a command shows them: plain values by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from astreinte.records.commitments import standing
from astreinte.records.commitments.models import Breach, Settlement
from astreinte.rules import money
from astreinte.words import standing as words

Shown = dict[str, Any]


def settlement(row: Settlement) -> Shown:
    """Return a settlement in short; amounts are euros."""
    return {
        "month": row.month,
        "line": row.line.number,
        "client": row.line.client.name,
        "due": money.text(row.due_cents),
        "raw": money.text(row.raw_cents),
        "cap": None if row.cap_cents is None else money.text(row.cap_cents),
        "currency": "EUR",
        "stated_at": row.stated_at,
    }


def settlement_whole(stated: Sequence[Settlement]) -> Shown:
    """Return the last of the settlements of a month with its shares, and those it replaced."""
    *before, last = stated
    shares = last.shares.select_related("ticket").order_by("pk")
    return {
        **settlement(last),
        "shares": [
            {
                "ticket": one.ticket.number,
                "late_s": one.late_seconds,
                "raw": money.text(one.raw_cents),
                "due": money.text(one.due_cents),
                "reason": one.reason or None,
            }
            for one in shares
        ],
        "before": [
            {"stated_at": one.stated_at, "due": money.text(one.due_cents), "raw": money.text(one.raw_cents)}
            for one in reversed(before)
        ],
    }


def breaches(rows: Sequence[Breach], at: datetime) -> list[Shown]:
    """Return breaches with how their tickets stand at `at`."""
    stands = {one.ticket.pk: one for one in standing.of_all([row.ticket for row in rows], at)}
    return [_breach(row, _of_turn(stands[row.ticket_id], row.turn)) for row in rows]


def _of_turn(one: standing.Standing, turn: int) -> standing.Standing:
    """Return how the promise of that turn stands: of a fault that came back, the one that was missed."""
    turns = (one, *one.earlier)
    return next((each for each in turns if each.promise is not None and each.promise.turn == turn), one)


def _breach(row: Breach, one: standing.Standing) -> Shown:
    return {
        "ticket": row.ticket.number,
        "client": row.ticket.client.name,
        "line": row.clock.line.number,
        "missed_at": row.at,
        "late_s": int(one.late.total_seconds()),
        "late": words.left(one.late),
        "due": None if one.stake is None else money.text(one.stake.due_cents),
        "currency": "EUR",
        "standing": one.state,
        "subject": row.ticket.subject,
    }
