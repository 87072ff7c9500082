"""Canonical text: one value, one text, on every machine; what digests are taken of.

JSON with sorted keys and no spaces; instants in UTC (`2026-11-23T10:30:00Z`, microseconds only when
there are any), days as `2026-11-23`, exact numbers and identifiers as text, bytes in base64.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID


def text(value: object) -> str:
    """Return the canonical text of `value`; TypeError when it has none, ValueError for NaN."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def plain(value: object) -> object:
    """Return `value` made of what JSON knows."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return _as_text(value)


def _as_text(value: object) -> str:
    match value:
        case datetime():
            return instant(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return f"{value // timedelta(microseconds=1)} us"
        case Decimal() | Fraction() | UUID():
            return str(value)
        case bytes() | memoryview() | bytearray():
            return base64.b64encode(bytes(value)).decode("ascii")
        case _:
            raise TypeError(f"{value!r} ({type(value).__name__}) has no canonical text")


def instant(at: datetime) -> str:
    """Return an aware instant in UTC; ValueError when its zone is not known."""
    if at.tzinfo is None:
        raise ValueError(f"{at}: an instant without a zone has no canonical text")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def read_instant(written: str) -> datetime:
    """Return the instant that `instant` wrote."""
    return datetime.fromisoformat(written.removesuffix("Z")).replace(tzinfo=UTC)


def digest(*parts: str) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of the parts, each ended by a newline."""
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()
