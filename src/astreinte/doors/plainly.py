"""Servers, tickets, promises and sums as plain values by name: the same in the API and at the command line.

Instants are aware datetimes in UTC, lengths whole seconds (below zero when over), amounts euros as text
("53.57"): a binary number would lose the cent. Ids are public ones; primary keys stay inside.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from astreinte.records.accounts.actors import Actor
from astreinte.records.commitments import explaining, standing, times
from astreinte.records.commitments.explaining import Explained
from astreinte.records.commitments.models import Clock
from astreinte.records.commitments.standing import Stake, Standing
from astreinte.records.inventory.models import Server
from astreinte.records.tickets import responsible
from astreinte.records.tickets.models import Call, Message, Receipt, Ticket
from astreinte.records.tickets.responsible import Step
from astreinte.records.worklog.models import Intervention
from astreinte.rules import money
from astreinte.rules.sla.alternatives import Row
from astreinte.words import alternatives
from astreinte.words import responsibility as words
from astreinte.words.responsibility import Parties

Plain = dict[str, Any]


def server(row: Server) -> Plain:
    """Return a server in short."""
    return {
        "id": row.public_id,
        "name": row.name,
        "address": row.address,
        "client": row.client.name,
        "since": row.from_at,
        "until": row.until_at,
    }


def tickets(rows: Iterable[Ticket], at: datetime) -> list[Plain]:
    """Return tickets in short, each as it stands at `at`; their client, server and assignee are at hand."""
    return [ticket(one) for one in standing.of_all(rows, at)]


def ticket(one: Standing) -> Plain:
    """Return a ticket in short: what it is about, how its promise stands, what is owed."""
    row = one.ticket
    return {
        "id": row.public_id,
        "number": row.number,
        "client": row.client.name,
        "server": None if row.server is None else {"id": row.server.public_id, "name": row.server.name},
        "subject": row.subject,
        "priority": row.priority,
        "nature": row.nature,
        "state": row.state,
        "opened_at": row.opened_at,
        "restored_at": row.restored_at,
        "closed_at": row.closed_at,
        "assignee": None if row.assignee is None else row.assignee.name,
        "merged_into": None if row.merged_into is None else row.merged_into.number,
        "standing": one.state,
        "promise": None if one.promise is None else _promise(one.promise, one),
        "owed": None if one.stake is None else _owed(one.stake),
    }


def whole(one: Standing, *, actor: Actor, at: datetime) -> Plain:
    """Return a ticket with its receipts, what was done and said, and why, as far as `actor` may read it."""
    row = one.ticket
    here = [row.pk, *Ticket.objects.visible_to(actor).filter(merged_into=row).values_list("pk", flat=True)]
    receipts = Receipt.objects.visible_to(actor).filter(ticket__in=here).order_by("at", "pk")
    work = Intervention.objects.visible_to(actor).filter(ticket__in=here).select_related("person", "ticket")
    messages = Message.objects.visible_to(actor).filter(ticket__in=here).order_by("at", "pk")
    calls = {
        call.receipt_id: call for call in Call.objects.visible_to(actor).filter(receipt__ticket__in=here)
    }
    return {
        **ticket(one),
        "said": explaining.sentence(one),
        "times": _times(row),
        "earlier": [
            {
                "said": explaining.sentence(each),
                "promise": None if each.promise is None else _promise(each.promise, each),
                "owed": None if each.stake is None else _owed(each.stake),
            }
            for each in one.earlier
        ],
        "answers": [answer(each, row) for each in responsible.steps(row)],
        "close_reason": row.close_reason,
        "breach_at": None if one.breach is None else one.breach.at,
        "receipts": [receipt(each, calls.get(each.pk)) for each in receipts],
        "interventions": [intervention(each) for each in work.order_by("started_at", "pk")],
        "messages": [message(each) for each in messages],
        "why": why(one, actor=actor, at=at),
    }


def answer(one: Step, row: Ticket) -> Plain:
    """Return who answers for a layer of a ticket's server; null where it was not said for that instant."""
    duty, parties = one.duty, Parties(row.client.provider.name, row.client.name)
    return {
        "server": one.server.name,
        "layer": one.layer.value,
        "at": one.at,
        "acts": None if duty is None else duty.acts.value,
        "informs": None if duty is None or duty.informs is None else duty.informs.value,
        "said": words.step(one.layer, one.server.name, duty, parties),
    }


def _times(row: Ticket) -> Plain:
    """Return the eight times of a ticket, and the seconds from its detection to the ticket (A5.1)."""
    found = times.of(row)
    names = [field.name for field in fields(found)]
    return {name: getattr(found, name) for name in names} | {"to_ticket_s": _seconds(found.to_ticket)}


def why(one: Standing, *, actor: Actor, at: datetime) -> Plain:
    """Return the words for a ticket's deadline and sum; `agrees`: its stored trace gives the number again.

    The staff reads why of its internal objective too, where no promise runs.
    """
    provider = one.ticket.client.provider.name
    clock = one.promise or (one.objective if actor.is_staff else None)
    deadline = None if clock is None else explaining.deadline(clock, provider=provider)
    return {
        "deadline": None if deadline is None else _explained(deadline),
        "sum": _maybe(explaining.amount(one, at, provider=provider)),
    }


def readings(rows: Iterable[Row]) -> list[Plain]:
    """Return a ticket under each reading of the contract: deadline, seconds late, sums, alone in its month."""
    return [
        {
            "reading": one.name,
            "said": alternatives.name(one.name),
            "deadline_at": one.deadline,
            "late_s": one.late_seconds,
            "raw": money.text(one.raw_cents),
            "due": money.text(one.due_cents),
        }
        for one in rows
    ]


def receipt(row: Receipt, call: Call | None = None) -> Plain:
    """Return what was received, when, and by which channel; for a call also who called which number."""
    return {
        "id": row.public_id,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "channel": row.channel,
        "caller": None if call is None else call.caller,
        "number_called": None if call is None else call.number_called,
        "answered": None if call is None else call.answered,
    }


def intervention(row: Intervention) -> Plain:
    """Return an intervention; `afterwards`: it was written down later than it began."""
    return {
        "id": row.public_id,
        "ticket": row.ticket.number,
        "person": row.person.name,
        "kind": row.kind,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "afterwards": row.afterwards,
        "text": row.text or "",
    }


def message(row: Message) -> Plain:
    """Return something that was said."""
    return {
        "at": row.at,
        "author": row.author,
        "by_client": row.by_client,
        "public": row.public,
        "text": row.text,
    }


def _promise(clock: Clock, one: Standing) -> Plain:
    return {
        "line": clock.line.number,
        "terms": clock.origin,
        "priority": clock.priority,
        "regime": clock.regime,
        "channel": clock.receipt.channel,
        "started_at": clock.started_at,
        "deadline_at": clock.deadline_at,
        "first_late_at": clock.first_late_at,
        "safe_at": clock.safe_at,
        "stopped_at": None if one.verdict is None else one.verdict.stopped_at,
        "allowed_s": clock.allowed_seconds,
        "left_s": _seconds(one.left),
        "late_s": _seconds(one.late) or 0,
    }


def _owed(stake: Stake) -> Plain:
    return {
        "currency": "EUR",
        "due": money.text(stake.due_cents),
        "raw": money.text(stake.raw_cents),
        "hour": money.text(stake.hour_cents),
        "cap": _euros(stake.cap_cents),
        "next_at": stake.next_at,
        "next_due": _euros(stake.next_due_cents),
        "reason": stake.reason,
    }


def _maybe(explained: Explained | None) -> Plain | None:
    return None if explained is None else _explained(explained)


def _explained(found: Explained) -> Plain:
    return {
        "paragraphs": list(found.said.paragraphs),
        "quote": found.said.quote,
        "source": found.said.source,
        "table": [list(pair) for pair in found.said.table],
        "agrees": found.agrees,
    }


def _euros(cents: int | None) -> str | None:
    return None if cents is None else money.text(cents)


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())
