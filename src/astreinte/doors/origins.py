"""Each value of a contract with who says it, in which article, and over what: for pages and the command line (A1.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from astreinte.doors import naming
from astreinte.records.contracts import overlaying, renewing, resolving
from astreinte.records.contracts.models import Coverage, OrderLine, Overlay, Suspension
from astreinte.records.contracts.resolving import Resolved, Source
from astreinte.words import hearer
from astreinte.words.anchors import cite


@dataclass(frozen=True, slots=True)
class Said:
    """A value, what says it, and the clause as it is cited ("" where none is known)."""

    value: str
    source: str
    kind: str
    clause: str

    @property
    def rank(self) -> str:
        """The rank of what says it, in words."""
        return naming.source(self.kind)


@dataclass(frozen=True, slots=True)
class Origin:
    """A value that holds, by its dotted key, and what it prevailed over. `server`: on that one alone ("": on all)."""

    key: str
    said: Said
    over: tuple[Said, ...]
    server: str = ""

    @property
    def name(self) -> str:
        """What the key is called; "" for one that has no other name than the key itself."""
        return naming.key(self.key)


@dataclass(frozen=True, slots=True)
class Governed:
    """An order line at an instant: its values, those in front that prevail over others; what stops it, what waits."""

    line: OrderLine
    origins: tuple[Origin, ...]
    suspension: Suspension | None
    pending: tuple[Overlay, ...]


def of_lines(lines: Iterable[OrderLine], at: datetime) -> list[Governed]:
    """Return each order line with its values at `at`; what differs on a server is said for that server."""
    return [
        Governed(
            line,
            tuple(sorted(_origins(line, at), key=lambda one: not one.over)),
            renewing.suspended(line, at),
            tuple(overlaying.pending(line, at)),
        )
        for line in lines
    ]


def _origins(line: OrderLine, at: datetime) -> Iterable[Origin]:
    everywhere = resolving.explained(line, None, at)
    yield from (_origin(one) for one in everywhere)
    known = {one.key: one for one in everywhere}
    covered = Coverage.objects.as_of(at).filter(line=line).select_related("server").order_by("server__name")
    if not Overlay.objects.as_of(at).filter(line=line, scopes__isnull=False).exists():
        return
    for coverage in covered:
        for one in resolving.explained(line, coverage.server, at):
            if known.get(one.key) != one:
                yield _origin(one, coverage.server.name)


def _origin(one: Resolved, server: str = "") -> Origin:
    over = tuple(_said(lower.value, lower.source, lower.clause) for lower in one.overrode)
    return Origin(one.key, _said(one.value, one.source, one.clause), over, server)


def _said(value: Any, source: Source, clause: str | None) -> Said:
    cited = cite(clause, hearer().language) if clause else ""
    return Said(_text(value), str(source), source.kind, cited)


def _text(value: Any) -> str:
    if value is None or value in ({}, []):
        return "–"
    if isinstance(value, dict):
        return " · ".join(f"{key} {_text(inner)}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
