"""How the units of a server stand, read from what `systemctl show` says of them."""

from __future__ import annotations

from dataclasses import dataclass

from astreinte.engine.collect.linux import FactError

PROPERTIES = (
    "Id",
    "Names",
    "LoadState",
    "ActiveState",
    "SubState",
    "NRestarts",
    "StateChangeTimestampMonotonic",
)
PATTERNS = ("*.service", "*.socket", "*.timer", "*.mount", "*.swap", "*.path", "*.target")
"""Those that can fail; devices, slices and scopes are of no interest and many."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `changed_s` is when its state changed last, in seconds since the boot; 0: never."""

    name: str
    names: frozenset[str]
    load: str
    active: str
    sub: str
    restarts: int = 0
    changed_s: float = 0.0

    @property
    def state(self) -> str:
        """Return its state in systemd's words, for people."""
        return self.load if self.load in {"not-found", "masked"} else f"{self.active} ({self.sub})"


def command(declared: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command that says all: the units in memory, and the declared ones even if they are not."""
    return (
        "systemctl",
        "--no-pager",
        "show",
        f"--property={','.join(PROPERTIES)}",
        "--",
        *PATTERNS,
        *declared,
    )


def units(text: str) -> tuple[Unit, ...]:
    """Return the units of that command's answer, each once. Raises FactError."""
    found: dict[str, Unit] = {}
    for block in text.replace("\r\n", "\n").split("\n\n"):
        if block.strip():
            unit = _unit(block)
            found[unit.name] = unit
    return tuple(found.values())


def _unit(block: str) -> Unit:
    said = dict(line.partition("=")[::2] for line in block.strip().split("\n"))
    try:
        return Unit(
            name=said["Id"],
            names=frozenset((said["Id"], *said.get("Names", "").split())),
            load=said["LoadState"],
            active=said["ActiveState"],
            sub=said["SubState"],
            restarts=_number(said.get("NRestarts", "0")),
            changed_s=_number(said.get("StateChangeTimestampMonotonic", "0")) / 1e6,
        )
    except KeyError as error:
        raise FactError(f"{error.args[0]}: missing from what systemctl says: {block[:80]!r}") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise FactError(f"not a number of systemctl: {text[:40]!r}")
    return int(text)
