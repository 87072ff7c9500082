"""What many tests begin with is made once a process by the product's own acts, and put back row by row after.

Django rolls back what a test wrote; a cast made anew for each of a thousand tests was a third of their time.
"""

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, transaction

from astreinte.loops import clock
from astreinte.records.journal.models import Entry

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Kept:
    statements: tuple[str, ...]
    returned: bytes


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """Make `make` write the rows of its first call again, as long as it is asked the same of an empty database.

    What it returns is a copy each time. Under a clock moved elsewhere it is another call.
    """
    kept: dict[object, _Kept] = {}

    @functools.wraps(make)
    def again(*words: P.args, **named: P.kwargs) -> R:
        if Entry.objects.exists():
            return make(*words, **named)
        asked = (words, tuple(named.items()), clock.now() if clock._hands else None)
        if asked not in kept:
            returned = make(*words, **named)
            kept[asked] = _Kept(_statements(), pickle.dumps(returned))
            return returned
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in kept[asked].statements:
                cursor.execute(statement)
        copy: R = pickle.loads(kept[asked].returned)
        return copy

    return again


def _statements() -> tuple[str, ...]:
    """Return what writes the rows that are there now into an empty database."""
    return tuple(
        statement
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("astreinte.") and not model._meta.proxy
        for statement in _of_table(model._meta.db_table, [field.attname for field in model._meta.pk_fields])
    )


def _of_table(table: str, key: list[str]) -> list[str]:
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
        cursor.execute(
            f"SELECT {', '.join(literal.format(quoted(name)) for name in columns)}"
            f" FROM {quoted(table)} ORDER BY {', '.join(map(quoted, key))}"
        )
        rows = cursor.fetchall()
        if not rows:
            return []
        values = ",\n".join(f"({', '.join(row)})" for row in rows)
        written = [f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, columns))}) VALUES {values}"]
        if connection.vendor == "postgresql":
            for sequence in connection.introspection.get_sequences(cursor, table):
                column = quoted(sequence["column"])
                written.append(
                    f"SELECT setval(pg_get_serial_sequence('{quoted(table)}', '{sequence['column']}'),"
                    f" (SELECT max({column}) FROM {quoted(table)}))"
                )
    return written
