"""A specific contract is laid over an order line: on some servers, for a while, read by a second person (A1.3)."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Person, Role
from astreinte.records.accounts.permissions import MANAGERS, NotAllowed, may
from astreinte.records.contracts import documents, layering
from astreinte.records.contracts.facts import OverlayApproved, OverlayEnded, OverlayLaid
from astreinte.records.contracts.models import Binding, OrderLine, Overlay, OverlayApproval, OverlayScope
from astreinte.records.contracts.refusing import ContractError, not_in_the_past, stopped, usable
from astreinte.records.contracts.sources import Source
from astreinte.records.evidence import keeping
from astreinte.records.evidence.models import StoredFile
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.rules.sla import comparing, ranking
from astreinte.rules.sla import terms as sla_terms

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may approve a specific contract that is worse for the client: colleagues, and the client's own people."""

    colleagues: tuple[Person, ...]
    of_client: tuple[Person, ...]


@transaction.atomic
def lay(
    *,
    line: OrderLine,
    title: str,
    patch: Json,
    from_at: datetime,
    until_at: datetime | None,
    at: datetime,
    actor: Actor,
    servers: Collection[Server] = (),
    clause: str = "",
    file: StoredFile | None = None,
) -> Overlay:
    """Lay a specific contract over the terms of an order line, from an instant to another (A1.3, A6.13).

    `servers`: those that it is about; none: all that the line covers. Raises ContractError, or TermsError for a
    value. One that makes something worse for the client holds only once somebody else has approved it.
    """
    may(actor, "contracts.change", line)
    OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    not_in_the_past("overlay.from", from_at, at)
    if until_at is not None and until_at <= from_at:
        raise ContractError(
            f"overlay.until: {until_at.isoformat()} is not after its start; write a later instant"
        )
    title, clause = title.strip() or "contrat spécifique", clause.strip()
    _says_something(title, patch, clause)
    _of_the_client(line, servers)
    beside = _beside(line, title, patch, servers, from_at=from_at, until_at=until_at)
    worse = _worse(_bodies(line, servers, beside, from_at), patch, from_at)
    row = Overlay.objects.create(
        line=line,
        title=title,
        patch=json.dumps(patch, ensure_ascii=False, sort_keys=True),
        clause=clause,
        file=file,
        worse=json.dumps(worse) if worse else "",
        written_by_id=actor.person_id,
        from_at=from_at,
        until_at=until_at,
    )
    scopes = [OverlayScope.objects.create(overlay=row, server=server) for server in servers]
    fact = OverlayLaid(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[row, *scopes])
    return row


def keep_paper(line: OrderLine, content: bytes, *, name: str, at: datetime, actor: Actor) -> StoredFile:
    """Keep the signed paper of a specific contract, a PDF; outside of a transaction: it waits for the disk."""
    may(actor, "contracts.change", line)
    if not content.startswith(b"%PDF-"):
        raise ContractError(f"overlay.paper: {name}: is no PDF; scan or print the signed contract as PDF")
    if len(content) > documents.LARGEST_PAPER:
        size = documents.LARGEST_PAPER // 1_000_000
        raise ContractError(f"overlay.paper: {name}: is over {size} MB; scan it with fewer dots per inch")
    return keeping.keep(
        content, name=name, media_type="application/pdf", provider_id=line.provider_id, at=at, actor=actor
    )


@transaction.atomic
def approve(row: Overlay, *, at: datetime, actor: Actor) -> OverlayApproval:
    """Agree to a specific contract that is worse for the client: it holds from now on, or from its beginning.

    A second person of the provider, or one of the client with a mandate to sign; NotAllowed for who wrote it.
    ContractError for one that does not wait, or waits no more because somebody approved it at the same moment.
    """
    may(actor, "contracts.approve", row)
    _waits(Overlay.objects.select_for_update(no_key=True).get(pk=row.pk), at)
    if actor.person_id is None:
        raise NotAllowed("overlay: a person approves it, known by name; act as one (--as)")
    if actor.client_id is not None:
        mandates.require(actor.person_id, actor.client_id, "sign", at, line_id=row.line_id)
    elif actor.person_id == row.written_by_id:
        raise NotAllowed(f"overlay: {row.title!r}: you wrote it; {ask(row, at)}")
    approval = OverlayApproval.objects.create(
        overlay=row, person_id=actor.person_id, by_client=actor.client_id is not None, at=at
    )
    fact = OverlayApproved(
        at=at,
        provider_id=row.line.provider_id,
        line_id=row.line_id,
        overlay_id=row.pk,
        person_id=actor.person_id,
    )
    writing.append(fact, actor=actor, rows=[approval])
    return approval


@transaction.atomic
def end(row: Overlay, *, until_at: datetime, at: datetime, actor: Actor) -> Overlay:
    """End a specific contract at an instant, not before now; what was received under it keeps it."""
    may(actor, "contracts.change", row)
    if row.until_at is not None:
        raise ContractError(f"overlay: {row.title!r} ends already, at {row.until_at.isoformat()}")
    not_in_the_past("overlay.until", until_at, at)
    stopped(row, until_at)
    fact = OverlayEnded(at=at, provider_id=row.line.provider_id, line_id=row.line_id)
    writing.append(fact, actor=actor, rows=[row])
    return row


def is_pending(row: Overlay) -> bool:
    """Tell whether a specific contract waits for a second person: it holds for nobody yet."""
    return bool(row.worse) and not OverlayApproval.objects.filter(overlay=row).exists()


def pending(line: OrderLine, at: datetime) -> list[Overlay]:
    """Return the specific contracts of a line that wait for a second person and are not over."""
    rows = Overlay.objects.standing().filter(line=line, approval=None).exclude(worse="")
    found: list[Overlay] = list(rows.exclude(until_at__lte=at).order_by("from_at", "pk"))
    return found


def digest(row: Overlay) -> str:
    """Return the SHA-256, in hex, of all that a specific contract says: who approves it by this has read it."""
    servers = sorted(row.scopes.values_list("server_id", flat=True))
    paper = row.file.sha256 if row.file else ""
    said = [row.title, row.patch, row.clause, paper, servers, row.from_at.timestamp()]
    return documents.digest(json.dumps(said, ensure_ascii=False).encode())


def as_read(line: OrderLine, sha256: str, at: datetime) -> Overlay:
    """Return the specific contract of a line that waits and says what was read; ContractError when none does."""
    found = next((row for row in pending(line, at) if digest(row) == sha256), None)
    if found is None:
        raise ContractError(f"overlay: none that waits on order line {line.number} says this; read it again")
    return found


def readers(row: Overlay, at: datetime) -> Readers:
    """Return who may approve it: whoever manages contracts here but did not write it, and who signs for the client."""
    roles = Role.objects.as_of(at).filter(
        provider_id=row.line.provider_id, client=None, role__in=MANAGERS, person__is_active=True
    )
    staff = Person.objects.filter(pk__in=roles.values("person_id")).exclude(pk=row.written_by_id)
    signing = mandates.holders(row.line.client_id, "sign", at, line_id=row.line_id)
    return Readers(tuple(staff.order_by("name", "pk")), tuple(signing))


def ask(row: Overlay, at: datetime) -> str:
    """Say who can approve it: a provider with one person is told that only the client is left."""
    found = readers(row, at)
    client = ", ".join(person.email for person in found.of_client)
    whose = f"somebody with a mandate to sign for {row.line.client.name} ({client or 'nobody has one yet'})"
    if found.colleagues:
        return f"ask {', '.join(person.email for person in found.colleagues)}, or {whose}"
    return f"nobody else manages contracts here, so it is for {whose} to approve"


def _worse(bodies: Iterable[Json], patch: Json, at: datetime) -> list[str]:
    """Return the keys that a patch makes worse over one of these terms; refuse it where it cannot be kept."""
    found: dict[str, None] = {}
    for before in bodies:
        after = sla_terms.merge(before, patch)
        usable(after, at)
        found |= dict.fromkeys(one.key for one in comparing.worse(before, after))
    return list(found)


def _bodies(
    line: OrderLine, servers: Collection[Server], beside: Iterable[Overlay], at: datetime
) -> list[Json]:
    """Return the terms that a specific contract is laid over: on each of its servers, those that differ.

    Without servers, those of the line and of each server that another specific contract names.
    """
    named = [(row, {scope.server_id for scope in row.scopes.all()}) for row in beside]
    over: set[int | None] = {server.pk for server in servers}
    prevailing = _prevailing(line, at)
    found: list[Json] = []
    for server in sorted(over or {None}.union(*(about for _, about in named)), key=lambda one: one or 0):
        body = prevailing
        for row, about in named:
            if not about or server in about:
                body = sla_terms.merge(body, json.loads(row.patch))
        if body not in found:
            found.append(body)
    return found


def _prevailing(line: OrderLine, at: datetime) -> Json:
    """Return what the terms of the order come to under the texts that the client accepted (article 1)."""
    binding = Binding.objects.as_of(at).select_related("terms").filter(line=line).first()
    if binding is None:
        raise ContractError(
            f"order line {line.number}: no terms in force at {at.isoformat()} to lay this over"
        )
    layers = layering.layers(line, binding.terms, None, at)
    body, _ = ranking.resolve(json.loads(binding.terms.body), Source("terms", binding.terms.name), layers)
    return body


def _says_something(title: str, patch: Json, clause: str) -> None:
    if len(title) > 200:
        raise ContractError(f"overlay.title: {title[:40]!r}…: write at most 200 characters")
    if not comparing.leaves(patch) and not clause:
        raise ContractError(
            f"overlay: {title!r} says nothing; write the values that differ, or a clause in words"
        )


def _of_the_client(line: OrderLine, servers: Iterable[Server]) -> None:
    for server in servers:
        if server.client_id != line.client_id:
            raise ContractError(
                f"server: {server.name} is not a server of the client of order line {line.number}"
            )


def _beside(
    line: OrderLine,
    title: str,
    patch: Json,
    servers: Collection[Server],
    *,
    from_at: datetime,
    until_at: datetime | None,
) -> list[Overlay]:
    """Return the specific contracts of that time on one of these servers; refuse one that speaks of the same."""
    rows = Overlay.objects.standing().filter(line=line).exclude(until_at__lte=from_at)
    if until_at is not None:
        rows = rows.filter(from_at__lt=until_at)
    wanted = {server.pk for server in servers}
    found = []
    for row in rows.prefetch_related("scopes__server").order_by("from_at", "pk"):
        named = {scope.server_id: scope.server.name for scope in row.scopes.all()}
        meeting = wanted & set(named)
        if wanted and named and not meeting:
            continue
        _apart(row, title, patch, on=", ".join(sorted(named[key] for key in meeting)))
        found.append(row)
    return found


def _apart(row: Overlay, title: str, patch: Json, *, on: str) -> None:
    way_out = "end it, or withdraw it when it has not begun"
    if row.title == title:
        raise ContractError(
            f"overlay: {title!r} is in force in that time; {way_out}, or choose another title"
        )
    keys = comparing.meet(json.loads(row.patch), patch)
    if keys:
        where = f" on {on}" if on else ""
        raise ContractError(
            f"overlay: {row.title!r} is in force in that time{where}, and says {', '.join(keys)} too; {way_out}"
        )


def _waits(row: Overlay, at: datetime) -> None:
    if row.withdrawn_at is not None or (row.until_at is not None and row.until_at <= at):
        raise ContractError(f"overlay: {row.title!r} is over; lay it again")
    if not is_pending(row):
        raise ContractError(f"overlay: {row.title!r} does not wait for anybody: it holds by itself")
