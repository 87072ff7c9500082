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

_PLACE = re.compile(
    r"\{\{[ \t]*(?P<name>[A-Za-z_][\w.]*)[ \t]*\}\}|\{\{[^{}\n]{0,60}(?:\}\})?|\}\}|\{%[^%\n]{0,60}(?:%\})?|%\}"
)
"""A whole place, or else what is left of one, of any template language that writes them so."""


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
    done, line = 0, 1
    for match in _PLACE.finditer(text):
        line += text.count("\n", done, match.start())
        done = match.start()
        yield Place(match.start(), match.end(), line, match[0], match["name"])


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
