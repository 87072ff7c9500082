"""What a computation means, said in French or in British English. Knows the rules; no Django.

Whoever is spoken to is set once, by `speaking`, around a page, an e-mail or a command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LANGUAGES = ("fr", "en-gb")


@dataclass(frozen=True, slots=True)
class Hearer:
    """Who is spoken to: a language of `LANGUAGES` and the name of a time zone."""

    language: str
    timezone: str

    @property
    def locale(self) -> str:
        """The language as Babel names it."""
        return "en_GB" if self.language == "en-gb" else "fr_FR"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)


ANYBODY = Hearer("fr", "Europe/Paris")
_hearer: ContextVar[Hearer] = ContextVar("hearer")


@contextmanager
def speaking(language: str, timezone: str = "Europe/Paris") -> Iterator[None]:
    """Say everything inside in that language and time zone; any English is British, all else is French."""
    chosen = "en-gb" if language.lower().startswith("en") else "fr"
    token = _hearer.set(Hearer(chosen, timezone))
    try:
        yield
    finally:
        _hearer.reset(token)


def hearer() -> Hearer:
    """Return who is spoken to now; French in Paris when nobody said."""
    return _hearer.get(ANYBODY)
