"""One line of a replay as JSON, read strictly: an object with one key, no key twice."""

import json
from typing import Any

from astreinte.rules.sla.terms import shown

Json = dict[str, Any]

KINDS = ("terms", "contract", "ticket")
_DECODER = json.JSONDecoder()


class ReplayError(ValueError):
    """A line that stops the replay: its number, the dotted key, the value there, and the way out."""

    def __init__(self, line: int, key: str, value: object, way_out: str) -> None:
        super().__init__(f"line {line}: {key}: {shown(value)}: {way_out}")
        self.line, self.key, self.value, self.way_out = line, key, value, way_out


class Refused(ValueError):
    """A value that cannot be accepted, before the line it stands on is known."""

    def __init__(self, key: str, value: object, way_out: str) -> None:
        super().__init__(f"{key}: {shown(value)}: {way_out}")
        self.key, self.value, self.way_out = key, value, way_out


def read(line: bytes | str) -> tuple[str, Json]:
    """Return the kind and the object of a line; raise Refused."""
    text = _text(line)
    try:
        whole, end = _DECODER.raw_decode(text)
        rest = text[end:]
        if rest != "\n" and rest.strip(" \t\r\n"):
            raise ValueError("more text after the object")
    except (ValueError, RecursionError):
        whole = _read_strictly(text)
    if not isinstance(whole, dict) or len(whole) != 1:
        found = list(whole) if isinstance(whole, dict) else whole
        raise Refused("line", found, f"expected an object with exactly one key: {', '.join(KINDS)}")
    ((kind, obj),) = whole.items()
    if kind not in KINDS:
        raise Refused(kind, obj, f"unknown key; a line has exactly one of {', '.join(KINDS)}")
    if not isinstance(obj, dict):
        raise Refused(kind, obj, "expected an object")
    if text.count('":') != _plain_keys(obj) or '" ' in text or '"\t' in text or '"\r' in text:
        # Either a key stands twice, or the text is spaced or quoted in a way that counting does not see.
        _read_strictly(text)
    return kind, obj


def _text(line: bytes | str) -> str:
    if isinstance(line, str):
        return line
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise Refused("line", line[error.start : error.start + 4].hex(), "bytes that are not UTF-8") from None


def _plain_keys(obj: Json) -> int:
    """Return how many keys a line has that holds a ticket, with its contract by name."""
    keys = 1 + len(obj)
    for name in ("receipts", "suspensions"):
        for one in obj.get(name) or ():
            keys += len(one) if type(one) is dict else 0
    return keys


def _read_strictly(line: str) -> Any:
    text = line.rstrip("\r\n")
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise Refused("line", "", "empty; each line is an object") from None
        raise Refused(
            "line",
            text[error.pos : error.pos + 20],
            f"not JSON at column {error.colno} ({error.msg}); write one object",
        ) from None
    except RecursionError:
        raise Refused("line", text[:20], "nested too deep to be read") from None


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found: Json = {}
    for key, value in pairs:
        if key in found:
            raise Refused(key, value, "the same key twice in one object; keep one")
        found[key] = value
    return found
