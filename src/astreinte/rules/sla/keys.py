"""The keys of the terms beyond those of the clock: the readings that the text leaves open, and the plan (article 4).

Two honest readings of a clause are two values of a key. Each key is optional and has a usual value, the one that
leans to the client where words leave a choice; terms that keep to it do not name it, so terms and traces stored
before a key was known stay the same to the letter. The register of the ambiguities is docs/rules/readings.md.

`judged` says which room acts by the value. Where it is empty the key is *said, not yet judged by a room*: the text
prints it, and the product always acts as the usual value has it; another value has to be applied by hand, and
`said_only` names it wherever terms are written down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from astreinte.rules.sla import hours, instants

Value = str | int | tuple[str, ...] | tuple[hours.Hours, ...] | None
"""A value that was read: a choice, a number (seconds, months), names, spans of the week, or none agreed."""

Json = dict[str, Any]

INCLUDED = (
    "watch_servers",
    "watch_systems",
    "administration",
    "security_watch",
    "minor_updates",
    "major_updates",
    "support",
    "web_tickets",
    "web_equipment",
    "web_interventions",
)
"""The ten things that a plan includes, in the order of article 4; each stands by itself (AMB-24)."""


class KeyRefused(ValueError):
    """A value that its key cannot have: the dotted place, the value, the way out."""

    def __init__(self, place: str, value: object, way_out: str) -> None:
        super().__init__(f"{place}: {way_out}")
        self.place, self.value, self.way_out = place, value, way_out


class Kind(Protocol):
    """How a value is written in JSON, and read from it."""

    def read(self, written: Any, place: str) -> Value:
        """Return the value; raise KeyRefused."""

    def write(self, value: Any) -> Any:
        """Return it as JSON."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several readings."""

    values: tuple[str, ...]

    def read(self, written: Any, place: str) -> Value:
        """Return the reading; raise KeyRefused for any other."""
        if isinstance(written, str) and written in self.values:
            return written
        raise KeyRefused(place, written, f"expected {_one_of(self.values)}")

    def write(self, value: Any) -> Any:
        """Return it as it is."""
        return value


@dataclass(frozen=True, slots=True)
class Names:
    """Several names, each once; any name where `known` is empty, in the order of `known` where it is not."""

    known: tuple[str, ...] = ()

    def read(self, written: Any, place: str) -> Value:
        """Return the names; raise KeyRefused for what is no list of them."""
        if not isinstance(written, list):
            raise KeyRefused(place, written, "expected a list")
        for index, name in enumerate(written):
            if not isinstance(name, str) or not name:
                raise KeyRefused(f"{place}[{index}]", name, "expected text")
            if self.known and name not in self.known:
                raise KeyRefused(f"{place}[{index}]", name, f"expected {_one_of(self.known)}")
        once = dict.fromkeys(written)
        return tuple(name for name in self.known if name in once) if self.known else tuple(once)

    def write(self, value: Any) -> Any:
        """Return a list."""
        return list(value)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time such as "2h", in seconds."""

    def read(self, written: Any, place: str) -> Value:
        """Return the seconds; raise KeyRefused when they are not more than zero."""
        try:
            return instants.parse_duration(written)
        except instants.InstantError as error:
            raise KeyRefused(place, written, str(error)) from None

    def write(self, value: Any) -> Any:
        """Return the shortest text."""
        return instants.duration_text(value)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of something, at least one: a JSON number."""

    of: str

    def read(self, written: Any, place: str) -> Value:
        """Return the number; raise KeyRefused."""
        if isinstance(written, int) and not isinstance(written, bool) and 0 < written <= 9999:
            return written
        raise KeyRefused(
            place, written, f"expected a whole number of {self.of} from 1 to 9999, without quotes"
        )

    def write(self, value: Any) -> Any:
        """Return it as it is."""
        return value


@dataclass(frozen=True, slots=True)
class Week:
    """Spans of the week, written as business hours are."""

    def read(self, written: Any, place: str) -> Value:
        """Return the spans of each weekday; raise KeyRefused."""
        if not isinstance(written, dict):
            raise KeyRefused(place, written, 'expected an object such as {"thu": ["18:00-23:00"]}')
        try:
            # A merge patch may have emptied a day that the terms below it named.
            return hours.parse({days: [] if spans is None else spans for days, spans in written.items()})
        except hours.HoursError as error:
            raise KeyRefused(f"{place}.{error.place}", error.value, error.way_out) from None

    def write(self, value: Any) -> Any:
        """Return the spans, days in a row with the same ones under one key."""
        return hours.as_dict(value)


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its dotted name: its kind, the value that it has where terms do not name it, and who acts by it.

    `register` is the number of the ambiguity that it settles ("" for a value that the parties simply agree on).
    """

    name: str
    kind: Kind
    usual: Value
    register: str = ""
    judged: str = ""

    @property
    def readings(self) -> tuple[str, ...]:
        """The values of a choice; none for what is agreed freely."""
        return self.kind.values if isinstance(self.kind, Choice) else ()


DELAY_UNIT = "rules/sla/courses.py"

KEYS = (
    # -- article 1
    Key("documents.upgrade", Choice(("on_acceptance", "on_effect")), "on_acceptance", "AMB-26"),
    # -- article 4
    Key("plan.included", Names(INCLUDED), INCLUDED, "AMB-24"),
    Key("plan.channels", Names(), ("web", "email")),
    Key("plan.slots", Week(), ((),) * 7),
    Key("hours.volume", Length(), None),
    Key("hours.carry", Choice(("none", "next_month")), "none", "AMB-27"),
    Key("hours.overrun", Choice(("agreement", "refused")), "agreement", "AMB-27"),
    # -- article 5
    Key("call_start", Choice(("presented", "answered")), "presented", "AMB-06"),
    Key("stop_event", Choice(("first_act", "acknowledgement", "restored")), "first_act", "AMB-07"),
    Key("auto_repair_counts", Choice(("confirmed", "never")), "confirmed", "AMB-08"),
    Key("critical.hardware", Choice(("included", "without_penalty")), "included", "AMB-09"),
    Key("requalify", Choice(("with_reason", "client_only")), "with_reason", "AMB-10"),
    Key("pauses", Choice(("none", "proven_access_loss")), "none", "AMB-11"),
    Key("merge", Choice(("earliest", "each")), "earliest", "AMB-29"),
    # -- article 6
    Key("penalty.delay_unit", Choice(("target", "elapsed", "business")), "target", "AMB-14", DELAY_UNIT),
    Key("penalty.month", Choice(("deadline", "receipt", "split")), "deadline", "AMB-15"),
    Key("penalty.base", Choice(("line", "contract")), "line", "AMB-17"),
    Key("penalty.claim_window", Count("months"), None, "AMB-19"),
    Key("penalty.carry", Choice(("after_acceptance", "after_request")), "after_acceptance", "AMB-20"),
    Key("maintenance.notice", Length(), None, "AMB-22"),
)
"""In the order of the articles; said, not yet judged by a room, where `judged` is empty.

- `documents.upgrade`: a new version of a text governs once the client accepted it, or from the day it takes effect.
- `plan.included`: which of the ten things of article 4; `plan.channels`: ways to the technical support, the web
  interface always among them; `plan.slots`: spans of the week for minor updates, none: the provider chooses.
- `hours.volume`: administration a month, none agreed unless said; `hours.carry`: what is unused lapses, or counts
  in the next month; `hours.overrun`: beyond it, work waits for an explicit agreement, or is not done.
- `call_start`: a call counts from its first ring, answered or not, or from when it is answered.
- `stop_event`: what ends the clock: the first technical act of a person, an acknowledgement, or the recovery.
- `auto_repair_counts`: an automatic repair is an intervention once a probe confirmed it and the client knows; or never.
- `critical.hardware`: a blocking failure of hardware or network owes penalties as one of software does, or is only
  treated with the same urgency.
- `requalify`: the provider may change the priority that the client declared, with a reason; or the client alone.
- `pauses`: nothing suspends the clock, or a proven loss of the access that the client owes does.
- `merge`: several tickets of one incident have one clock, from the earliest receipt; or each its own.
- `penalty.delay_unit`: hours late are counted as the target is, all as they elapse, or all in business time.
- `penalty.month`: the month considered is that of the deadline, of the receipt, or each hour late has its own.
- `penalty.base`: the fee of the order line that covers the server, or of all the lines of the client together.
- `penalty.claim_window`: months within which a penalty may be asked for; none: as long as the law allows.
- `penalty.carry`: a penalty comes off the next invoice issued after it was accepted, or after it was asked for.
- `maintenance.notice`: how long before its start work must be announced; none: any time before.
"""

BY_NAME: Mapping[str, Key] = MappingProxyType({key.name: key for key in KEYS})
GROUPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        group: frozenset(key.name.partition(".")[2] for key in KEYS if key.name.startswith(f"{group}."))
        for group in dict.fromkeys(key.name.partition(".")[0] for key in KEYS if "." in key.name)
    }
)
"""The objects that hold further keys, with the names inside: `plan` has `included`, `channels`, `slots`."""
PLAIN = frozenset(key.name for key in KEYS if "." not in key.name)
"""The further keys that stand at the top of the terms."""

Further = tuple[tuple[str, Value], ...]
"""The further values of terms, where they are not the usual ones, in the order of `KEYS`."""


def read(obj: Json) -> Further:
    """Return the further values of a complete object that differ from the usual; raise KeyRefused."""
    found: list[tuple[str, Value]] = []
    for key in KEYS:
        written = _written(obj, key.name)
        if written is None:
            continue
        value = key.kind.read(written, key.name)
        if key.name == "plan.channels" and isinstance(value, tuple) and "web" not in value:
            raise KeyRefused(
                key.name, written, 'the web interface is part of every plan (article 4); add "web"'
            )
        if value != key.usual:
            found.append((key.name, value))
    return tuple(found)


def write(further: Further) -> Json:
    """Return further values as JSON objects, ready to be joined with the rest of the terms."""
    written: Json = {}
    for name, value in further:
        group, dot, rest = name.partition(".")
        shown = BY_NAME[name].kind.write(value)
        if dot:
            written.setdefault(group, {})[rest] = shown
        else:
            written[name] = shown
    return written


def value_of(further: Further, name: str) -> Value:
    """Return the value of a key, the usual one where it is not among `further`; KeyError for an unknown key."""
    return dict(further).get(name, BY_NAME[name].usual)


def said_only(further: Further) -> tuple[str, ...]:
    """Return the keys whose value the text says and no room judges yet: whoever writes them applies them by hand."""
    return tuple(name for name, _ in further if not BY_NAME[name].judged)


def _written(obj: Json, name: str) -> Any:
    group, dot, rest = name.partition(".")
    inside = obj.get(group)
    return inside.get(rest) if dot and isinstance(inside, dict) else None if dot else inside


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
