"""Who reacts to which event: installed once at start from `flow.py`, under names that entries can keep."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from astreinte.records.journal.events import Event, EventError, kind_of

Reaction = Callable[..., Any]

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""The `run_at` of a delivery that waits for nothing: whatever the clocks say, it is due."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A reaction that waits for the instant in a field of its event; no delivery when that is None."""

    reaction: Reaction
    run_at: str


def timed(reaction: Reaction, run_at: str) -> Timed:
    """Return `reaction`, to be woken at the instant that the event has in the field `run_at`."""
    return Timed(reaction, run_at)


@dataclass(frozen=True, slots=True)
class _Installed:
    now: Mapping[type[Event], tuple[Reaction, ...]]
    later: Mapping[type[Event], tuple[tuple[str, str | None], ...]]
    by_name: Mapping[str, Reaction]
    renamed: Mapping[str, str]


_installed = _Installed({}, {}, {}, {})


def install(
    now: Mapping[type[Event], Sequence[Reaction]],
    later: Mapping[type[Event], Sequence[Reaction | Timed]],
    renamed: Mapping[str, str],
) -> None:
    """Say who reacts. `now`: in the transaction of the fact, called `reaction(event)`. `later`: one delivery
    per entry and reaction, called `reaction(event, at=now)`. `renamed`: old name of a reaction to new.

    Replaces what was installed before. Raises EventError for a reaction or a field that does not exist,
    and for two reactions of one name.
    """
    global _installed  # noqa: PLW0603  # one table for the process, set at start
    by_name: dict[str, Reaction] = {}
    table: dict[type[Event], tuple[tuple[str, str | None], ...]] = {}
    for event, reactions in later.items():
        table[event] = tuple(_declared(event, each, by_name) for each in reactions)
    for old, new in renamed.items():
        if new not in by_name and new not in renamed:
            raise EventError(f"renamed reaction {old}: {new} is not installed either")
    _installed = _Installed({event: tuple(each) for event, each in now.items()}, table, by_name, renamed)


def name_of(reaction: Reaction) -> str:
    """Return the name that deliveries keep: "room.module.function"."""
    module = ".".join(reaction.__module__.split(".")[-2:])
    return f"{module}.{reaction.__name__}"


def now_for(event: Event) -> tuple[Reaction, ...]:
    """Return the reactions that belong in the transaction of the fact."""
    return _installed.now.get(type(event), ())


def later_for(event: Event) -> list[tuple[str, datetime]]:
    """Return the names of the reactions owed this event, each with the instant from which it is due."""
    owed = []
    for name, field in _installed.later.get(type(event), ()):
        run_at = AT_ONCE if field is None else getattr(event, field)
        if run_at is not None:
            owed.append((name, run_at))
    return owed


def current_name(name: str) -> str:
    """Return the name that a reaction bears today."""
    seen = {name}
    while name in _installed.renamed:
        name = _installed.renamed[name]
        if name in seen:
            break
        seen.add(name)
    return name


def find(name: str) -> Reaction | None:
    """Return the reaction that bears, or bore, this name; None when none does."""
    return _installed.by_name.get(current_name(name))


def former_names() -> Mapping[str, str]:
    """Return every old name with the name that it has today."""
    return {old: current_name(old) for old in _installed.renamed}


def _declared(
    event: type[Event], reaction: Reaction | Timed, by_name: dict[str, Reaction]
) -> tuple[str, str | None]:
    field = None
    if isinstance(reaction, Timed):
        field = reaction.run_at
        reaction = reaction.reaction
        if field not in event.__dataclass_fields__:
            raise EventError(f"{kind_of(event)} has no field {field!r} for {name_of(reaction)} to wait for")
    name = name_of(reaction)
    if by_name.setdefault(name, reaction) is not reaction:
        raise EventError(f"{name}: two reactions of one name; rename one")
    return name, field
