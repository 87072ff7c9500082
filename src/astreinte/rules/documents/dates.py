"""The day from which a text says that it holds, in the forms that French and English contracts write (A0.1).

It is read to be set beside the day that a version was given; nothing is decided by it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from astreinte.rules.documents.anchors import clauses

_MONTHS = (
    ("janvier", "january"), ("février", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("août", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("décembre", "december"),
)  # fmt: skip
_NAMES = "|".join(name for names in _MONTHS for name in names)
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?\.?[ ](?:of[ ])?(?P<month>{_NAMES}),?[ ](?P<year>\d{{4}})"
    rf"|(?P<before>{_NAMES})[ ](?P<after>\d{{1,2}})(?:st|nd|rd|th)?,?[ ](?P<then>\d{{4}})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
    r"|(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<last>\d{4})(?!\d)",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"applicables?\b|en vigueur|prend(?:ra)? effet|prennent effet|date d['’]effet|à (?:compter|partir) du"
    r"|effective|in force|takes? effect|applies from|apply from|applicable from|as from",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day on which a clause says that the text begins to hold, with where it stands."""

    day: date
    anchor: str
    line: int


def effective(text: str) -> tuple[Dated, ...]:
    """Return each day that a sentence about the text's beginning names, in order; days that do not exist are none."""
    return tuple(
        Dated(day, clause.anchor, clause.line)
        for clause in clauses(text)
        if _HOLDS.search(clause.text)
        for day in _days(clause.text)
    )


def _days(said: str) -> Iterator[date]:
    for match in _DAY.finditer(said):
        try:
            yield _day(match)
        except ValueError:
            continue


def _day(match: re.Match[str]) -> date:
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["first"]:
        return date(int(match["last"]), int(match["second"]), int(match["first"]))
    name = (match["month"] or match["before"]).lower()
    month = next(number for number, names in enumerate(_MONTHS, 1) if name in names)
    return date(int(match["year"] or match["then"]), month, int(match["day"] or match["after"]))
