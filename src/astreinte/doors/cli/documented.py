"""Texts and acceptances as a command names and shows them: plain values by name."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from astreinte.doors.cli.finding import NotFoundError
from astreinte.doors.cli.reading import STDIN, WordError
from astreinte.records.accounts.actors import Actor
from astreinte.records.contracts import documents, transcribing
from astreinte.records.contracts.models import Acceptance, Document, DocumentVersion, Transcription

Shown = dict[str, Any]


def content(place: str, name: str) -> bytes:
    """Return the bytes of a file (- is standard input), one more than is taken at most: the rest is refused unread."""
    if name == STDIN:
        return sys.stdin.buffer.read(documents.LARGEST_PAPER + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(documents.LARGEST_PAPER + 1)
    except OSError as error:
        raise WordError(f"{place}: {name}: cannot be read ({error.strerror}); name a file that can") from None


def day(place: str, text: str) -> date:
    """Return a day written 2017-07-01."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WordError(f"{place}: {text!r}: write a day such as 2017-07-01") from None


def version(name: str, actor: Actor, number: int = 0) -> DocumentVersion:
    """Return a version of the document of this name; without a number, the last one."""
    seen = Document.objects.visible_to(actor)
    document = seen.filter(name__iexact=name).order_by("pk").first()
    if document is None:
        there = ", ".join(seen.order_by("name").values_list("name", flat=True)[:20])
        raise NotFoundError(
            f"document {name!r}: none of this name; there are: {there or 'none: `astreinte terms import` takes one'}"
        )
    of = DocumentVersion.objects.visible_to(actor).filter(document=document).order_by("-number")
    found = of.select_related("document__provider", "document__client", "file").filter(
        **({"number": number} if number else {})
    )
    row = found.first()
    if row is None:
        last = of.values_list("number", flat=True).first()
        raise NotFoundError(
            f"version {number}: {document.name} has none of this number; its last one is {last}"
        )
    return row


def named_version(text: str, actor: Actor) -> DocumentVersion:
    """Return the version that is written "Name" or "Name:2"."""
    name, _, number = text.rpartition(":")
    if name and number.isdecimal():
        return version(name, actor, int(number))
    return version(text, actor)


def shown(row: DocumentVersion, at: datetime) -> Shown:
    """Return a version in short."""
    document = row.document
    return {
        "name": document.name,
        "version": row.number,
        "kind": document.kind,
        "language": document.language,
        "client": document.client.name if document.client is not None else None,
        "effective_on": row.effective_on,
        "status": documents.status(row, at),
        "sha256": row.sha256,
        "imported_at": row.imported_at,
        "id": row.public_id,
    }


def whole(row: DocumentVersion, at: datetime) -> Shown:
    """Return a version with what it promises as data, when somebody wrote that down."""
    promised = transcribing.current(row, at)
    return {**shown(row, at), "transcription": None if promised is None else transcription(promised)}


def transcription(row: Transcription) -> Shown:
    """Return what a version promises as data, with who wrote it down and who checked it."""
    return {
        "terms": row.terms.name,
        "mapping": json.loads(row.mapping),
        "by": row.by,
        "at": row.at,
        "checked": row.checked_at is not None,
        "checked_by": row.checked_by.name if row.checked_by is not None else None,
        "checked_at": row.checked_at,
    }


def acceptance(row: Acceptance) -> Shown:
    """Return an acceptance: who, when, what, by which digests, how and from where."""
    return {
        "act": row.act,
        "client": row.client.name,
        "document": row.version.document.name,
        "version": row.version.number,
        "person": row.person.name,
        "email": row.person.email,
        "at": row.at,
        "zone": row.zone,
        "recorded_at": row.recorded_at,
        "how": row.how,
        "brand": row.brand_name,
        "source_sha256": row.source_sha256,
        "rendered_sha256": row.rendered_sha256,
        "paper_sha256": row.paper.sha256 if row.paper is not None else None,
        "from": row.from_address,
        "browser": row.user_agent,
        "by": row.by,
    }
