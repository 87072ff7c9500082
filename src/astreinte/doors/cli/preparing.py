"""The data folder and the database are made ready before anything runs; what cannot be leaves the old state."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

COPIES = "copies"


class MigrationFailed(RuntimeError):
    """The database could not be brought to this version, and stands as it stood before."""


def folder(path: Path) -> None:
    """Make the data folder, for its owner alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


def database(data: Path, *, at: datetime) -> tuple[int, Path | None]:
    """Bring the database to this version; return how many migrations ran, and the copy made before, if any.

    Raises MigrationFailed: then the database is as it was (PostgreSQL: one transaction; SQLite: the copy
    is put back), and the message says where the copy is.
    """
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    copy = None
    if plan:
        copy = _copied(data, at) if executor.loader.applied_migrations else None
        _migrate(copy)
    call_command("createcachetable", verbosity=0)
    return len(plan), copy


def _migrate(copy: Path | None) -> None:
    try:
        with _whole():
            call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        kept = ""
        if copy is not None:
            _put_back(copy)
            kept = f" (a copy is kept: {copy})"
        raise MigrationFailed(
            f"the database could not be brought to this version: {type(error).__name__}: {error}."
            f" It stands as before{kept}; go back to the earlier version, or say this to whoever made it"
        ) from error


@contextmanager
def _whole() -> Iterator[None]:
    """All migrations or none, where the database can: SQLite cannot rebuild a table inside a transaction."""
    if connection.vendor == "sqlite":
        yield
        return
    with transaction.atomic():
        yield


def _copied(data: Path, at: datetime) -> Path | None:
    """Copy the SQLite file as it stands, its log included; PostgreSQL has its own backups."""
    if connection.vendor != "sqlite":
        return None
    folder(data / COPIES)
    path = data / COPIES / f"before-migration-{at:%Y%m%dT%H%M%S%f}Z.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    path.chmod(0o600)
    return path


def _put_back(copy: Path) -> None:
    """Write the copy over the database in one transaction of SQLite's own, whoever else has it open."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(name, timeout=20)) as target:
        source.backup(target)
