"""`make check`: what a machine can see of the code, its parts side by side, in under a minute.

A part that passes is one line; one that does not prints all that it said. Exit 1 when any did not.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The longest first: the others run beside it.
PARTS: dict[str, list[str | Path]] = {
    "types": [BIN / "mypy"],
    "house": [sys.executable, "-m", "pytest", "-q", "tests/house"],
    "layers": [BIN / "lint-imports", "--no-cache"],
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
}


@dataclass(frozen=True, slots=True)
class Seen:
    """How a part ended."""

    name: str
    code: int
    said: str
    took_s: float


def main() -> int:
    """Run every part, two at a time (a machine for this has two cores); return the exit code."""
    # A data folder of its own: the settings, which mypy reads too, make a key file where they find none.
    with TemporaryDirectory(prefix="astreinte-check-") as data, ThreadPoolExecutor(max_workers=2) as pool:
        seen = list(pool.map(lambda name: look(name, data), PARTS))
    for part in seen:
        verdict = "ok" if part.code == 0 else f"NO (exit {part.code})"
        print(f"check {part.name}: {verdict}, {part.took_s:.1f} s")
    failed = [part for part in seen if part.code]
    for part in failed:
        print(f"\n== {part.name}\n{part.said.rstrip()}")
    return 1 if failed else 0


def look(name: str, data: str) -> Seen:
    """Run one part in the project's folder; what it says is kept."""
    begun = time.monotonic()
    environment = {**os.environ, "ASTREINTE_DATA": data}
    done = subprocess.run(
        PARTS[name],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Seen(name, done.returncode, done.stdout, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
