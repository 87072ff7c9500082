"""What said a value, as one cites it: the document in its version, article and sentence, and what it prevails over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from astreinte.rules.sla.terms import BUILT_IN
from astreinte.words import hearer
from astreinte.words.anchors import cite
from astreinte.words.catalogue import say
from astreinte.words.said import Said

Json = dict[str, Any]


def as_cited(said: Said, citations: Sequence[Json], article: str, quote: str = "") -> Said:
    """Return an explanation with its sources named, and the clause itself quoted where it is at hand.

    Without citations it stays as it is. Where the client accepted texts of its provider, the sentence of the built-in
    terms is not theirs: it is quoted no more.
    """
    if not citations:
        return said
    told = [*citations, *(lower for one in citations for lower in one.get("over", ()))]
    kept = "" if any("version" in one for one in told) else said.quote
    return replace(said, source=cited(citations, article), quote=quote or kept)


def cited(citations: Iterable[Json], article: str) -> str:
    """Return the sources of some values: each once, with what it prevailed over.

    A citation is what `records.contracts.sources` writes into a trace: kind, name, version, clause, over. `article`
    is "article_5" or "article_6": what the built-in terms are called.
    """
    return say("list.separator").join(dict.fromkeys(_one(citation, article) for citation in citations))


def source(said: Json, article: str) -> str:
    """Return one source: a text with its version and clause, a specific contract, the terms of the order."""
    kind, name = said["kind"], said["name"]
    if kind == "terms" and name == BUILT_IN["id"]:
        return say(f"source.{article}")
    if kind in ("terms", "order"):
        return say(f"source.{kind}", name=name)
    if said.get("version") is None:
        return say("source.specific", name=name)
    if said.get("clause"):
        clause = cite(said["clause"], hearer().language)
        return say("source.clause", name=name, version=said["version"], clause=clause)
    return say("source.version", name=name, version=said["version"])


def _one(citation: Json, article: str) -> str:
    top = source(citation, article)
    lower = dict.fromkeys(source(one, article) for one in citation.get("over", ()))
    return say("source.over", source=top, lower=", ".join(lower)) if lower else top
