"""Folding: the entries, one after the other, give every row as it must stand; what differs was altered.

A column that was added to a table since, or whose words were erased, is not compared.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import models

from astreinte.records.journal import canonical, rows
from astreinte.records.journal.events import kind_of
from astreinte.records.journal.facts import WordsErased
from astreinte.records.journal.models import Entry

_CHUNK = 500
_Last = dict[str, dict[Any, int]]


def differences() -> Iterator[tuple[str, str]]:
    """Yield each row that is not what its last entry says: its name, and in what it differs."""
    last = _last_entries()
    for model in rows.models_kept():
        yield from _differences_of(model, last.get(model._meta.label_lower, {}))


def erased_entries() -> set[int]:
    """Return the numbers of the entries whose words were erased, as entries say."""
    kind = kind_of(WordsErased)
    bodies = Entry.objects.filter(kind=kind).values_list("body", flat=True)
    return {number for body in bodies.iterator() for number in json.loads(body)["event"]["entry_ids"]}


def _last_entries() -> _Last:
    last: _Last = {}
    bodies = Entry.objects.order_by("pk").values_list("pk", "body")
    for number, body in bodies.iterator():
        for record in _records(body):
            last.setdefault(record["model"], {})[record["id"]] = number
    return last


def _differences_of(model: type[models.Model], last: dict[Any, int]) -> Iterator[tuple[str, str]]:
    label, unseen = model._meta.label_lower, dict(last)
    found = model._base_manager.order_by("pk").iterator()
    while chunk := list(islice(found, _CHUNK)):
        keys = [canonical.plain(row.pk) for row in chunk]
        entries = Entry.objects.in_bulk({last[key] for key in keys if key in last})
        for key, row in zip(keys, chunk, strict=True):
            number = unseen.pop(key, None)
            if number is None:
                yield f"{label} {key}", "unknown to the journal: no entry ever spoke of it"
            else:
                yield from _compared(label, key, row, entries[number])
    for key, number in unseen.items():
        yield f"{label} {key}", f"missing: entry {number} says that it exists"


def _compared(label: str, key: Any, row: models.Model, entry: Entry) -> Iterator[tuple[str, str]]:
    said = _record(_records(entry.body), label, key)
    stands = rows.values(row)
    for name in sorted(said.keys() & stands.keys()):
        if stands[name] != said[name]:
            text = f"{name} is {_short(stands[name])}, entry {entry.pk} says {_short(said[name])}"
            yield f"{label} {key}", text
    if entry.words is None:
        return
    spoken, words = _record(json.loads(entry.words), label, key), rows.words_in(row)
    for name in sorted(spoken.keys() & words.keys()):
        if words[name] != spoken[name]:
            yield f"{label} {key}", f"{name} is not what entry {entry.pk} says"


def _records(body: str) -> list[dict[str, Any]]:
    try:
        records: list[dict[str, Any]] = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        return []  # an altered entry: it is named for that
    return records


def _record(records: list[dict[str, Any]], label: str, key: Any) -> dict[str, Any]:
    for record in records:
        if (record["model"], record["id"]) == (label, key):
            found: dict[str, Any] = record["set"]
            return found
    return {}


def _short(value: object) -> str:
    text = canonical.text(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
