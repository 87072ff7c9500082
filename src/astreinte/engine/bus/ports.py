"""The two directions of the bus, as frozen messages: assignments out, results back.

The same messages travel over the local socket and, on many machines, over JetStream. A message is one
JSON object; `encode` and `decode` are the only places that know its form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from astreinte.rules.checks.outcome import Level

Options = Mapping[str, Any]


class MessageError(ValueError):
    """Bytes that are no message of the bus, or a message that cannot be."""


class Assignment(Struct, frozen=True, forbid_unknown_fields=True):
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


class Result(Struct, frozen=True, array_like=True, gc=False):
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
    # `int`: a whole number arrives as one.
    values: Mapping[str, float | int] = field(default_factory=dict)
    took_s: float = 0.0

    def __post_init__(self) -> None:
        if self.at.tzinfo is not UTC:
            raise MessageError(f"check {self.check_id}: at: not an instant in UTC: {self.at}")


class Hello(Struct, frozen=True, tag_field="is", tag="hello"):
    """First word of a watch: the random name of this run of it, and its process id."""

    watch: str
    pid: int


class Assign(Struct, frozen=True, tag_field="is", tag="assign"):
    """What the watch has to do from now on: the whole set, or what changed (`checks`) and ended (`gone`)."""

    checks: tuple[Assignment, ...]
    gone: tuple[str, ...] = ()
    whole: bool = True


class Batch(Struct, frozen=True, tag_field="is", tag="batch"):
    """Results that are kept by the watch until the receipt of `id`.

    `lost` counts the results that this run of the watch had to drop so far, for want of a hub.
    """

    id: str
    results: tuple[Result, ...]
    watch: str = ""
    lost: int = 0


class Receipt(Struct, frozen=True, tag_field="is", tag="receipt"):
    """The batch is recorded, durably: the watch may forget it."""

    batch_id: str


class Dismissal(Struct, frozen=True, tag_field="is", tag="dismissal"):
    """Another watch took over: deliver what you have, and stop."""

    reason: str


Message = Hello | Assign | Batch | Receipt | Dismissal


def encode(message: Message) -> bytes:
    """Return the message as one line of JSON, without its end of line."""
    try:
        return _encoder.encode(message)
    except UnicodeEncodeError:
        # Half of a surrogate pair, in what a target answered or a file is called: it must not hold up the rest.
        raw = msgspec.to_builtins(message, enc_hook=dict)
        return json.dumps(raw, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


def decode(line: bytes) -> Message:
    """Return the message of one line. Raises MessageError, with the first characters of what came."""
    try:
        message: Message = _decoder.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MessageError(f"not a message of the bus ({error!r}): {line[:80]!r}") from error
    return message


# A mapping that is not a dict (a view that cannot be written to) travels as one.
_encoder = msgspec.json.Encoder(enc_hook=dict)
_decoder = msgspec.json.Decoder(Message)
