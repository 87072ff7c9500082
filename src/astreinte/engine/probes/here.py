"""What the probes of this very machine share: how they read it, and what they do when it cannot be read."""

from __future__ import annotations

from pathlib import Path

from astreinte.rules.checks.outcome import Level, Outcome

ENVIRONMENT = {
    # Of the programs that probes run. Nothing of ours: settings hold passwords. A point, not a comma, in numbers.
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
}


def kernel_file(name: str) -> str:
    """Return the text of a file of `/proc`: written by the kernel from memory, reading it does not block."""
    return Path("/proc", name).read_text()


def names(text: str) -> tuple[str, ...]:
    """Return the names that an option lists, with commas between."""
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def unreadable(what: str, error: Exception) -> Outcome:
    """Return what is said when this machine does not tell: our failure, whatever it is."""
    return Outcome(Level.INCONCLUSIVE, f"cannot read {what} of this machine: {error}")
