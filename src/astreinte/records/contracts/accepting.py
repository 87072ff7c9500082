"""Which texts govern a client, which are still to be accepted: the accepted version holds until another is.

Accepting is in `signing`, the texts themselves in `documents`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from astreinte.records.accounts.models import Client
from astreinte.records.contracts.days import day_of
from astreinte.records.contracts.papers import (
    RANKS,
    Acceptance,
    Document,
    DocumentVersion,
    Publication,
    Transcription,
)


@dataclass(frozen=True, slots=True)
class Governing:
    """A text that governs a client: its rank (0 prevails over 1), who accepted it, and what it promises as data."""

    rank: int
    document: Document
    version: DocumentVersion
    transcription: Transcription | None
    acceptance: Acceptance


def governing(client: Client, at: datetime) -> list[Governing]:
    """Return the texts that govern the client at `at`, the one that prevails first (article 1).

    Of each kind, the accepted version with the latest day that has come: a version that was published since
    and is not accepted governs nothing, and the old one goes on (A0.1). Of specific contracts every one, the
    latest first. A text that was accepted before its day governs from that day on.
    """
    accepted = (
        come_into_force(client, at)
        .select_related("version__document", "person")
        .order_by("-version__effective_on", "-at", "-pk")
    )
    held: dict[object, Acceptance] = {}
    for row in accepted:
        held.setdefault(_place(row.version.document), row)
    promised = _transcriptions([row.version_id for row in held.values()], at)
    found = [
        Governing(
            RANKS.index(row.version.document.kind),
            row.version.document,
            row.version,
            promised.get(row.version_id),
            row,
        )
        for row in held.values()
    ]
    return sorted(found, key=lambda one: one.rank)


def come_into_force(client: Client, at: datetime) -> QuerySet[Acceptance]:
    """Return what the client had accepted by `at` of the versions whose day had come, replaced since or not.

    A paper counts from when it is written down: what was missed before that keeps its price.
    """
    return Acceptance.objects.filter(
        client=client, at__lte=at, recorded_at__lte=at, version__effective_on__lte=day_of(at)
    )


def missing(client: Client, at: datetime) -> list[Document]:
    """Return the documents that are published and of which the client has accepted no version at all.

    One language of a kind is enough. The provider's own house accepts nothing: it has no contract.
    """
    held = {_place(row.version.document) for row in _accepted(client, at)}
    return [document for document in _concerning(client, at, "fr") if _place(document) not in held]


def offered(client: Client, at: datetime, language: str = "fr") -> list[DocumentVersion]:
    """Return the versions that the client is asked to accept, all at once, the one that prevails first.

    Of each text the version in force and the last one to come, but for what is accepted already, or older than
    that. A text of which a version was accepted is offered again in the language of that one; any other in
    `language`, where there is one.
    """
    upto = {row.version.document_id: row.version.effective_on for row in _accepted(client, at)}
    return [
        version
        for document in _concerning(client, at, language)
        for version in _current(document, at)
        if document.pk not in upto or upto[document.pk] < version.effective_on
    ]


def _current(document: Document, at: datetime) -> list[DocumentVersion]:
    """Return the version of a document in force, then the last one whose day is to come."""
    versions = (
        DocumentVersion.objects.filter(document=document, publication__published_at__lte=at)
        .select_related("document__provider", "file")
        .order_by("-effective_on")
    )
    now = versions.filter(effective_on__lte=day_of(at)).first()
    later = versions.filter(effective_on__gt=day_of(at)).first()
    return [version for version in (now, later) if version is not None]


def _concerning(client: Client, at: datetime, language: str) -> list[Document]:
    """Return the published documents that concern the client, one a kind and every specific contract of its own."""
    if client.internal:
        return []
    spoken = {_place(row.version.document): row.version.document.language for row in _accepted(client, at)}
    published = Publication.objects.filter(document=OuterRef("pk"), published_at__lte=at)
    documents = Document.objects.filter(
        Exists(published), Q(client=None) | Q(client=client), provider_id=client.provider_id
    )
    found: dict[object, Document] = {}
    for document in sorted(documents, key=lambda one: (one.language, one.pk)):
        place = _place(document)
        if place not in found or document.language == spoken.get(place, language):
            found[place] = document
    return sorted(found.values(), key=lambda one: (RANKS.index(one.kind), one.name))


def _accepted(client: Client, at: datetime) -> list[Acceptance]:
    rows = Acceptance.objects.filter(client=client, at__lte=at).select_related("version__document")
    return list(rows.order_by("version__effective_on", "at", "pk"))


def _place(document: Document) -> object:
    """Return what two versions have in common of which one replaces the other."""
    return document.pk if document.client_id is not None else document.kind


def _transcriptions(versions: list[int], at: datetime) -> dict[int, Transcription]:
    rows = Transcription.objects.filter(version__in=versions, at__lte=at).select_related("terms")
    return {row.version_id: row for row in rows.order_by("at", "pk")}
