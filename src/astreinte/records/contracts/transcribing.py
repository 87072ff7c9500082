"""What a text promises, written down as data by one person and checked by a second (Part 2, four eyes)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Role
from astreinte.records.accounts.permissions import MANAGERS, NotAllowed, may
from astreinte.records.contracts import documents
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.facts import TextTranscribed, TranscriptionChecked
from astreinte.records.contracts.models import Terms
from astreinte.records.contracts.papers import DocumentVersion, Transcription
from astreinte.records.journal import writing
from astreinte.rules.documents import anchors, figures
from astreinte.rules.sla import keys


def transcribe(
    version: DocumentVersion, *, terms: Terms, mapping: Mapping[str, str], at: datetime, actor: Actor
) -> Transcription:
    """Write down which terms a version comes to, and for each key the clause that says it: "5.2.1".

    Raises DocumentError for a key that terms do not have, and for a clause that the text does not have. A
    later transcription of the same version takes the place of this one; both stay.
    """
    may(actor, "contracts.change", version.document)
    if terms.provider_id != version.document.provider_id:
        raise DocumentError(
            f"transcription.terms: {terms.name}: not terms of this provider; write some down first"
        )
    source, body = documents.text(version), json.loads(terms.body)
    for key, anchor in mapping.items():
        if not is_key(body, key):
            raise DocumentError(
                f"transcription.mapping: {key!r}: terms have no such key; `astreinte terms show` prints them"
            )
        if not _there(source, anchor):
            raise DocumentError(
                f"transcription.mapping: {key}: {anchor!r}: {version} has no such clause;"
                " `astreinte terms clauses` lists them"
            )
    with transaction.atomic():
        row = Transcription.objects.create(
            version=version,
            terms=terms,
            mapping=json.dumps(dict(mapping), ensure_ascii=False, sort_keys=True),
            at=at,
            by=str(actor),
            by_person_id=actor.person_id,
        )
        fact = TextTranscribed(
            at=at,
            provider_id=version.document.provider_id,
            transcription_id=row.pk,
            version_id=version.pk,
        )
        writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def check(row: Transcription, *, at: datetime, actor: Actor) -> Transcription:
    """Say that a second person read the text and the values side by side, and found them alike.

    Raises NotAllowed for who transcribed it: a provider with one person is told that it stays unchecked.
    """
    document = row.version.document
    may(actor, "contracts.change", document)
    if actor.person_id is None or actor.person_id == row.by_person_id or str(actor) == row.by:
        alone = others(document.provider_id, row.by_person_id, at) == 0
        raise NotAllowed(
            "transcription.check: a second person checks it, known by name;"
            + (
                " there is nobody else here who may: it stays in use, and shown as unchecked"
                if alone
                else " ask a colleague who manages contracts"
            )
        )
    if row.checked_at is not None:
        raise DocumentError(f"transcription of {row.version}: was checked already")
    row.checked_at, row.checked_by_id = at, actor.person_id
    row.save(update_fields=["checked_at", "checked_by"])
    fact = TranscriptionChecked(at=at, provider_id=document.provider_id, transcription_id=row.pk)
    writing.append(fact, actor=actor, rows=[row])
    return row


def others(provider_id: int, but: int | None, at: datetime) -> int:
    """Return how many more people of the provider may change contracts at `at`."""
    held = Role.objects.as_of(at).filter(
        provider_id=provider_id, client=None, role__in=MANAGERS, person__is_active=True
    )
    found: int = held.exclude(person_id=but).values("person_id").distinct().count()
    return found


def current(version: DocumentVersion, at: datetime) -> Transcription | None:
    """Return the transcription of a version that counts at `at`: the last one, checked or not."""
    rows = Transcription.objects.filter(version=version, at__lte=at).select_related("terms", "checked_by")
    return rows.order_by("-at", "-pk").first()


def disagreements(row: Transcription) -> list[figures.Disagreement]:
    """Return where the numbers of the text are not the values that were written down."""
    mapping = json.loads(row.mapping)
    return figures.disagreements(documents.text(row.version), mapping, json.loads(row.terms.body))


def is_key(body: Mapping[str, Any], key: str) -> bool:
    """Tell whether terms can hold a value under a dotted key, or hold values below it."""
    here: Any = body
    for step in key.split("."):
        if not isinstance(here, Mapping) or step not in here:
            return _is_further(key)
        here = here[step]
    return True


def _there(source: str, anchor: str) -> bool:
    try:
        return bool(anchors.find(source, anchor))
    except anchors.AnchorError:
        return False


def _is_further(key: str) -> bool:
    if key == "relapse_within":  # terms leave it out, like the further keys, where it is the usual one
        return True
    try:
        keys.value_of((), key)
    except KeyError:
        return False
    return True
