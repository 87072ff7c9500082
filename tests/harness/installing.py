"""An installation of a test's own, for the stories that need the real processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

PREPARE = (
    "from astreinte.doors.cli.booting import loaded; loaded();"
    "from django.core.management import call_command;"
    "call_command('migrate', verbosity=0); call_command('createcachetable', verbosity=0)"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder, and the environment in which `astreinte` finds it and its database."""

    data: Path
    environment: dict[str, str]
    command: tuple[str, ...] = (sys.executable, "-m", "astreinte.doors.cli")

    def told(self, **more: str) -> "Installation":
        """Return the same installation for commands with `more` in their environment."""
        return replace(self, environment={**self.environment, **more})

    def ahead(self, minutes: int) -> "Installation":
        """Return the same installation for commands whose clock is ahead: what was leased has run out."""
        ahead = str(Path(__file__).with_name("ahead.py"))
        return replace(self, command=(sys.executable, "-P", ahead, str(minutes)))

    def run(self, *words: str, stdin: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `astreinte WORDS…` to its end; `more` is added to its environment."""
        return subprocess.run(
            [*self.command, *words],
            env={**self.environment, **more},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Start `astreinte WORDS…` in a process group of its own; whoever starts it ends it."""
        return subprocess.Popen(
            [*self.command, *words],
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def prepare(self) -> None:
        """Bring the database to the state of the migrations, as `astreinte up` does."""
        subprocess.run([sys.executable, "-c", PREPARE], env=self.environment, check=True, timeout=120)


@contextmanager
def installed(data: Path) -> Iterator[Installation]:
    """Make the folder, and on PostgreSQL a database of its own, dropped at the end."""
    data.mkdir(parents=True)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ASTREINTE_", "DJANGO_"))
    }
    environment = {**kept, "ASTREINTE_DATA": str(data)}
    server = os.environ.get("ASTREINTE_DATABASE")
    if not server:
        yield Installation(data, environment)
        return
    name = f"installation_{uuid4().hex[:12]}"
    with _administering(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    address = urlsplit(server)._replace(path=f"/{name}").geturl()
    try:
        yield Installation(data, {**environment, "ASTREINTE_DATABASE": address})
    finally:
        with _administering(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _administering(server: str) -> Iterator[psycopg.Connection]:
    connection = psycopg.connect(server, autocommit=True)
    try:
        yield connection
    finally:
        connection.close()
