"""The two directions of the bus, as frozen messages: assignments out, results back.

The same messages travel over the local socket and, on many machines, over JetStream. A message is one
JSON object; `encode` and `decode` are the only places that know its form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from astreinte.rules.checks.outcome import Level

Options = Mapping[str, Any]


class MessageError(ValueError):
    """Bytes that are no message of the bus, or a message that cannot be."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One check to be run: what, against whom, how often.

    `target` is a host name or an address; `options` are those of the kind (see
    `engine.probes.kinds`). Every `every_s` seconds one attempt; while the state is not sure, every
    `retry_s`. `attempts` and `recoveries` only pace the watch: the level is judged by who records.
    With these defaults a dead service is sure after 25 s at worst when it refuses, 30 s when it is silent.
    """

    check_id: str
    kind: str
    target: str
    options: Options = field(default_factory=dict)
    every_s: int = 15
    retry_s: int = 5
    attempts: int = 3
    recoveries: int = 2

    def __post_init__(self) -> None:
        for name in ("every_s", "retry_s", "attempts", "recoveries"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise MessageError(f"check {self.check_id}: {name}: a whole number from 1 up, not {value!r}")
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))


@dataclass(frozen=True, slots=True)
class Result:
    """What one attempt of a check saw.

    `slot` is the instant at which the attempt was due, in whole seconds since 1970 (UTC): one attempt
    per check and slot, so (check_id, slot) tells a result that comes twice. `at` is when the answer was
    known (UTC).
    """

    check_id: str
    slot: int
    at: datetime
    level: Level
    text: str
    values: Mapping[str, float] = field(default_factory=dict)
    took_s: float = 0.0

    def __post_init__(self) -> None:
        if self.at.tzinfo is not UTC:
            raise MessageError(f"check {self.check_id}: at: not an instant in UTC: {self.at}")
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


@dataclass(frozen=True, slots=True)
class Hello:
    """First word of a watch: the random name of this run of it, and its process id."""

    watch: str
    pid: int


@dataclass(frozen=True, slots=True)
class Assign:
    """What the watch has to do from now on: the whole set, or what changed (`checks`) and ended (`gone`)."""

    checks: tuple[Assignment, ...]
    gone: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Results that are kept by the watch until the receipt of `id`.

    `lost` counts the results that this run of the watch had to drop so far, for want of a hub.
    """

    id: str
    results: tuple[Result, ...]
    watch: str = ""
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The batch is recorded, durably: the watch may forget it."""

    batch_id: str


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Another watch took over: deliver what you have, and stop."""

    reason: str


Message = Hello | Assign | Batch | Receipt | Dismissal


def encode(message: Message) -> bytes:
    """Return the message as one line of JSON, without its end of line."""
    raw = _WRITERS[type(message)](message)
    return json.dumps(raw, separators=(",", ":")).encode()


def decode(line: bytes) -> Message:
    """Return the message of one line. Raises MessageError, with the first characters of what came."""
    try:
        raw = json.loads(line)
        message: Message = _READERS[raw["is"]](raw)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise MessageError(f"not a message of the bus ({error!r}): {line[:80]!r}") from error
    return message


def _assignment_out(one: Assignment) -> dict[str, Any]:
    return {
        "check_id": one.check_id,
        "kind": one.kind,
        "target": one.target,
        "options": dict(one.options),
        "every_s": one.every_s,
        "retry_s": one.retry_s,
        "attempts": one.attempts,
        "recoveries": one.recoveries,
    }


def _result_out(one: Result) -> list[Any]:
    return [
        one.check_id,
        one.slot,
        one.at.timestamp(),
        one.level.value,
        one.text,
        dict(one.values),
        one.took_s,
    ]


def _result_in(raw: list[Any]) -> Result:
    check_id, slot, at, level, text, values, took_s = raw
    return Result(check_id, slot, datetime.fromtimestamp(at, UTC), Level(level), text, values, took_s)


_WRITERS: Mapping[type[Any], Any] = {
    Hello: lambda m: {"is": "hello", "watch": m.watch, "pid": m.pid},
    Assign: lambda m: {
        "is": "assign",
        "whole": m.whole,
        "gone": list(m.gone),
        "checks": [_assignment_out(one) for one in m.checks],
    },
    Batch: lambda m: {
        "is": "batch",
        "id": m.id,
        "watch": m.watch,
        "lost": m.lost,
        "results": [_result_out(one) for one in m.results],
    },
    Receipt: lambda m: {"is": "receipt", "batch_id": m.batch_id},
    Dismissal: lambda m: {"is": "dismissal", "reason": m.reason},
}

_READERS: Mapping[str, Any] = {
    "hello": lambda raw: Hello(raw["watch"], raw["pid"]),
    "assign": lambda raw: Assign(
        checks=tuple(Assignment(**one) for one in raw["checks"]),
        gone=tuple(raw["gone"]),
        whole=raw["whole"],
    ),
    "batch": lambda raw: Batch(
        id=raw["id"],
        results=tuple(_result_in(one) for one in raw["results"]),
        watch=raw["watch"],
        lost=raw["lost"],
    ),
    "receipt": lambda raw: Receipt(raw["batch_id"]),
    "dismissal": lambda raw: Dismissal(raw["reason"]),
}
