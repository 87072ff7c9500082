"""Are the constraints really in the database, as the models of today say? Dropped or outdated ones are named."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.backends.ddl_references import Statement

from astreinte.records.validity.constraints import Kept

_ON_POSTGRESQL = """
SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
UNION SELECT conname FROM pg_constraint
"""


def missing() -> Iterator[str]:
    """Yield "TABLE.NAME" of each trigger or constraint that is not there, is disabled, or says something else.

    SQLite: a column that was added to a table in place is not in its triggers; a migration must remove and
    add the constraint, and this says so.
    """
    there = _there()
    for table, wanted in _wanted():
        name = str(wanted.parts["name"]).strip('"')
        found = name if connection.vendor == "postgresql" else str(wanted)
        if found not in there:
            yield f"{table}.{name}"


def _wanted() -> Iterator[tuple[str, Statement]]:
    editor = connection.schema_editor()
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, Kept):
                for each in constraint.statements(model, editor):
                    if "name" in each.parts:
                        yield model._meta.db_table, each


def _there() -> set[str]:
    query = _ON_POSTGRESQL
    if connection.vendor != "postgresql":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}
