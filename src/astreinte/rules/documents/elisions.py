"""Where a name that begins with a vowel reads badly in French: "de Estran" (A0.2). It is said, and never rewritten."""

import re
import unicodedata
from dataclasses import dataclass

from astreinte.rules.documents.anchors import nfc
from astreinte.rules.documents.placeholders import COMPANY

_ELIDED = re.compile(
    r"\b(?P<word>de|le|la|ne|se|ce|je|me|te|que|jusque|lorsque|puisque|quoique)\s+"
    rf"\{{\{{[ \t]*{re.escape(COMPANY)}[ \t]*\}}\}}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Elision:
    """A place where French would elide: its line from 1, and what the page says there."""

    line: int
    reads: str


def elisions(text: str, name: str) -> tuple[Elision, ...]:
    """Return the places of a French text where the word before a name would lose its vowel; none for a consonant.

    A name with an h is taken as it is: only its owner knows whether it is mute.
    """
    whole = nfc(text)
    if unicodedata.normalize("NFD", name.strip()[:1]).lower()[:1] not in {*"aeiouyœæ"}:
        return ()
    return tuple(
        Elision(whole.count("\n", 0, match.end()) + 1, f"{match['word']} {name}")
        for match in _ELIDED.finditer(whole)
    )
