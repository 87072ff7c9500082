"""A fresh clone in an empty folder, as an ordinary user: two commands, a page, this machine watched (X.15)."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.doors.cli.running import seen, up
from tests.harness.installing import Installation

pytestmark = [pytest.mark.real, pytest.mark.long]

ROOT = Path(__file__).parents[2]
PYTHON = "/usr/bin/python3"
"""Debian's own: a newcomer has no other."""
STOPS_WITHIN_S = 5


class Newcomer:
    """An ordinary user with a clone of the repository in a folder of their own, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.user = pwd.getpwnam("nobody")
        self.clone = folder / "astreinte"
        folder.chmod(0o755)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.clone)], check=True)
        (folder / "home").mkdir()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "LANG"))},
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "PYTHON": PYTHON,
            "ASTREINTE_DATA": str(self.clone / "var"),
        }

    def command(self, *words: str) -> tuple[str, ...]:
        """Return a command as this user, and nobody else, runs it."""
        as_user = (f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups")
        return ("setpriv", *as_user, *words)

    def types(self, *words: str) -> None:
        """Type a command in the clone; it must go well."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    folder = Path(tempfile.mkdtemp(prefix="astreinte-newcomer-"))
    try:
        yield Newcomer(folder)
    finally:
        shutil.rmtree(folder)


def test_x_15_a_newcomer_prepares_it_starts_it_sees_a_page_and_this_machine_and_stops_it(
    newcomer: Newcomer,
) -> None:
    # What must come from Debian, an administrator installs: the user is told the line to type.
    subprocess.run([newcomer.clone / "tools/from-debian", "python3.11-venv"], check=True)
    newcomer.types("make", "setup")
    astreinte = newcomer.command(str(newcomer.clone / ".venv/bin/astreinte"))
    installation = Installation(newcomer.clone / "var", newcomer.environment, astreinte)
    with up(installation) as running:
        link = running.line_with("/invitation/").strip()
        with urlopen(link, timeout=10) as page:
            assert page.status == 200
        seen(lambda: running.measure('checks{level="stale"}') == 0, within_s=60)
        assert running.measure('checks{level="ok"}') >= 5
        owners = {path.stat().st_uid for path in installation.data.iterdir()}
        assert owners == {newcomer.user.pw_uid}

        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(STOPS_WITHIN_S) == 0
        assert running.ended() == 0
