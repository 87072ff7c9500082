"""Where a text and the keys that were written down from it disagree about a number (A0.3, the transcription).

Whoever transcribes a text says for each key in which clause it stands; here the numbers of that clause are read and
set beside the value. What is no number (a reading, a channel, a ground) is not judged: a person reads it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from astreinte.rules import money
from astreinte.rules.documents import anchors, numbers
from astreinte.rules.documents.anchors import Clause
from astreinte.rules.sla import hours, instants, keys
from astreinte.rules.sla.terms import RELAPSE_WITHIN

Json = dict[str, Any]

DIFFERS, SILENT, NO_CLAUSE = "differs", "silent", "no_clause"
KINDS = (DIFFERS, SILENT, NO_CLAUSE)

_FEES = r"(?:fois|forfaits?|mensualités?|times|x\b|×|monthly (?:fees?|charges?|prices?)|fees?\b)"
_MONTHS = r"(?:mois|months?)"
_LIMIT = re.compile(r"exc[éèe]d|dépass|plafon|limit|maximum|exceed|capped|\bcap\b|more than|au plus|at most")
_WHOLE = re.compile(
    r"\b(?:total|totalité|entier|intégralité|whole|entire|full)\b|\b(?:le|du|the) (?:forfait|monthly fee)"
)
_PARTS = (
    (re.compile(r"\b(?:la |the )?(?:moitié|half)\b"), Fraction(1, 2)),
    (re.compile(r"\b1 tiers\b"), Fraction(1, 3)),
)
_OTHER = re.compile(r"non[ -]ouvr|non[ -]business|outside|hors des heures|out[ -]of[ -]hours")
_OPEN = re.compile(r"(?<!non-)(?<!non )ouvr|business|working|office")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A key whose value is not what its clause says.

    `kind`: `differs` (the clause says `said` instead), `silent` (no such number in it), `no_clause` (the text has no
    such anchor, or what is written is none). `value` is the key's value and `said` what was read, as short texts;
    `line` is where the clause begins, 0 without one.
    """

    key: str
    anchor: str
    kind: str
    value: str
    said: tuple[str, ...]
    line: int


def disagreements(text: str, mapping: Mapping[str, str], terms: Json) -> list[Disagreement]:
    """Return the keys of the mapping (key → anchor) whose value the clause does not say, in its order.

    `terms` are complete terms as JSON; a further key that they do not name has its usual value. A key that promises
    no number, or has none (no volume agreed, no cap and none said), agrees with any clause.
    """
    found = list[Disagreement]()
    by_anchor = _Clauses(text)
    for key, anchor in mapping.items():
        clauses = by_anchor.at(anchor)
        if not clauses:
            found.append(Disagreement(key, anchor, NO_CLAUSE, _shown(_value(terms, key)), (), 0))
            continue
        read = _READERS.get(_kind(key))
        said = numbers.plain(" ".join(clause.text for clause in clauses))
        judged = read(key, _value(terms, key), said) if read else None
        if judged is not None:
            value, seen = judged
            found.append(
                Disagreement(key, anchor, DIFFERS if seen else SILENT, value, tuple(seen), clauses[0].line)
            )
    return found


class _Clauses:
    """The clauses of a text, read once."""

    def __init__(self, text: str) -> None:
        self.all = anchors.clauses(text)

    def at(self, anchor: str) -> list[Clause]:
        """Return the clauses that an anchor names; none for what is no anchor."""
        if anchors.ANCHOR.fullmatch(anchor) is None:
            return []
        return [each for each in self.all if each.anchor == anchor or each.anchor.startswith(f"{anchor}.")]


Judged = tuple[str, Iterable[str]] | None
"""What the key says and what the clause says instead; None when they agree."""


def _lasting(key: str, value: Any, said: str) -> Judged:
    if not isinstance(value, str):
        return None
    wanted = instants.parse_duration(value)
    found = list(numbers.lengths(said))
    regime = key.rpartition(".")[2]
    meant = [length for length, after in found if _regime(after) == regime] or [length for length, _ in found]
    return None if wanted in meant else (str(value), _texts(map(instants.duration_text, meant)))


def _regime(after: str) -> str:
    if _OTHER.search(after):
        return "non_business"
    return "business" if _OPEN.search(after) else ""


def _months(key: str, value: Any, said: str) -> Judged:
    if value is None:
        return None
    found = [
        *numbers.factors(said, _MONTHS),
        *(12 * years for years in numbers.factors(said, r"(?:ans?\b|years?)")),
    ]
    return None if value in found else (f"{value} months", _texts(f"{count} months" for count in found))


def _multiplier(key: str, value: Any, said: str) -> Judged:
    limit = _LIMIT.search(said)
    found = list(numbers.factors(said[: limit.start()] if limit else said, _FEES))
    wanted = money.parse_decimal(value)
    return None if wanted in found else (str(value), _texts(map(str, found)))


def _cap(key: str, value: Any, said: str) -> Judged:
    limit = _LIMIT.search(said)
    part = said[limit.start() :] if limit else said
    found = list(numbers.factors(part, _FEES))
    found += [share for pattern, share in _PARTS if pattern.search(part)]
    found += [Fraction(1)] if not found and _WHOLE.search(part) else []
    if value is None:
        return ("no cap", _texts(map(str, found))) if found and limit else None
    return None if money.parse_decimal(value) in found else (str(value), _texts(map(str, found)))


def _week(key: str, value: Any, said: str) -> Judged:
    written = value if isinstance(value, dict) else {key.rpartition(".")[2]: value}
    week = hours.parse(written) if value else ((),) * 7
    wanted = tuple(sorted({span for day in week for span in day}))
    if not wanted:
        return None
    found, days = numbers.spans(said), numbers.days(said)
    opened = frozenset(day for day, spans in enumerate(week) if spans)
    if found == wanted and days in {frozenset(), opened}:
        return None
    return _week_text(wanted, opened), _texts([_week_text(found, days)] if found or days else [])


def _week_text(spans: Iterable[tuple[int, int]], days: Iterable[int]) -> str:
    clock = ", ".join("-".join(f"{at // 3600:02d}:{at // 60 % 60:02d}" for at in span) for span in spans)
    return " ".join(part for part in (",".join(hours.DAYS[day] for day in sorted(days)), clock) if part)


_READERS: Mapping[str, Callable[[str, Any, str], Judged]] = {
    "length": _lasting,
    "months": _months,
    "multiplier": _multiplier,
    "cap": _cap,
    "week": _week,
}


def _kind(key: str) -> str:
    group, _, rest = key.partition(".")
    further = keys.BY_NAME.get(key)
    if group == "targets" or key == "relapse_within" or isinstance(further and further.kind, keys.Length):
        return "length"
    if group in {"business_hours"} or key.startswith("plan.slots"):
        return "week"
    return {"penalty.multiplier": "multiplier", "penalty.cap": "cap", "penalty.claim_window": "months"}.get(
        key, rest and ""
    )


def _value(terms: Json, key: str) -> Any:
    here: Any = terms
    for step in key.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    if here is None and key == "relapse_within":
        return RELAPSE_WITHIN
    further = keys.BY_NAME.get(key)
    if here is None and further is not None and further.usual is not None:
        return further.kind.write(further.usual)
    return here


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _texts(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
