"""Which document prevails, value by value: each resolved value knows what said it, and what that overrode (article 1).

The layers come from the lowest rank to the highest; the lowest holds complete terms. The rules do not know what a
source is: they carry it along.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from astreinte.rules.sla import comparing, terms

Json = dict[str, Any]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Layer(Generic[S]):
    """What one source says: a merge patch of terms, or values by dotted key; `clauses` give anchors by dotted key.

    A clause of a key is that of all it holds: "targets.critical" for "targets.critical.business".
    """

    source: S
    patch: Json = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)

    def laid_over(self, body: Json) -> Json:
        """Return the terms with what this source says; `id` goes with the first value that differs."""
        laid = terms.merge(body, self.patch) if self.patch else body
        return _planted(laid, self.values) if self.values else laid

    @property
    def keys(self) -> set[str]:
        """The dotted keys that it speaks of."""
        return {*comparing.leaves(self.patch), *self.values}

    def clause(self, key: str) -> str | None:
        """Return the anchor of the clause that says `key`, or of what holds it."""
        while key:
            if key in self.clauses:
                return self.clauses[key]
            key = key.rpartition(".")[0]
        return None


@dataclass(frozen=True, slots=True)
class Said(Generic[S]):
    """A value (None: taken away, or none), who says it, and the anchor of the clause, where one is known."""

    value: Any
    source: S
    clause: str | None


@dataclass(frozen=True, slots=True)
class Resolved(Generic[S]):
    """The value that prevails for a dotted key, and the other values that it prevailed over, the nearest first."""

    key: str
    value: Any
    source: S
    clause: str | None
    overrode: tuple[Said[S], ...]


def resolve(base: Json, source: S, layers: Iterable[Layer[S]]) -> tuple[Json, tuple[Resolved[S], ...]]:
    """Return the terms that the layers come to over complete `base`, and each value with its origin.

    Values are in the order of the terms; a usual value that nobody says is no value here.
    """
    body = base
    held: dict[str, list[Said[S]]] = {
        key: [Said(value, source, None)] for key, value in comparing.leaves(base).items()
    }
    for layer in layers:
        before, body = comparing.leaves(body), layer.laid_over(body)
        after = comparing.leaves(body)
        for key in [*before, *(key for key in after if key not in before), *_unsaid(layer, before, after)]:
            if _speaks_of(layer.keys, key):
                said = Said(after.get(key, comparing.USUAL.get(key)), layer.source, layer.clause(key))
                held.setdefault(key, []).append(said)
        for key in before:
            if key not in after and any(each.startswith(f"{key}.") for each in after):
                del held[key]  # it had no promise, and has one now: its times are keys of their own
    return body, tuple(_prevailing(key, said) for key, said in held.items())


def said_by(body: Json, clauses: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of complete terms that a text says: those whose key, or what holds it, has a clause."""
    values = comparing.leaves(body)
    usual = {key: comparing.USUAL[key] for key in clauses if key in comparing.USUAL and key not in values}
    return {key: value for key, value in values.items() if _speaks_of(set(clauses), key)} | usual


def _unsaid(layer: Layer[S], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the keys that a text says with their usual value, which terms do not write."""
    return sorted(key for key in layer.values if key not in before and key not in after)


def _speaks_of(keys: set[str], key: str) -> bool:
    while key:
        if key in keys:
            return True
        key = key.rpartition(".")[0]
    return False


def _prevailing(key: str, said: list[Said[S]]) -> Resolved[S]:
    *lower, top = said
    overrode = tuple(one for one in reversed(lower) if one.value != top.value)
    return Resolved(key, top.value, top.source, top.clause, overrode)


def _planted(body: Json, values: Mapping[str, Any]) -> Json:
    """Return the terms with these values in their places, and nothing merged; None takes a value away."""
    known = comparing.leaves(body)
    new = {key: value for key, value in values.items() if known.get(key, comparing.USUAL.get(key)) != value}
    if not new:
        return body
    planted = deepcopy(body)
    planted.pop("id", None)
    for key, value in new.items():
        *path, last = key.split(".")
        here = planted
        for step in path:
            inner = here.get(step)
            here[step] = inner if isinstance(inner, dict) else {}
            here = here[step]
        if value is None:
            here.pop(last, None)
        else:
            here[last] = value
    return planted
