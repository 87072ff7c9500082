"""Secrets that are shown once and kept as a digest: API tokens and one-time links."""

import hashlib
import secrets


def new() -> str:
    """Return a secret of 256 bits that can stand in a link."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(text.encode()).hexdigest()
