"""Random ids for everything that leaves: API, events, exports, links. Primary keys stay inside."""

import secrets
import string

ALPHABET = string.ascii_lowercase + string.digits


def new() -> str:
    """Return 16 letters and digits, 82 bits of chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))
