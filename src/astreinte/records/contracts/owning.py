"""The product's own texts become texts of a provider: printed from terms, so text and behaviour cannot differ."""

import json
from datetime import date, datetime

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Provider
from astreinte.records.accounts.people import LANGUAGES
from astreinte.records.contracts import documents, transcribing
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import Terms
from astreinte.records.contracts.papers import Document, DocumentVersion
from astreinte.words import own_terms
from astreinte.words.documents import title


def import_own(
    provider: Provider, *, terms: Terms, language: str, effective_on: date, at: datetime, actor: Actor
) -> list[DocumentVersion]:
    """Keep the own texts with the values of `terms` as drafts, each with the clause of each value (A0.1).

    A provider that has a text of a kind and language already gets the own one as its next version.
    """
    if language not in LANGUAGES:
        raise DocumentError(f"document.language: {language!r}: write one of {', '.join(LANGUAGES)}")
    body, found = json.loads(terms.body), []
    for kind in own_terms.NAMES:
        text = own_terms.text(kind, language, body)
        known = Document.objects.filter(provider=provider, client=None, kind=kind, language=language).first()
        version = documents.import_version(
            provider,
            content=text.encode(),
            file_name=f"{kind}.{language}.md",
            name=known.name if known is not None else title(text, {"company.name": provider.name}),
            kind=kind,
            language=language,
            effective_on=effective_on,
            at=at,
            actor=actor,
        )
        mapping = own_terms.keys_said(kind, language, body)
        transcribing.transcribe(version, terms=terms, mapping=mapping, at=at, actor=actor)
        found.append(version)
    return found
