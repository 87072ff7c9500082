"""The sources of the values that a clock counted with: in its trace, and quoted from their texts (A0.1, A1.2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from astreinte.records.contracts import documents
from astreinte.records.contracts.layering import Resolved
from astreinte.records.contracts.models import DocumentVersion, OrderLine, Overlay
from astreinte.records.contracts.sources import Source
from astreinte.records.evidence.keeping import FileError
from astreinte.rules.documents import anchors
from astreinte.words.typography import typo

Json = dict[str, Any]

OF_PENALTY = ("penalty.multiplier", "penalty.cap")


def citation(values: Iterable[Resolved], priority: str, regime: str) -> Json:
    """Return what a trace says of its sources, for the deadline and for the penalty; {} where only the terms speak.

    Each citation has the key, kind and name of the source, the version and clause of a text, and what it is `over`.
    """
    known = {one.key: one for one in values}
    target = f"targets.{priority}.{regime}"
    deadline = target if target in known and known[target].value else f"targets.{priority}.business"
    wanted = {"deadline": (deadline,), "penalty": OF_PENALTY}
    found = {name: [_cited(known[key]) for key in keys if key in known] for name, keys in wanted.items()}
    spoken = any(one["kind"] != "terms" for several in found.values() for one in several)
    return {"citation": found} if spoken else {}


def quote(citations: Sequence[Json], line: OrderLine, at: datetime, company: str) -> str:
    """Return the clauses themselves, with the company's name in them; "" where none is at hand.

    `at` is when the values held: a specific contract is found by its name on the line then.
    """
    found = dict.fromkeys(filter(None, (_clause(one, line, at) for one in citations)))
    return " ".join(_quoted(text.replace("{{company.name}}", company), language) for text, language in found)


def _quoted(text: str, language: str) -> str:
    """Set a clause between its quotation marks, in the type of its own language; the words stay what they are."""
    return typo(f"« {text} »") if language == "fr" else f"“{text}”"


def _cited(resolved: Resolved) -> Json:
    said = _of_source(resolved.source, resolved.clause)
    over = [_of_source(one.source, one.clause) for one in resolved.overrode]
    if any("version" in one for one in over):
        over = [one for one in over if one["kind"] != "terms"]  # they only are the data of that text
    return {"key": resolved.key, **said, **({"over": over} if over else {})}


def _of_source(source: Source, clause: str | None) -> Json:
    said: Json = {"kind": source.kind, "name": source.name}
    if source.version is not None and source.effective_on is not None:
        said |= {"version": source.version, "effective_on": source.effective_on.isoformat()}
        said |= {"id": source.public_id, "clause": clause}
    return said


def _clause(cited: Json, line: OrderLine, at: datetime) -> tuple[str, str] | None:
    """Return the clause that a citation names, with its language; None where none is at hand."""
    if cited["kind"] == "specific" and "id" not in cited:
        row = Overlay.objects.as_of(at).filter(line=line, title=cited["name"]).first()
        return (row.clause, "fr") if row is not None and row.clause else None
    versions = DocumentVersion.objects.select_related("file", "document")
    version = versions.filter(public_id=cited.get("id", "")).first() if cited.get("clause") else None
    if version is None:
        return None
    try:
        found = " ".join(one.text for one in anchors.find(documents.text(version), cited["clause"]))
    except FileError:
        return None  # `astreinte journal verify` says that the file is gone; the page still cites it
    return (found, version.document.language) if found else None
