"""The sentences, by name, in each language; `say` fills one in and sets its type."""

from astreinte.words import hearer
from astreinte.words.english import ENGLISH
from astreinte.words.french import FRENCH
from astreinte.words.typography import set_type

SENTENCES = {"fr": FRENCH, "en-gb": ENGLISH}


def say(name: str, /, **values: object) -> str:
    """Return the sentence of that name, filled in, in the hearer's language; KeyError for an unknown name."""
    return set_type(SENTENCES[hearer().language][name].format_map(values))


def named(kind: str, name: str) -> str:
    """Return how a thing is called ("channel", "web"); one that has no name of its own is quoted."""
    known = SENTENCES[hearer().language].get(f"{kind}.{name}")
    return say(f"{kind}.other", name=name) if known is None else say(f"{kind}.{name}")
