"""The options of a kind of probe: a frozen dataclass each, read from plain JSON values, with clear errors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from astreinte.rules.checks.thresholds import ThresholdError


class OptionError(ValueError):
    """An option that a kind does not have, or whose value it cannot take."""


FAMILIES = ("any", "ipv4", "ipv6")
LONGEST_TIMEOUT_S = 60.0


def option(default: Any, doc: str) -> Any:
    """Declare an option with its default, and the sentence that documents it."""
    return field(default=default, metadata={"doc": doc})


def required(doc: str) -> Any:
    """Declare an option that has no default, and the sentence that documents it."""
    return field(metadata={"doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOptions:
    """What every probe knows: how long it may take."""

    timeout_s: float = option(5.0, "seconds until silence counts as an answer")

    def __post_init__(self) -> None:
        if not 0 < self.timeout_s <= LONGEST_TIMEOUT_S:
            raise OptionError(
                f"timeout_s: more than 0 and at most {LONGEST_TIMEOUT_S:g} seconds, not {self.timeout_s:g}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOptions(TimedOptions):
    """What every probe over the network knows."""

    family: str = option("any", "addresses to use: any (IPv4 first), ipv4 or ipv6")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        if self.family not in FAMILIES:
            raise OptionError(f"family: {self.family!r} is none of {', '.join(FAMILIES)}")


Schema = TypeVar("Schema", bound=TimedOptions)


def check_port(port: int) -> None:
    """Raise OptionError for a port that does not exist."""
    if not 1 <= port <= 65535:
        raise OptionError(f"port: from 1 to 65535, not {port}")


def read(schema: type[Schema], given: Mapping[str, Any]) -> Schema:
    """Return the options of `schema` with the given values.

    Raises OptionError, naming the option, the value and what it takes: for an unknown name, a missing
    one, a value of another type or out of bounds. A whole number is a number; nothing else is converted.
    """
    known = {one.name: one for one in dataclasses.fields(schema) if one.init}
    for name in given:
        if name not in known:
            raise OptionError(f"{name}: no such option; there are {', '.join(known) or 'none'}")
    types = get_type_hints(schema)
    values: dict[str, Any] = {}
    for name, one in known.items():
        if name in given:
            values[name] = _typed(name, given[name], types[name])
        elif one.default is dataclasses.MISSING:
            raise OptionError(f"{name}: missing; {one.metadata['doc']}")
    try:
        return schema(**values)
    except ThresholdError as error:
        raise OptionError(str(error)) from error


def _typed(name: str, value: Any, wanted: Any) -> Any:
    choices = get_args(wanted) if isinstance(wanted, UnionType) else (wanted,)
    for one in choices:
        if one is type(None) and value is None:
            return None
        if one is float:
            if type(value) in (int, float) and math.isfinite(value):
                return float(value)
        elif type(value) is one:
            return value
    raise OptionError(f"{name}: {_kinds_of(choices)}, not {value!r}")


_TYPE_WORDS = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}


def _kinds_of(choices: tuple[Any, ...]) -> str:
    return " or ".join(_TYPE_WORDS[one] for one in choices)
