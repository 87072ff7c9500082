"""A test with real transactions leaves an empty database behind, even where the product refuses DELETE.

The triggers that keep append-only tables are lifted while pytest-django empties them, and only then. At
the end the database itself goes, whoever is still connected: a process that a test killed lets go late.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.creation import DatabaseCreation

_emptied = BaseDatabaseOperations.execute_sql_flush
DROPPING = "_destroy_test_db"


def pytest_configure() -> None:
    setattr(BaseDatabaseOperations, _emptied.__name__, _empty)  # the one place that all flushes pass
    setattr(DatabaseCreation, DROPPING, _drop)


def _drop(creation: Any, name: str, _verbosity: int) -> None:
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(name)} WITH (FORCE)")


def _empty(operations: BaseDatabaseOperations, sql_list: Any) -> None:
    connection = operations.connection
    if connection.vendor == "postgresql":  # on tables of a few rows TRUNCATE takes ten times as long
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        sql_list = [f"DELETE FROM {operations.quote_name(table)}" for table in tables]
    with transaction.atomic(), lifted(connection):
        _emptied(operations, sql_list)


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Have no trigger fire in this transaction, as only the owner of the database can."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            cursor.execute(sql)
