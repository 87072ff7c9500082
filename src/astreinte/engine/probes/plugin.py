"""The kind `plugin`: any Nagios-compatible executable, out of the folders that this watch takes them from.

A check says which plugin, by its file name, and never which file: who may write checks may not run what
they like on the machine of the watch.
"""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from astreinte.engine.collect import nagios
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import ENVIRONMENT
from astreinte.engine.probes.options import OptionError, RemoteOptions, option, required
from astreinte.engine.spawning import Spawned
from astreinte.rules.checks.outcome import Level, Outcome

DEBIANS_FOLDER = "/usr/lib/nagios/plugins"
KEPT = 64 * 1024
"""Bytes of an output that are read: an endless one must not fill our memory."""

OF_THE_SHELL = {
    126: "what it runs is not executable here",
    127: "what it runs is not on this machine",
    128 + signal.SIGKILL: "what it runs was killed, and not by us: a lack of memory here?",
}
"""Exit codes with which a shell, or `env`, says what became of a program (POSIX.1-2017, XCU 2.8.2)."""

LEVELS = {0: Level.OK, 1: Level.WARNING, 2: Level.CRITICAL, 3: Level.UNKNOWN}

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")


class FolderError(ValueError):
    """Folders of plugins that cannot be used."""


@dataclass(slots=True)
class Shelf:
    """The folders that plugins are taken from, in this process; the first that has one counts."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, text: str) -> Shelf:
        """Return the shelf of the folders in `text`, with colons between. Raises FolderError."""
        folders = tuple(Path(one) for one in text.split(":") if one)
        for one in folders:
            if not one.is_absolute():
                raise FolderError(f"{str(one)!r}: write the whole path of the folder, from the slash on")
        return cls(folders)

    def find(self, name: str) -> Path | None:
        """Return the plugin of this name, or None."""
        return next((path for path in (each / name for each in self.folders) if path.is_file()), None)


shelf = Shelf.of(DEBIANS_FOLDER)
"""Set once, at the start of the watch: `shelf.folders = …`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginOptions(RemoteOptions):
    """Options of the kind `plugin`."""

    timeout_s: float = option(10.0, "seconds until the plugin, and all that it started, is killed")
    plugin: str = required("the plugin's file name, for instance check_ssh")
    arguments: str = option(
        "",
        "its arguments, quoted as for a shell (none runs); {address} and {host} stand for the server's."
        " Never a secret: every user of the machine can read them",
    )

    def __post_init__(self) -> None:
        RemoteOptions.__post_init__(self)
        if not _NAME.fullmatch(self.plugin):
            raise OptionError(
                f"plugin: a file name such as check_ssh, without its folder, not {self.plugin!r}"
            )
        try:
            words = shlex.split(self.arguments)
        except ValueError as error:
            raise OptionError(f"arguments: {error}: {self.arguments!r}") from error
        if any("\0" in word for word in words):
            raise OptionError("arguments: no argument holds a null character")

    def words(self, target: Target) -> list[str]:
        """Return the arguments for this target: whatever a name holds, it stays within its word."""
        return [
            word.replace("{address}", target.address).replace("{host}", target.host)
            for word in shlex.split(self.arguments)
        ]


async def probe(target: Target, options: PluginOptions) -> Outcome:
    """Run the plugin once. Its exit code makes the level, its first words the text.

    Values: its performance data, in seconds, bytes and percent, the unit at the end of the name. What
    cannot be run, or is killed by another than us, is our failure; what does not end, or ends by another
    signal or code, is unknown.
    """
    path = shelf.find(options.plugin)
    if path is None:
        folders = ":".join(map(str, shelf.folders)) or "none"
        return Outcome(Level.INCONCLUSIVE, f"{options.plugin}: no such plugin in ASTREINTE_PLUGINS={folders}")
    try:
        process = Spawned((str(path), *options.words(target)), environment=ENVIRONMENT, keep=KEPT)
    except OSError as error:
        return Outcome(Level.INCONCLUSIVE, f"cannot run {path}: {error.strerror or error}")
    code = await process.ended_within(options.timeout_s)
    said = nagios.printed(process.printed)
    words = said.text or nagios.printed(process.complained).text or "it printed nothing"
    level, before = _level(code, options)
    return Outcome(level, f"{before}{words}{_unread(said.unread)}", said.values)


def _level(code: int | None, options: PluginOptions) -> tuple[Level, str]:
    if code is None:
        return Level.UNKNOWN, f"{options.plugin} did not end in {options.timeout_s:g} s, and was killed: "
    if code == -signal.SIGKILL:
        return (
            Level.INCONCLUSIVE,
            f"{options.plugin} was killed, and not by us (a lack of memory of this machine?): ",
        )
    if code < 0:
        return Level.UNKNOWN, f"{options.plugin} was ended by {_signal(-code)}: "
    if code in OF_THE_SHELL:
        return (
            Level.INCONCLUSIVE,
            f"{options.plugin} ended with code {code} ({OF_THE_SHELL[code]}): ",
        )
    if code not in LEVELS:
        return Level.UNKNOWN, f"{options.plugin} ended with code {code}, which says nothing: "
    return LEVELS[code], ""


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _unread(words: Sequence[str]) -> str:
    return f" (performance data not read: {' '.join(words)[:60]})" if words else ""
