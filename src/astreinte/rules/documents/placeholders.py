"""The places in a text where the provider's name goes: strict, each is filled and none is left (A0.2).

A value is put in as it is, once: what looks like a place inside of it is text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

COMPANY = "company.name"
KNOWN = frozenset({COMPANY, "company.legal_name"})
"""The name by which a brand is known, and that of the company behind it."""

_PLACE = re.compile(r"\{\{[ \t]*(?P<name>[A-Za-z_][\w.]*)[ \t]*\}\}")
_LEFT_OVER = re.compile(r"\{\{[^{}\n]{0,60}(?:\}\})?|\}\}|\{%[^%\n]{0,60}(?:%\})?|%\}")


class PlaceholderError(ValueError):
    """A place that cannot be filled: names it, its line, and the way out."""

    def __init__(self, seen: str, line: int, why: str) -> None:
        super().__init__(f"line {line}: {seen}: {why}")
        self.seen, self.line, self.why = seen, line, why


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: `name` is what goes there, None for what is no whole place (`{{`, `{{ 7*7 }}`, `{% … %}`)."""

    start: int
    end: int
    line: int
    seen: str
    name: str | None


def places(text: str) -> Iterator[Place]:
    """Return each place of a text, in order, whole or not."""
    start, line = 0, 1
    while (match := _next(text, start)) is not None:
        line += text.count("\n", start, match.start())
        name = match["name"] if match.re is _PLACE else None
        yield Place(match.start(), match.end(), line, match[0], name)
        start = match.end()


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with every place filled by the value of its name, each value as it is.

    Raises PlaceholderError for a place that is not known or not whole, and for a value that is missing, blank
    or more than a line.
    """
    parts, done = list[str](), 0
    for place in places(text):
        parts += [text[done : place.start], value(place, values)]
        done = place.end
    return "".join([*parts, text[done:]])


def value(place: Place, values: Mapping[str, str]) -> str:
    """Return what goes into a place. Raises PlaceholderError."""
    if place.name is None or place.name not in KNOWN:
        raise PlaceholderError(place.seen, place.line, f"unknown placeholder; known are {known()}")
    given = values.get(place.name)
    if given is None:
        raise PlaceholderError(
            place.seen, place.line, "no value was given for it; say the name of the company"
        )
    if not given.strip():
        raise PlaceholderError(place.seen, place.line, "its value is empty; say the name of the company")
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in given):
        raise PlaceholderError(
            place.seen, place.line, f"its value is more than a line of text: {given[:60]!r}"
        )
    return given


def known() -> str:
    """Return the known placeholders as one writes them."""
    return ", ".join(f"{{{{{name}}}}}" for name in sorted(KNOWN))


def _next(text: str, start: int) -> re.Match[str] | None:
    """The nearest; a whole place before the half of one that begins where it does."""
    whole, left = _PLACE.search(text, start), _LEFT_OVER.search(text, start)
    if whole is not None and left is not None:
        return whole if whole.start() <= left.start() else left
    return whole or left
