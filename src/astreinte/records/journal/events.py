"""Events: a fact of the business as a frozen value, written once in the journal.

Each room declares its own in `facts.py`:

    @dataclass(frozen=True)
    class TicketOpened(Event):
        subject: ClassVar[str] = "ticket_id"
        ticket_id: int
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from astreinte.records.journal import canonical


class EventError(Exception):
    """An event that cannot be written or read back: names the class and what is wrong."""


@dataclass(frozen=True)
class Event:
    """A fact: `at` is its own instant, `provider_id` whose journal it belongs to (0: the house itself).

    `subject` names the field that says what it is about: deliveries keep their order within it.
    Fields are int, str, bool, datetime, date, None or tuples of those. Words of people do not belong
    here (an event is never erased) but in rows, under `JOURNAL_WORDS`.
    """

    subject: ClassVar[str] = ""

    at: datetime
    provider_id: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        kind = kind_of(cls)
        known = _KINDS.get(kind)
        if known is not None and known.__module__ != cls.__module__:
            raise EventError(f"{kind}: declared in {known.__module__} and again in {cls.__module__}")
        _KINDS[kind] = cls


_KINDS: dict[str, type[Event]] = {}
_TYPES: dict[type[Event], dict[str, Any]] = {}


def kind_of(event: type[Event]) -> str:
    """Return the name under which entries keep this kind of event: "room.ClassName"."""
    parts = event.__module__.removesuffix(".facts").split(".")
    return f"{parts[-1]}.{event.__name__}"


def kinds() -> Mapping[str, type[Event]]:
    """Return every kind that is declared by a loaded room."""
    return dict(_KINDS)


def subject_of(event: Event) -> str:
    """Return what the event is about, for instance "ticket:12"; EventError when its class does not say."""
    name = type(event).subject
    if name not in _types(type(event)):
        raise EventError(
            f"{kind_of(type(event))}: subject is {name!r}; it must name the field that says what it is about"
        )
    return f"{name.removesuffix('_id')}:{getattr(event, name)}"


def written(event: Event) -> dict[str, object]:
    """Return the fields as what JSON knows; EventError when one is not of its declared type."""
    found: dict[str, object] = {}
    for name, type_ in _types(type(event)).items():
        value = getattr(event, name)
        if not _fits(value, type_):
            raise EventError(f"{kind_of(type(event))}.{name}: {value!r} is not of type {type_}")
        found[name] = canonical.plain(value)
    return found


def read(kind: str, values: Mapping[str, Any]) -> Event:
    """Return the event that `written` wrote; EventError when its kind or a field is not known any more.

    A field added since takes its default; one taken away since is an error: keep reading old entries.
    """
    try:
        event = _KINDS[kind]
    except KeyError:
        raise EventError(f"{kind}: no room declares this event; keep the class, or name it again") from None
    types = _types(event)
    if unknown := values.keys() - types.keys():
        raise EventError(f"{kind}: the entry has {', '.join(sorted(unknown))}, the class has not")
    try:
        return event(**{name: _value(value, types[name]) for name, value in values.items()})
    except (TypeError, ValueError) as error:
        raise EventError(f"{kind}: {error}") from error


def _types(event: type[Event]) -> dict[str, Any]:
    if event not in _TYPES:
        hints = get_type_hints(event)
        _TYPES[event] = {field.name: hints[field.name] for field in fields(event)}
    return _TYPES[event]


def _alternatives(type_: Any) -> tuple[Any, ...]:
    return get_args(type_) if get_origin(type_) in {Union, UnionType} else (type_,)


def _fits(value: object, type_: Any) -> bool:
    return any(_is(value, each) for each in _alternatives(type_))


def _is(value: object, type_: Any) -> bool:
    if get_origin(type_) is tuple:
        return isinstance(value, tuple) and all(_fits(each, get_args(type_)[0]) for each in value)
    if type_ is NoneType or value is None:
        return value is None and type_ is NoneType
    if type_ is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    # A bool is an int and a datetime is a date for Python; here each is only itself.
    return type(value) is type_ or (type_ is str and isinstance(value, str))


def _value(value: Any, type_: Any) -> Any:
    for each in _alternatives(type_):
        if value is None:
            if each is NoneType:
                return None
        elif get_origin(each) is tuple:
            return tuple(_value(item, get_args(each)[0]) for item in value)
        elif each is datetime:
            return canonical.read_instant(value)
        elif each is date:
            return date.fromisoformat(value)
        elif each is not NoneType:
            return value
    return value
