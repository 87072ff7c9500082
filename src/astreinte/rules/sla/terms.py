"""Terms: what a contract promises and owes, as data (articles 5 and 6; what a specific contract changes).

A terms object is a JSON Merge Patch on the terms it extends. Two honest readings of a clause are
two values of a key, never two pieces of code.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from astreinte.rules import money
from astreinte.rules.sla import hours, instants, keys
from astreinte.rules.sla.calendar import Calendar, CalendarError, holidays_of
from astreinte.rules.sla.exclusions import GROUNDS
from astreinte.rules.sla.zones import ZoneError, zone

Json = dict[str, Any]

BUILT_IN: Json = {
    "id": "infogerance-2017",
    "timezone": "Europe/Paris",
    "calendar": "FR",
    "closed_days": [],
    "business_hours": {"mon-fri": ["09:00-12:00", "14:00-18:00"]},
    "targets": {
        "critical": {"business": "2h", "non_business": "4h"},
        "urgent": {"business": "8h"},
        "normal": {},
        "low": {},
    },
    "mixed_rule": "reception",
    "clock_starts_on": ["web", "phone"],
    "penalty": {
        "multiplier": "5",
        "opening_hours": "business",
        "rounding": "started",
        "cap": "1",
        "cap_scope": "month",
    },
    "exclusions": list(GROUNDS),
}
"""The general terms of 1 July 2017. Never changed in place: take a copy with `built_in()`."""

MIXED_RULES = ("reception", "proportional", "separate")
OPENING_HOURS = ("business", "elapsed")
ROUNDINGS = ("started", "completed", "prorata")
CAP_SCOPES = ("month", "ticket")
RELAPSE_WITHIN = "30m"
"""`relapse_within` where terms do not name it: so soon after a recovery that was sure, a fault is the same one."""

_KEYS = frozenset(BUILT_IN) | {"extends", "relapse_within"} | keys.PLAIN | frozenset(keys.GROUPS)
_GROUPS = {**keys.GROUPS, "penalty": frozenset(BUILT_IN["penalty"]) | keys.GROUPS["penalty"]}
_TARGET_KEYS = frozenset({"business", "non_business"})


class TermsError(ValueError):
    """Terms that cannot be read: the dotted place, the value there, the way out."""

    def __init__(self, place: str, value: object, way_out: str) -> None:
        super().__init__(f"{place}: {shown(value)}: {way_out}")
        self.place, self.value, self.way_out = place, value, way_out


def shown(value: object) -> str:
    """Return a value as JSON for a message, cut when it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"


@dataclass(frozen=True, slots=True)
class Target:
    """The time to intervene of a priority, in seconds; without `non_business`, of business time only."""

    business: int
    non_business: int | None


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """Article 6 as numbers: `multiplier` and `cap` count monthly fees; a cap of None is no cap."""

    multiplier: Fraction
    opening_hours: str
    rounding: str
    cap: Fraction | None
    cap_scope: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Resolved terms: a value; `targets` holds None for a priority without a promise.

    `relapse_within` is in seconds: a fault that comes back so soon after its recovery is the same incident.
    `further` holds the readings and what the plan has, where they are not the usual ones (`rules.sla.keys`).
    """

    id: str | None
    calendar: Calendar
    targets: tuple[tuple[str, Target | None], ...]
    mixed_rule: str
    clock_starts_on: tuple[str, ...]
    penalty: PenaltyTerms
    exclusions: tuple[str, ...]
    relapse_within: int = instants.parse_duration(RELAPSE_WITHIN)
    further: keys.Further = ()

    @property
    def priorities(self) -> tuple[str, ...]:
        """The priorities that these terms name, with a promise or without."""
        return tuple(name for name, _ in self.targets)

    @property
    def frozen(self) -> dict[int, tuple[date, ...]]:
        """The public holidays frozen into these terms, by year."""
        return dict(self.calendar.frozen)

    def value(self, key: str) -> keys.Value:
        """Return the value of one of the further keys, such as "plan.channels"; KeyError for an unknown one."""
        return keys.value_of(self.further, key)

    def target(self, priority: str) -> Target | None:
        """Return what is promised for a priority, None for none; raise TermsError for an unknown one."""
        for name, target in self.targets:
            if name == priority:
                return target
        known = _one_of(self.priorities)
        raise TermsError("priority", priority, f"not a priority of these terms; use {known}")

    def as_dict(self) -> Json:
        """Return the complete terms as JSON values; `parse` gives these terms back."""
        calendar, penalty = self.calendar, self.penalty
        named: Json = {} if self.id is None else {"id": self.id}
        within = instants.duration_text(self.relapse_within)
        # Left out where it is the usual one: traces and terms stored before the key stay the same to the letter.
        more: Json = {} if within == RELAPSE_WITHIN else {"relapse_within": within}
        further = keys.write(self.further)
        return (
            named
            | more
            | {
                "timezone": calendar.timezone,
                "calendar": calendar.name,
                "closed_days": [day.isoformat() for day in calendar.closed_days],
                "business_hours": hours.as_dict(calendar.hours),
                "targets": {name: _target_as_dict(target) for name, target in self.targets},
                "mixed_rule": self.mixed_rule,
                "clock_starts_on": list(self.clock_starts_on),
                "penalty": {
                    "multiplier": money.decimal_text(penalty.multiplier),
                    "opening_hours": penalty.opening_hours,
                    "rounding": penalty.rounding,
                    "cap": None if penalty.cap is None else money.decimal_text(penalty.cap),
                    "cap_scope": penalty.cap_scope,
                    **further.pop("penalty", {}),
                },
                "exclusions": list(self.exclusions),
            }
            | further
        )


def built_in() -> Json:
    """Return a fresh copy of the general terms of 2017, complete."""
    return deepcopy(BUILT_IN)


def merge(base: Json, patch: Json) -> Json:
    """Return `base` changed by `patch` (RFC 7396): objects merge, lists are replaced, null takes away.

    Raises TermsError for a key of the patch that terms do not have, even one that it takes away. `id`
    and `extends` belong to one object and are not inherited.
    """
    _check_keys(patch)
    merged: Json = _merge({key: value for key, value in base.items() if key != "id"}, patch)
    merged.pop("extends", None)
    return merged


def resolve(patch: Json, known: Mapping[str, Json] | None = None) -> Json:
    """Return the complete terms that a patch comes to, on the terms of `known` that it extends.

    The built-in terms are extended when it names none. Raises TermsError.
    """
    base = patch.get("extends")
    if base is None or base == BUILT_IN["id"]:
        return merge(built_in(), patch)
    found = (known or {}).get(base) if isinstance(base, str) else None
    if found is None:
        raise TermsError("extends", base, f"no such terms; define them first, or extend {BUILT_IN['id']}")
    return merge(found, patch)


def parse(obj: Json, *, frozen: Mapping[int, Sequence[date]] | None = None) -> Terms:
    """Return the terms of a complete object, such as `resolve`, `merge` or `Terms.as_dict` gives.

    `frozen` gives the public holidays of settled years: exactly these are used for these years.
    Raises TermsError with the dotted place, the value and the way out.
    """
    _check_keys(obj)
    name = obj.get("id")
    if name is not None and not isinstance(name, str):
        raise TermsError("id", name, "expected text")
    targets = _object(obj, "targets")
    return Terms(
        id=name,
        calendar=_calendar(obj, frozen or {}),
        targets=tuple((priority, _target(priority, value)) for priority, value in targets.items()),
        mixed_rule=_choice(obj, "mixed_rule", "", MIXED_RULES),
        clock_starts_on=_texts(obj, "clock_starts_on"),
        penalty=_penalty(_object(obj, "penalty")),
        exclusions=_texts(obj, "exclusions"),
        relapse_within=_relapse_within(obj),
        further=_further(obj),
    )


def _merge(base: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value)
    return merged


def _check_keys(obj: Any) -> None:
    """Refuse a key that terms do not have, and what is no object where one is expected."""
    _known_keys(obj, "terms", _KEYS, "")
    for group, known in _GROUPS.items():
        _known_keys(_object(obj, group), group, known, f"{group}.")
    for priority, target in _object(obj, "targets").items():
        place = f"targets.{priority}"
        _known_keys({} if target is None else target, place, _TARGET_KEYS, f"{place}.")
    for days, spans in _object(obj, "business_hours").items():
        _read_hours({days: [] if spans is None else spans})


def _object(obj: Json, key: str) -> Json:
    value = obj.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TermsError(key, value, "expected an object")
    return value


def _known_keys(obj: object, place: str, known: Iterable[str], prefix: str) -> None:
    if not isinstance(obj, dict):
        raise TermsError(place, obj, "expected an object")
    for key, value in obj.items():
        if key not in known:
            raise TermsError(f"{prefix}{key}", value, f"unknown key; known are {', '.join(sorted(known))}")


def _calendar(obj: Json, frozen: Mapping[int, Sequence[date]]) -> Calendar:
    timezone, name = obj.get("timezone"), obj.get("calendar")
    try:
        zone(_text(timezone, "timezone"))
    except ZoneError as error:
        raise TermsError("timezone", timezone, str(error)) from None
    if name is not None:
        try:
            holidays_of(_text(name, "calendar"), 2017)
        except CalendarError as error:
            raise TermsError("calendar", name, str(error)) from None
    closed = _list(obj, "closed_days")
    for index, day in enumerate(closed):
        try:
            instants.parse_day(day)
        except instants.InstantError as error:
            raise TermsError(f"closed_days[{index}]", day, str(error)) from None
    return Calendar(
        timezone=str(timezone),
        name=name,
        closed_days=tuple(sorted({date.fromisoformat(day) for day in closed})),
        hours=_read_hours(_object(obj, "business_hours")),
        frozen=tuple(sorted((year, tuple(sorted(days))) for year, days in frozen.items())),
    )


def _read_hours(written: Json) -> tuple[hours.Hours, ...]:
    try:
        return hours.parse(written)
    except hours.HoursError as error:
        raise TermsError(f"business_hours.{error.place}", error.value, error.way_out) from None


def _further(obj: Json) -> keys.Further:
    try:
        return keys.read(obj)
    except keys.KeyRefused as error:
        raise TermsError(error.place, error.value, error.way_out) from None


def _relapse_within(obj: Json) -> int:
    value = obj.get("relapse_within")
    return _duration(RELAPSE_WITHIN if value is None else value, "relapse_within")


def _target(priority: str, obj: Json) -> Target | None:
    place = f"targets.{priority}"
    if not obj:
        return None
    if "business" not in obj:
        raise TermsError(place, obj, 'a time outside business hours alone is no target; add "business"')
    other = obj.get("non_business")
    return Target(
        business=_duration(obj["business"], f"{place}.business"),
        non_business=None if other is None else _duration(other, f"{place}.non_business"),
    )


def _duration(value: object, place: str) -> int:
    try:
        return instants.parse_duration(value)
    except instants.InstantError as error:
        raise TermsError(place, value, str(error)) from None


def _target_as_dict(target: Target | None) -> Json:
    if target is None:
        return {}
    written = {"business": instants.duration_text(target.business)}
    if target.non_business is not None:
        written["non_business"] = instants.duration_text(target.non_business)
    return written


def _penalty(obj: Json) -> PenaltyTerms:
    cap = obj.get("cap")
    return PenaltyTerms(
        multiplier=_factor(obj.get("multiplier"), "penalty.multiplier"),
        opening_hours=_choice(obj, "opening_hours", "penalty.", OPENING_HOURS),
        rounding=_choice(obj, "rounding", "penalty.", ROUNDINGS),
        cap=None if cap is None else _factor(cap, "penalty.cap"),
        cap_scope=_choice(obj, "cap_scope", "penalty.", CAP_SCOPES),
    )


def _factor(value: object, place: str) -> Fraction:
    try:
        return money.parse_decimal(value)
    except money.MoneyError:
        raise TermsError(place, value, 'expected a decimal string, in quotes, such as "12.5"') from None


def _choice(obj: Json, key: str, prefix: str, allowed: tuple[str, ...]) -> str:
    value = obj.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise TermsError(f"{prefix}{key}", value, f"expected {_one_of(allowed)}")
    return value


def _list(obj: Json, key: str) -> list[Any]:
    value = obj.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise TermsError(key, value, "expected a list")
    return value


def _texts(obj: Json, key: str) -> tuple[str, ...]:
    return tuple(_text(value, f"{key}[{index}]") for index, value in enumerate(_list(obj, key)))


def _text(value: object, place: str) -> str:
    if isinstance(value, str):
        return value
    raise TermsError(place, value, "expected text")


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
