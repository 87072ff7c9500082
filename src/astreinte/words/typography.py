"""French typography of plain text: the spaces that hold words together, the apostrophe, the ellipsis.

Hosts, commands and logs do not pass through here: they are shown exactly as they came.
"""

import re

from astreinte.words import hearer

NB, NARROW = "\u00a0", "\u202f"

_UNITS = r"(?:h|min|s|ms|€|%|Go|Mo|HO|HNO|jours?|heures?|minutes?|secondes?|mois|ans?|tickets?|serveurs?|semaines?)"
_DAYS = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTHS = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_RULES = tuple(
    (re.compile(pattern), held)
    for pattern, held in (
        (r"(?<=\d) (?=\d{3}(?!\d))", NARROW),
        (r" (?=[;?!])", NARROW),
        (r" (?=:)", NB),
        (r"« ", "«" + NB),
        (r" »", NB + "»"),
        (rf"(?<=\d) (?={_UNITS}(?!\w))", NB),
        (rf"(?<=\dh|.h) (?=\d\d\b)|(?<=\d{NB}h) (?=\d)|(?<=\d{NB}min) (?=\d)", NB),
        (rf"(?<={NB}h) (?=\d\d\b)", NB),
        (rf"(?<!\w)({_DAYS}) (?=\d)", r"\1" + NB),
        (rf"(?<=\d|r) (?={_MONTHS}(?!\w))", NB),
        (rf"(?<!\w)({_MONTHS}) (?=\d{{4}})", r"\1" + NB),
        (r"(?<!\w)([Aa]rt\.|[Aa]rticle|n°|[Tt]icket|[Ff]acture) (?=[#\dA-Z]*\d)", r"\1" + NB),
        (r"(?<=[\d)€h]) ([×÷=−+]) ", NB + r"\1 "),
        (r"(?<=\d) – (?=\d)", f"{NB}–{NB}"),
    )
)


def typo(text: str) -> str:
    """Return French text with its non-breaking spaces, typographic apostrophes and ellipses."""
    held = text.replace("'", "’").replace("...", "…")
    for pattern, replacement in _RULES:
        held = pattern.sub(replacement, held)
    return held


def set_type(text: str) -> str:
    """Return text as the hearer's language sets it: French by `typo`, English with its apostrophes."""
    return typo(text) if hearer().language == "fr" else text.replace("'", "’")
