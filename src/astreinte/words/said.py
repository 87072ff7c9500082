"""What an explanation is made of, before a door gives it a form."""

from dataclasses import dataclass
from typing import Any

from astreinte.rules.sla.terms import BUILT_IN
from astreinte.words.catalogue import say

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An explanation as plain text: paragraphs, the contract's own sentence and where it stands, a table.

    `table` holds (name, value) rows in order.
    """

    paragraphs: tuple[str, ...]
    quote: str
    source: str
    table: tuple[tuple[str, str], ...]

    def as_text(self) -> str:
        """Return it for an e-mail or a terminal."""
        width = max((len(name) for name, _ in self.table), default=0)
        rows = [f"  {name:<{width}}  {value}" for name, value in self.table]
        return "\n".join([*self.paragraphs, "", self.quote, self.source, "", *rows]).strip()

    def as_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "paragraphs": list(self.paragraphs),
            "quote": self.quote,
            "source": self.source,
            "table": [list(row) for row in self.table],
        }


def source(article: str, terms: Json, keys: tuple[str, ...]) -> str:
    """Return where the clause stands, and whether the terms of the trace change what it says."""
    plain = say(f"source.{article}")
    if all(terms.get(key) == BUILT_IN[key] for key in keys):
        return plain
    name = terms.get("id")
    return say("source.changed", article=plain, name=name) if name else say("source.unnamed", article=plain)
