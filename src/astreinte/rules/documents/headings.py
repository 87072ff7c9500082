"""Which headings are articles, and of what number: "## Article 5  …", "Art. 5 – …", "5. …", "Annexe 2", "IV. …"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PLAIN = 7
"""The level of a heading that no mark makes one: below all that Markdown knows."""
LONGEST = 160

_NUMBER = (
    r"(?P<number>premier|première|first|one|1er|1re|1ère|[0-9]{1,3}|[IVXLC]{1,7})"
    r"(?:[ \u00a0]?(?P<again>bis|ter|quater))?"
)
_NAMED = re.compile(rf"(?P<name>articles?|art\.?|clause|section)[\s]+{_NUMBER}(?![\w.]*\d|\w)", re.IGNORECASE)
_BARE = re.compile(r"(?P<number>[0-9]{1,3}|[IVXLC]{1,7})(?:[.)](?!\d)|(?=[\s–—:-]))", re.IGNORECASE)
_ANNEX = re.compile(
    r"(?:annexe|annex|appendix|schedule)\b[\s]*(?P<number>(?:[0-9]{1,3}|[A-Z])\b)?", re.IGNORECASE
)
_EMPHASIS = re.compile(r"^[*_\s]+|[*_\s]+$")
_FIRST = {"premier", "première", "first", "one", "1er", "1re", "1ère"}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: how deep (1 is the title), what it says, and the article that it may open.

    `kind` is `article` (a number with that word), `section`, `annex`, `bare` (a number alone) or empty.
    """

    level: int
    said: str
    kind: str = ""
    number: str = ""


def read(said: str, level: int) -> Heading:
    """Return what a heading says, with the number of the article that it may open."""
    plain = _EMPHASIS.sub("", said)
    if (annex := _ANNEX.match(plain)) is not None:
        return Heading(level, plain, "annex", f"A{(annex['number'] or '').upper()}")
    if (named := _NAMED.match(plain)) is not None:
        kind = "section" if named["name"].lower() == "section" else "article"
        return Heading(level, plain, kind, _number(named["number"]) + (named["again"] or "").lower())
    bare = _BARE.match(plain)
    if bare is not None and (bare["number"].isdigit() or bare[0] != bare["number"]):
        return Heading(level, plain, "bare", _number(bare["number"]))
    return Heading(level, plain)


def stands_alone(said: str) -> bool:
    """Tell whether a line between two blank ones is a heading though nothing marks it: "Article 5 – Délais"."""
    plain = _EMPHASIS.sub("", said)
    named = _NAMED.match(plain) or _ANNEX.match(plain)
    if named is None or len(plain) > LONGEST:
        return False
    rest = plain[named.end() :].strip()
    return not rest or rest[0] in ".:–—-" or rest[-1] not in ".;:,"


def articles(found: Sequence[Heading]) -> list[str | None]:
    """Return for each heading of a text the article that it opens, None where it opens none.

    Articles are what the text itself calls so; else its sections; else its numbered headings, the least deep
    of them; else its headings in their order. Annexes always count. A heading that opens nothing is a
    paragraph of the article where it stands.
    """
    for kind in ("article", "section"):
        if any(heading.kind == kind for heading in found):
            return [_opened(heading, heading.kind == kind) for heading in found]
    bare = [heading.level for heading in found if heading.kind == "bare"]
    if bare:
        return [_opened(heading, heading.kind == "bare" and heading.level == min(bare)) for heading in found]
    return _in_order(found)


def _opened(heading: Heading, is_article: bool) -> str | None:
    return heading.number if is_article or heading.kind == "annex" else None


def _in_order(found: Sequence[Heading]) -> list[str | None]:
    levels = [heading.level for heading in found if not heading.number]
    several = [level for level in set(levels) if levels.count(level) > 1]
    counted, opened = 0, list[str | None]()
    for heading in found:
        if heading.number:
            opened.append(heading.number)
        elif several and heading.level == min(several):
            counted += 1
            opened.append(str(counted))
        else:
            opened.append(None)
    return opened


def _number(written: str) -> str:
    if written.lower() in _FIRST:
        return "1"
    if written.isdigit():
        return str(int(written))
    values = [_ROMAN[letter] for letter in written.upper()]
    following = [*values[1:], 0]
    return str(
        sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    )
