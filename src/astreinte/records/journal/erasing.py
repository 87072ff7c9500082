"""Erasing words of people from entries and rows; instants, amounts and the chain stay whole (X.7)."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from astreinte.records.journal import rows, writing
from astreinte.records.journal.facts import WordsErased
from astreinte.records.journal.models import Entry
from astreinte.records.journal.writing import SupportsStr


class ErasureError(ValueError):
    """Nothing was erased: says which entry, why, and the way out."""


def with_words(subject: str) -> models.QuerySet[Entry]:
    """Return the entries about a subject ("ticket:12") that still hold words of people."""
    return Entry.objects.filter(subject=subject, words__isnull=False).order_by("pk")


@transaction.atomic
def erase(entry_ids: Iterable[int], *, reason: str, at: datetime, actor: str | SupportsStr) -> list[Entry]:
    """Erase the words of these entries, and the same words in their rows; return the entries that say so.

    A later entry that repeats the words keeps them: give it too. Raises ErasureError, and erases nothing,
    when an entry does not exist or has no words, or when no reason is given.
    """
    wanted = sorted(set(entry_ids))
    if not reason.strip():
        raise ErasureError("reason: say why, it stays in the journal for ever")
    entries = list(
        Entry.objects.filter(pk__in=wanted, words__isnull=False).order_by("pk").select_for_update()
    )
    if missing := set(wanted) - {entry.pk for entry in entries}:
        raise ErasureError(
            f"entry {min(missing)}: does not exist or holds no words; `journal list` shows which do"
        )
    by_provider: dict[int, list[Entry]] = defaultdict(list)
    blanked: dict[int, list[models.Model]] = defaultdict(list)
    for entry in entries:
        by_provider[entry.provider_id].append(entry)
        blanked[entry.provider_id] += _blank_rows(entry)
    Entry.objects.filter(pk__in=wanted).update(words=None, salt=None)
    return [
        writing.append(
            WordsErased(
                at=at,
                provider_id=provider,
                entry_ids=tuple(entry.pk for entry in erased),
                reason=reason.strip(),
            ),
            actor=actor,
            rows=blanked[provider],
        )
        for provider, erased in by_provider.items()
    ]


def _blank_rows(entry: Entry) -> list[models.Model]:
    changed = []
    for record in json.loads(entry.words or "[]"):
        model = apps.get_model(record["model"])
        row = model._base_manager.filter(pk=record["id"]).first()
        if row is None:
            continue
        now = rows.words_in(row)
        same = [name for name, value in record["set"].items() if value and now.get(name) == value]
        if same:
            blanks = {name: _blank(row, name) for name in same}
            model._base_manager.filter(pk=row.pk).update(**blanks)
            changed.append(row)
    return changed


def _blank(row: models.Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    if field.null:
        return None
    # What must be unique cannot be empty twice.
    return f"erased-{row.pk}" if field.unique else ""
