"""Mandates, advice and consents as a command shows them: plain values by name."""

from datetime import datetime
from typing import Any

from astreinte.records.accounts.mandates import Scope
from astreinte.records.accounts.models import Mandate
from astreinte.records.contracts import advising, consenting
from astreinte.records.contracts.models import (
    Advice,
    AdviceStep,
    Consent,
    ConsentRequest,
    ConsentVoid,
    OrderLine,
)
from astreinte.records.inventory.models import Server

Shown = dict[str, Any]


def mandate(row: Mandate) -> Shown:
    """Return a mandate; `over` names its order lines and servers, or says everything."""
    return {
        "number": row.number,
        "email": row.person.email,
        "verb": row.verb,
        "client": row.client.name,
        "over": over(row.scope),
        "since": row.from_at,
        "until": row.until_at,
        "withdrawn": row.withdrawn_at,
        "given_by": row.given_by,
        "paper": None if row.paper is None else row.paper.name,
    }


def over(text: str) -> str:
    """Return what a scope names, in words."""
    scope = Scope.read(text)
    if scope.is_everything:
        return "everything"
    lines = (
        OrderLine.objects.filter(pk__in=scope.line_ids).order_by("number").values_list("number", flat=True)
    )
    servers = Server.objects.filter(pk__in=scope.server_ids).order_by("name").values_list("name", flat=True)
    return ", ".join([*(f"order line {number}" for number in lines), *servers])


def advice(row: Advice) -> Shown:
    """Return an advice in short."""
    reply = advising.answered(row)
    return {
        "number": row.number,
        "client": row.client.name,
        "risk": row.risk,
        "title": row.title,
        "mandatory": row.mandatory,
        "written_at": row.written_at,
        "answer": None if reply is None else reply.kind,
        "answered_at": None if reply is None else reply.at,
    }


def advice_whole(row: Advice) -> Shown:
    """Return an advice with its text and what became of it."""
    steps = AdviceStep.objects.filter(advice=row).select_related("person").order_by("at", "pk")
    return {
        **advice(row),
        "line": None if row.line is None else row.line.number,
        "server": None if row.server is None else row.server.name,
        **{part: said for part, said in advising.parts_of(row).items() if part != "title"},
        "sha256": row.sha256,
        "by": row.by,
        "steps": [
            {"at": one.at, "what": one.kind, "email": one.person.email, "remark": one.remark} for one in steps
        ],
    }


def consent(row: ConsentRequest) -> Shown:
    """Return a request for consent in short."""
    return {
        "number": row.number,
        "client": row.client.name,
        "title": row.title,
        "state": consenting.state(row),
        "asked_at": row.asked_at,
        "from": row.starts_at,
        "until": row.ends_at,
    }


def consent_whole(row: ConsentRequest, at: datetime) -> Shown:
    """Return a request with its scope, its answer and what it still waits for."""
    found = Consent.objects.filter(request=row).select_related("person", "mandate").first()
    ended = ConsentVoid.objects.filter(request=row).first()
    return {
        **consent(row),
        "text": row.text,
        "servers": [one.name for one in consenting.scope_of(row).servers],
        "line": None if row.line is None else row.line.number,
        "price_cents": row.price_cents,
        "minutes": row.minutes,
        "risky": row.risky,
        "by_phone": row.by_phone,
        "advice": None if row.advice is None else row.advice.number,
        "replaces": None if row.replaces is None else row.replaces.number,
        "sha256": row.sha256,
        "asked": [one.person.email for one in row.links.select_related("person").order_by("person__email")],
        "advice_first": [one.number for one in consenting.advice_first(row, at)],
        "answered_by": None if found is None else found.person.email,
        "answered_at": None if found is None else found.at,
        "mandate": "" if found is None else mandate_of(found),
        "second_factor": "" if found is None else found.second_factor,
        "void_reason": "" if ended is None else ended.reason,
    }


def mandate_of(row: Consent) -> str:
    """Return under which mandate a consent was given."""
    return "signatory" if row.mandate is None else str(row.mandate.number)
