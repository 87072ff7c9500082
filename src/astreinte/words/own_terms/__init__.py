"""The product's own texts: general terms of sale and of service, special terms of managed hosting.

Every duration, hour, day, factor, channel and reading in them is printed from the keys of the terms, the same that the
clock uses: text and behaviour cannot differ. What is left open is the provider's name alone, `{{company.name}}`.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from astreinte.rules.documents import anchors
from astreinte.rules.sla import terms as terms_
from astreinte.words import LANGUAGES, speaking
from astreinte.words.own_terms import marking
from astreinte.words.own_terms.filling import Filling
from astreinte.words.own_terms.marking import Marks
from astreinte.words.own_terms.wording import Wording
from astreinte.words.typography import set_type

NAMES = ("special", "general_sale", "general_service")
"""The texts, the one that prevails first."""

MASK = "▪"

Json = dict[str, Any]

_FIELD = re.compile(r"(?<!\{)\{([a-z_.]+)\}(?!\})")


class OwnTermsError(ValueError):
    """A text that the product does not ship: names what was asked for, and what there is."""


def text(name: str, language: str, terms: Json) -> str:
    """Return one of `NAMES` as Markdown in a language of `words.LANGUAGES`, with the values of complete terms.

    The only placeholder in it is the provider's name. Raises OwnTermsError, and TermsError for terms that cannot be
    read.
    """
    return marking.unmarked(_filled(name, language, terms)[0])


def masked(name: str, language: str, terms: Json) -> str:
    """Return the same with `MASK` in place of every value: what is left is what no key can change."""
    return marking.masked(_filled(name, language, terms)[0], MASK)


def keys_said(name: str, language: str, terms: Json | None = None) -> dict[str, str]:
    """Return where a text states each key of the terms: {"penalty.cap": "6.3.1"}, the first place of each.

    Keys are dotted down to their values ("targets.critical.business"). A place may move with the values (a priority
    more is an item more), so give the terms that the text is printed with; without any, those of 2017.
    """
    marked, marks = _filled(name, language, terms_.built_in() if terms is None else terms)
    stated, plain = marks.places(marked)
    # Anchors are those of the text as it is handed out: a mark before a capital would hide the end of a sentence.
    ends = [(clause.anchor, len(clause.raw)) for clause in anchors.clauses(plain)]
    found: dict[str, str] = {}
    for key, place in stated:
        found.setdefault(key, _anchor_at(ends, place))
    return found


def _anchor_at(lengths: list[tuple[str, int]], place: int) -> str:
    """Return the anchor of the clause that holds a place of the text; clauses joined are the text."""
    end = 0
    for anchor, length in lengths:
        end += length
        if place < end:
            return anchor
    raise ValueError(f"place {place}: beyond the {end} characters of the text")


def _filled(name: str, language: str, terms: Json) -> tuple[str, Marks]:
    template = _template(name, language)
    filling = Filling(terms_.parse(terms), Wording(language))
    fields = filling.fields()
    with speaking(language):
        filled = set_type(_FIELD.sub(lambda field: fields[field[1]], template))
    return anchors.nfc(filled), filling.marks


@cache
def _template(name: str, language: str) -> str:
    if name not in NAMES:
        raise OwnTermsError(f"kind: {name!r}: no text of ours; choose {', '.join(NAMES)}")
    if language not in LANGUAGES:
        raise OwnTermsError(f"language: {language!r}: our texts are in {' and '.join(LANGUAGES)}")
    return (files(__name__) / f"{name}.{language}.md").read_text(encoding="utf-8")
