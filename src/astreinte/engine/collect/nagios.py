"""What a Nagios plugin prints, read as its guidelines say: a text, and performance data behind a bar.

https://www.monitoring-plugins.org/doc/guidelines.html
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

WORDS = 100
"""Values that are kept of one answer: each is a series to be stored."""
LABEL = 80

_WORD = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^\s'=]+(?:'[^\s'=]*)*))=(\S*)|\s*(\S+)")
_VALUE = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?)([^\d;]*)")
_UNITS: dict[str, tuple[str, float]] = {
    "": ("", 1.0),
    "%": ("_percent", 1.0),
    "c": ("_count", 1.0),
    "s": ("_s", 1.0),
    "ms": ("_s", 1e-3),
    "us": ("_s", 1e-6),
    "b": ("_bytes", 1.0),
    "kb": ("_bytes", 1024.0),
    "mb": ("_bytes", 1024.0**2),
    "gb": ("_bytes", 1024.0**3),
    "tb": ("_bytes", 1024.0**4),
}


@dataclass(frozen=True, slots=True)
class Range:
    """A threshold: outside `[low, high]` is trouble, or inside when `inside`. None is without bound."""

    low: float | None
    high: float | None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Datum:
    """One word of performance data. `value` is None where the plugin could not tell (`U`).

    `name` ends with the unit, as all values of ours do; value and ranges are in that unit (s, bytes,
    percent, or the plugin's own).
    """

    name: str
    value: float | None
    warning: Range | None = None
    critical: Range | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of all lines, the performance data, and the words of it that could not be read."""

    text: str
    data: tuple[Datum, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, float]:
        """Return the values that are numbers, by name; the first of a name counts."""
        found: dict[str, float] = {}
        for one in self.data:
            if one.value is not None:
                found.setdefault(one.name, one.value)
        return found


def printed(raw: bytes) -> Printed:
    """Return what the bytes on a plugin's standard output say. Raises nothing."""
    lines = raw.decode("utf-8", "backslashreplace").splitlines()
    texts: list[str] = []
    perfdata: list[str] = []
    in_perfdata = False
    for number, line in enumerate(lines):
        if in_perfdata:
            perfdata.append(line)
            continue
        text, bar, rest = line.partition("|")
        texts.append(text)
        perfdata.append(rest)
        # A bar on a later line begins performance data that goes on to the end.
        in_perfdata = bool(bar) and number > 0
    data, unread = _perfdata(" ".join(perfdata))
    return Printed(" / ".join(filter(None, map(shown, texts))), data, unread)


def shown(text: str) -> str:
    """Return a stranger's text as one line that can be shown and stored: no control character."""
    return "".join(one if one.isprintable() else " " for one in text).strip()


def _perfdata(text: str) -> tuple[tuple[Datum, ...], tuple[str, ...]]:
    data: list[Datum] = []
    unread: list[str] = []
    for word in _WORD.finditer(text):
        quoted, bare, said, stray = word.groups()
        datum = None if stray else _datum(quoted.replace("''", "'") if quoted is not None else bare, said)
        if datum is None:
            unread.append(shown(word[0]))
        elif len(data) < WORDS:
            data.append(datum)
    return tuple(data), tuple(unread)


def _datum(label: str, said: str) -> Datum | None:
    name, fields = shown(label)[:LABEL], said.split(";")
    if not name:
        return None
    if fields[0] == "U":
        return Datum(name, None)
    found = _VALUE.fullmatch(fields[0])
    if found is None:
        return None
    unit, factor = _UNITS.get(found[2].lower(), (f"_{shown(found[2])}"[:LABEL], 1.0))
    value = float(found[1]) * factor
    if not math.isfinite(value):
        return None
    warning, critical = (_range(one, factor) for one in (*fields[1:3], "", "")[:2])
    return Datum(f"{name}{unit}", value, warning, critical)


def _range(said: str, factor: float) -> Range | None:
    inside, said = said.startswith("@"), said.removeprefix("@")
    low, _, high = said.rpartition(":")
    if not said:
        return None
    try:
        return Range(
            low=None if low == "~" else float(low or 0) * factor,
            high=float(high) * factor if high else None,
            inside=inside,
        )
    except ValueError:
        # A limit that cannot be read says nothing of the value: the level came with the exit code.
        return None
