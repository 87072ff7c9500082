"""Rows as the journal keeps them: every column, in canonical form, words of people apart.

A model takes part by a class attribute: `JOURNALLED = True`; `JOURNAL_WORDS`, names of fields with words
of people, which can be erased; `JOURNAL_LEAVES`, names of fields that are not kept at all (a password).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from astreinte.records.journal import canonical

Values = dict[str, Any]


class RowError(Exception):
    """A row that cannot be kept: names the row and the way out."""


def models_kept() -> list[type[models.Model]]:
    """Return every model whose rows the journal keeps, by name."""
    found = [each for each in apps.get_models() if _takes_part(each)]
    return sorted(found, key=lambda each: each._meta.label_lower)


def collect(rows: Iterable[models.Model]) -> tuple[list[Values], list[Values]]:
    """Return the rows as they stand in the database, and apart the words in them.

    They are read again: an instance may hold less, more or older values than the row, and the row is ours
    until the transaction ends. Raises RowError for a row that is not there or whose model is not kept.
    """
    wanted = list(dict.fromkeys((type(row), row.pk) for row in rows))
    by_model: dict[type[models.Model], list[Any]] = defaultdict(list)
    for model, pk in wanted:
        if not _takes_part(model):
            raise RowError(f"{model._meta.label}: declare JOURNALLED = True for its rows to be kept")
        by_model[model].append(pk)
    found = {
        (model, row.pk): row
        for model, pks in by_model.items()
        for row in model._base_manager.filter(pk__in=pks)
    }
    kept, words = [], []
    for model, pk in wanted:
        if (model, pk) not in found:
            raise RowError(f"{model._meta.label} {pk}: not in the database; save it before its event")
        row = found[model, pk]
        key = {"model": model._meta.label_lower, "id": canonical.plain(pk)}
        kept.append({**key, "set": values(row)})
        if said := words_in(row):
            words.append({**key, "set": said})
    return kept, words


def values(row: models.Model) -> Values:
    """Return the columns of a row that are kept for ever, in canonical form, by field name."""
    apart = {*_names(row, "JOURNAL_WORDS"), *_names(row, "JOURNAL_LEAVES")}
    return {name: value for name, value in _columns(row) if name not in apart}


def words_in(row: models.Model) -> Values:
    """Return the columns of a row with words of people, in canonical form, by field name."""
    wanted = set(_names(row, "JOURNAL_WORDS"))
    return {name: value for name, value in _columns(row) if name in wanted}


def _columns(row: models.Model) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        yield field.attname, canonical.plain(getattr(row, field.attname))


def _takes_part(model: type[models.Model]) -> bool:
    return any(getattr(model, each, False) for each in ("JOURNALLED", "JOURNAL_WORDS", "JOURNAL_LEAVES"))


def _names(row: models.Model, attribute: str) -> Sequence[str]:
    names: Sequence[str] = getattr(row, attribute, ())
    return names
