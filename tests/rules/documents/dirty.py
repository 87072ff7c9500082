"""A text of our own with the flaws that real contracts have: accents apart and strays, dashes, double spaces."""

from hashlib import sha256
from pathlib import Path

PATH = Path(__file__).parents[2] / "data" / "contract" / "a-text-with-flaws.md"
RAW = PATH.read_bytes()
TEXT = RAW.decode()
SHA256 = "463bde952e47e37cca008752a36ecee95684c761e14d828f01c84eebfe3916c0"


def digest(raw: bytes) -> str:
    """Return the hash that is published of a text."""
    return sha256(raw).hexdigest()
