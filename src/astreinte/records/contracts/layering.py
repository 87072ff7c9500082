"""What lies over the terms of an order line, from the lowest rank to the highest (article 1, A1.2, A1.3).

General terms of service, general terms of sale, special terms: what the client accepted and somebody transcribed,
for the keys that have a clause. Then what the order itself agreed otherwise; then the specific contracts.
"""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q

from astreinte.records.accounts.models import Client
from astreinte.records.contracts import accepting
from astreinte.records.contracts.accepting import Governing
from astreinte.records.contracts.models import OrderLine, Overlay, Terms
from astreinte.records.contracts.papers import Transcription
from astreinte.records.contracts.sources import Source
from astreinte.records.inventory.models import Server
from astreinte.rules.sla import ranking

Layer = ranking.Layer[Source]
Resolved = ranking.Resolved[Source]


def layers(line: OrderLine, terms: Terms, server: Server | None, at: datetime) -> list[Layer]:
    """Return what lies over `terms`, the lowest first."""
    texts = [_of_text(one) for one in reversed(accepting.governing(line.client, at)) if one.transcription]
    general = [layer for layer in texts if layer.source.kind != "specific"]
    specific = [layer for layer in texts if layer.source.kind == "specific"]
    agreed = _agreed_otherwise(terms, line.client, at) if general else {}
    order = [ranking.Layer(Source("order", terms.name), patch=agreed)] if agreed else []
    over = [_of_overlay(row) for row in overlays(line, server, at)]
    return [*general, *order, *specific, *over]


def overlays(line: OrderLine, server: Server | None, at: datetime) -> list[Overlay]:
    """Return the specific contracts laid over a line that hold for `server` at `at`, the eldest first.

    Without a server, those that are about all of the line. One that is worse for the client holds from its approval.
    """
    rows = Overlay.objects.as_of(at).filter(line=line)
    approved = Q(worse="") | Q(approval__at__lte=at)
    about = Q(scopes__isnull=True)
    if server is not None:
        about |= Q(scopes__server=server)
    found: list[Overlay] = list(rows.filter(approved, about).distinct().order_by("from_at", "pk"))
    return found


def _of_text(governing: Governing) -> Layer:
    transcription: Transcription | None = governing.transcription
    assert transcription is not None  # the caller kept those that have one
    clauses: dict[str, str] = json.loads(transcription.mapping)
    document, version = governing.document, governing.version
    source = Source(document.kind, document.name, version.number, version.effective_on, version.public_id)
    values = ranking.said_by(json.loads(transcription.terms.body), clauses)
    return ranking.Layer(source, values=values, clauses=clauses)


def _of_overlay(row: Overlay) -> Layer:
    return ranking.Layer(Source("specific", row.title), patch=json.loads(row.patch))


def _agreed_otherwise(terms: Terms, client: Client, at: datetime) -> dict[str, Any]:
    """Return what the terms of the order change in the texts: what was written since the ones a text stands for.

    A text counts from when it governed the client as data: a draft, or what another client signed, takes away
    nothing that this one was promised.
    """
    versions = accepting.come_into_force(client, at).values("version_id")
    stood_for = Transcription.objects.filter(at__lte=at, version__in=versions)
    written: list[dict[str, Any]] = []
    here: Terms | None = terms
    while here is not None and not stood_for.filter(terms=here).exists():
        written.append(json.loads(here.patch))
        here = here.extends
    return _together(reversed(written))


def _together(patches: Any) -> dict[str, Any]:
    """Return one merge patch for several, one after the other; a null stays a null: it takes away."""
    found: dict[str, Any] = {}
    for patch in patches:
        found = _merged(found, {key: value for key, value in patch.items() if key not in ("id", "extends")})
    return found


def _merged(patch: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    found = dict(patch)
    for key, value in later.items():
        old = found.get(key)
        found[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found
