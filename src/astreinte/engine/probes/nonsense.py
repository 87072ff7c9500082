"""What a target said when it is not what the protocol says: quoted, so that a person can judge it."""

from __future__ import annotations

QUOTED_LIMIT = 80


class NonsenseError(Exception):
    """The target answered something that is not the protocol, or not all of it: the message quotes what came."""


def quoted(raw: bytes) -> str:
    """Return the first bytes of a stranger as a text that can be shown and stored."""
    return repr(raw[:QUOTED_LIMIT].decode("ascii", "backslashreplace"))


def reason(error: Exception) -> str:
    """Return what a library says of the bytes, on one line; the name of its error when it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__
