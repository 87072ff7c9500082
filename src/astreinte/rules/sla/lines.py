"""One line of a replay as JSON, read strictly: an object with one key, no key twice."""

import json
from typing import Any

from astreinte.rules.sla.terms import shown

Json = dict[str, Any]

KINDS = ("terms", "contract", "ticket")


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


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """Return the object of the pairs; a key that stands twice is refused, where `json` keeps the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        key = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise Refused(key, found[key], "the same key twice in one object; keep one")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def text_of(line: bytes | str) -> str:
    """Return a line as text; raise Refused."""
    try:
        return line if isinstance(line, str) else line.decode()
    except UnicodeDecodeError as error:
        bad = error.object[error.start : error.start + 4].hex()
        raise Refused("line", bad, "bytes that are not UTF-8") from None


def read(text: str) -> tuple[str, Json]:
    """Return the kind and the object of a line; raise Refused."""
    whole = _decode(text.strip(" \t\r\n"))
    try:
        ((kind, obj),) = whole.items()
    except (AttributeError, ValueError):
        found = list(whole) if isinstance(whole, dict) else whole
        known = ", ".join(KINDS)
        raise Refused("line", found, f"expected an object with exactly one key: {known}") from None
    if kind not in KINDS:
        raise Refused(kind, obj, f"unknown key; a line has exactly one of {', '.join(KINDS)}")
    if type(obj) is not dict:
        raise Refused(kind, obj, "expected an object")
    return kind, obj


def _decode(text: str) -> Any:
    try:
        whole, end = _DECODER.raw_decode(text)
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
        return whole
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except RecursionError:
        raise Refused("line", text[:20], "nested too deep to be read") from None


def _not_json(error: json.JSONDecodeError) -> Refused:
    if not error.doc:
        return Refused("line", "", "empty; each line is an object")
    why = f"not JSON at column {error.pos + 1} ({error.msg}); write one object"
    return Refused("line", error.doc[error.pos : error.pos + 20], why)
