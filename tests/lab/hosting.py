"""A server of the lab: started for a test, and destroyed with it. Needs root."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MAKE = Path(__file__).parent / "make-managed-host.sh"
DEADLINE_S = 600
"""The first one of a machine builds the base: two to three minutes on two busy cores."""


class LabError(Exception):
    """No server of the lab could be started: the message says what is missing."""


@dataclass(frozen=True)
class Host:
    """A Debian with systemd as its PID 1, beside this machine's own system."""

    folder: Path

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command in it as root; return what it printed."""
        done = subprocess.run(
            [MAKE, "--exec", self.folder, *command],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout

    def unit(self, name: str, *lines: str) -> None:
        """Give it a service of these lines; it may be started as often as one likes."""
        text = "\n".join(("[Unit]", "StartLimitIntervalSec=0", "[Service]", *lines))
        self.run(
            "sh",
            "-c",
            f"cat >/etc/systemd/system/{name}.service <<'END'\n{text}\nEND\nsystemctl daemon-reload",
        )


@contextmanager
def a_host(folder: Path, *, address: str = "127.0.0.71") -> Iterator[Host]:
    """Start a server with systemd in `folder`; destroy it at the end. Raises LabError."""
    settings = {name: value for name, value in os.environ.items() if name.startswith("LAB_")}
    made = subprocess.run(
        [MAKE, folder, address, str(_free_port(address))],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **settings, "LAB_INIT": "systemd"},
        check=False,
        timeout=DEADLINE_S,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if made.returncode:
        raise LabError(made.stderr)
    try:
        yield Host(folder)
    finally:
        subprocess.run([MAKE, "--destroy", folder], check=True, timeout=DEADLINE_S)


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as found:
        port: int = found.getsockname()[1]
        return port
