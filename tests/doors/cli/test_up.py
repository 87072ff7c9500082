"""`astreinte up`: what a first start makes, what it refuses, and that it ends in order."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.doors.cli.running import said_json, seen, up
from tests.harness.installing import Installation

pytestmark = [pytest.mark.real, pytest.mark.long]


def test_the_first_start_invites_an_administrator_and_watches_this_very_machine(
    installation: Installation,
) -> None:
    with up(installation, "--provider", "Estran") as running:
        link = running.line_with("/invitation/").strip()
        assert link.startswith(running.address)
        with urlopen(link, timeout=10) as page:
            assert page.status == 200
        with urlopen(f"{running.address}/healthz", timeout=10) as page:
            assert page.read() == b'{"ok": true, "failing": []}'
        assert running.measure('part_up{part="recorder"}') == 1

        def measured() -> list[dict[str, str]] | None:
            """Return the checks once all have answered: within a minute, at least five conclusively."""
            checks: list[dict[str, str]] = said_json(installation, "check", "list")
            known = [one for one in checks if one["level"] in {"ok", "warning", "critical", "unknown"}]
            return checks if all(one["text"] for one in checks) and len(known) >= 5 else None

        checks = seen(measured, within_s=60)
        assert {one["server"] for one in checks} == {socket.gethostname().lower()}
        assert {one["kind"] for one in checks} >= {"disk", "memory", "load", "http", "tcp", "clock"}
        (server,) = said_json(installation, "server", "list")
        assert server["client"] == "Estran"
        first = {path.name: path.stat().st_mode & 0o077 for path in installation.data.iterdir()}
        assert not any(first.values()), first

        watch = running.watch_pid()
        assert running.stop() == 0
        assert not Path(f"/proc/{watch}").exists()

    with up(installation) as running:
        assert running.line_with("/invitation/").strip() != link
        assert len(said_json(installation, "server", "list")) == 1


def test_a_second_start_on_the_same_data_folder_is_refused(installation: Installation) -> None:
    with up(installation) as running:
        refused = installation.run("up", ASTREINTE_LISTEN="127.0.0.1:0")
        assert refused.returncode == 3
        assert refused.stderr == (
            f"error: {installation.data}: Astreinte runs already on this data folder (process"
            f" {running.process.pid}); stop it first, or set ASTREINTE_DATA to another folder\n"
        )


def test_a_port_that_is_taken_is_named_and_nothing_is_made(installation: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        refused = installation.run("up", ASTREINTE_LISTEN=listen)
    assert refused.returncode == 3
    assert refused.stderr == (
        f"error: ASTREINTE_LISTEN={listen}: Address already in use;"
        " stop what listens there, or set ASTREINTE_LISTEN to another HOST:PORT\n"
    )
    assert not (installation.data / "astreinte.sqlite3").exists()


def test_it_ends_on_sigterm_as_on_ctrl_c(installation: Installation) -> None:
    with up(installation) as running:
        running.line_with("watch connected")
        watch = running.watch_pid()
        running.process.terminate()
        assert running.ended() == 0
        assert not Path(f"/proc/{watch}").exists()


BROKEN = {
    "broken/__init__.py": "",
    "broken/migrations/__init__.py": "",
    "broken/migrations/0001_fine.py": """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])]
""",
    "broken/migrations/0002_fails.py": """
from django.db import migrations

def fail(apps, editor):
    raise ValueError("this one cannot be")

class Migration(migrations.Migration):
    dependencies = [("broken", "0001_fine")]
    operations = [migrations.RunPython(fail)]
""",
    "broken_settings.py": """
from astreinte.project.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "broken"]
""",
    "story.py": """
import django
django.setup()
from django.conf import settings
from django.db import connection
from astreinte.doors.cli import preparing
from astreinte.loops import clock
from astreinte.records.accounts.models import Provider
from tests import builders
builders.a_house()
try:
    preparing.database(settings.PLACES.data, at=clock.now())
except preparing.MigrationFailed as error:
    print(error)
print(sorted(connection.introspection.table_names()).count("broken_thing"), Provider.objects.count())
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'broken'")
    print(cursor.fetchone()[0])
""",
}


def test_a_migration_that_fails_leaves_the_old_state_and_says_so(
    installation: Installation, tmp_path: Path
) -> None:
    installation.prepare()
    for name, text in BROKEN.items():
        path = tmp_path / "more" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "more" / "story.py")],
        env={
            **installation.environment,
            "DJANGO_SETTINGS_MODULE": "broken_settings",
            "PYTHONPATH": os.pathsep.join([str(tmp_path / "more"), str(Path(__file__).parents[3])]),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    said, standing, applied = done.stdout.splitlines()
    assert said.startswith(
        "the database could not be brought to this version: ValueError: this one cannot be. It stands as before"
    )
    assert (standing, applied) == ("0 1", "0")
    if not installation.environment.get("ASTREINTE_DATABASE"):
        (copy,) = (installation.data / "copies").iterdir()
        assert f"(a copy is kept: {copy})" in said
