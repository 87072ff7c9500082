"""Texts of the contract: list, get, and who accepted them."""

import json
from datetime import datetime
from typing import Any

from ninja import Query, Router

from astreinte.doors.api import finding, paging, shapes
from astreinte.doors.api.bearing import ApiRequest
from astreinte.doors.api.shapes import REFUSED
from astreinte.records.contracts import documents, transcribing
from astreinte.records.contracts.models import Acceptance, DocumentVersion

router = Router()


@router.get("", response={200: shapes.Page[shapes.Text], **REFUSED}, operation_id="list_texts")
def list_texts(request: ApiRequest, page: Query[paging.Page]) -> dict[str, Any]:
    """List the versions of texts that you may read, the last brought in first."""
    paging.refuse_unknown(request.GET, page)
    seen = DocumentVersion.objects.visible_to(request.auth).select_related("document__client")
    rows, following = paging.cut(seen, page, by="-imported_at")
    mine = Acceptance.objects.visible_to(request.auth).filter(version__in=rows)
    accepted = set(mine.values_list("version_id", flat=True))
    return {
        "items": [_text(row, request.at, accepted=row.pk in accepted) for row in rows],
        "next": following,
    }


@router.get("/{text_id}", response={200: shapes.TextWhole, **REFUSED}, operation_id="get_text")
def get_text(request: ApiRequest, text_id: str) -> dict[str, Any]:
    """Show a version with its words, the clauses of what it promises, and the acceptances that you may see."""
    seen: Any = DocumentVersion.objects.visible_to(request.auth).select_related("document__client", "file")
    row: DocumentVersion = finding.one(seen, "text", text_id)
    accepted = Acceptance.objects.visible_to(request.auth).filter(version=row).order_by("at", "pk")
    rows = list(accepted.select_related("client", "person", "paper"))
    promised = transcribing.current(row, request.at)
    return {
        **_text(row, request.at, accepted=bool(rows)),
        "text": documents.text(row),
        "terms": promised.terms.name if promised else None,
        "clauses": json.loads(promised.mapping) if promised else {},
        "checked": promised is not None and promised.checked_at is not None,
        "acceptances": [_acceptance(one) for one in rows],
    }


def _text(row: DocumentVersion, at: datetime, *, accepted: bool) -> dict[str, Any]:
    document = row.document
    return {
        "id": row.public_id,
        "name": document.name,
        "version": row.number,
        "kind": document.kind,
        "language": document.language,
        "client": None if document.client is None else document.client.name,
        "effective_on": row.effective_on,
        "status": documents.status(row, at),
        "sha256": row.sha256,
        "accepted": accepted,
    }


def _acceptance(row: Acceptance) -> dict[str, Any]:
    return {
        "act": row.act,
        "client": row.client.name,
        "person": row.person.name,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "how": row.how,
        "brand": row.brand_name,
        "source_sha256": row.source_sha256,
        "rendered_sha256": row.rendered_sha256,
        "paper_sha256": None if row.paper is None else row.paper.sha256,
    }
