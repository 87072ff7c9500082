"""Is a change of terms worse for the client? Key by key (A1.3: article 6 foresees shorter times, higher penalties).

A direction that nobody can know (another time zone, other public holidays) is said, and counts as worse: somebody
else then reads it before it holds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from astreinte.rules.sla import hours, instants, keys
from astreinte.rules.sla.terms import RELAPSE_WITHIN

Json = dict[str, Any]

UNKNOWN = "unknown"
WORSE = "worse"
_NO_WORSE = ""
USUAL: Json = {"relapse_within": RELAPSE_WITHIN} | {
    key.name: None if key.usual is None else key.kind.write(key.usual) for key in keys.KEYS
}
"""What a key is where terms do not write it."""

_WHOLE = frozenset({"business_hours", "plan.slots"})
_NOT_PROMISED = frozenset({"id", "extends"})


@dataclass(frozen=True, slots=True)
class Worsening:
    """A key whose new value is worse for the client, or whose direction is unknown (`how`); None: not there."""

    key: str
    before: Any
    after: Any
    how: str

    def __str__(self) -> str:
        words = "worse for the client" if self.how == WORSE else "nobody can say whether better or worse"
        return f"{self.key}: {_shown(self.before)} → {_shown(self.after)} ({words})"


def leaves(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of terms, or of a patch of them, by dotted key; the hours of the week are one value.

    A priority without a promise is a key with the value {}. What names the terms (`id`) is no value.
    """
    return dict(_leaves("", body))


def meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the dotted keys that two patches of terms both speak of, sorted: laid over one server they would clash."""
    mine, theirs = leaves(one), leaves(other)
    return sorted(
        {key for key in mine for against in theirs if key == against or key.startswith(f"{against}.")}
        | {key for key in theirs for against in mine if key.startswith(f"{against}.")}
    )


def worse(before: Json, after: Json) -> tuple[Worsening, ...]:
    """Return each key of complete terms that `after` makes worse for the client, or nobody knows; targets first."""
    return (
        *_worse_targets(before.get("targets") or {}, after.get("targets") or {}),
        *_worse_values(before, after),
    )


def _worse_values(before: Json, after: Json) -> Iterator[Worsening]:
    was, is_now = leaves(before), leaves(after)
    for key in [*was, *(key for key in is_now if key not in was)]:
        if key.partition(".")[0] == "targets":
            continue
        usual = USUAL.get(key)
        old, new = was.get(key, usual), is_now.get(key, usual)
        how = _NO_WORSE if old == new else _DIRECTIONS.get(key, _unknown)(old, new)
        if how:
            yield Worsening(key, old, new, how)


def _worse_targets(before: Json, after: Json) -> Iterator[Worsening]:
    """A longer time is worse, and so is a promise that is no more; one more priority or promise is better."""
    for priority, old in before.items():
        new, key = after.get(priority) or {}, f"targets.{priority}"
        if not old or old == new:
            continue
        if not new:
            yield Worsening(key, old, None, WORSE)
            continue
        if _seconds(new["business"]) > _seconds(old["business"]):
            yield Worsening(f"{key}.business", old["business"], new["business"], WORSE)
        yield from _worse_outside(f"{key}.non_business", old, new)


def _worse_outside(key: str, old: Json, new: Json) -> Iterator[Worsening]:
    """Without a time outside business hours, business time alone counts: so much or more passes in any case."""
    was, is_now = old.get("non_business"), new.get("non_business")
    if was is not None and (is_now is None or _seconds(is_now) > _seconds(was)):
        yield Worsening(key, was, is_now, WORSE)
    elif was is None and is_now is not None and _seconds(is_now) > _seconds(new["business"]):
        yield Worsening(key, was, is_now, UNKNOWN)


def _leaves(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping) or not value or place in _WHOLE:
        if place:
            yield place, value
        return
    for key, inner in value.items():
        dotted = f"{place}.{key}" if place else key
        if dotted not in _NOT_PROMISED:
            yield from _leaves(dotted, inner)


def _unknown(_old: Any, _new: Any) -> str:
    return UNKNOWN


def _lower(old: Any, new: Any) -> str:
    return WORSE if Fraction(new) < Fraction(old) else _NO_WORSE


def _lower_limit(old: Any, new: Any) -> str:
    """None is no limit: no cap, no last day to ask."""
    if new is None:
        return _NO_WORSE
    return WORSE if old is None else _lower(old, new)


def _shorter(old: Any, new: Any) -> str:
    """None is no time at all."""
    return WORSE if (_seconds(new) if new else 0) < (_seconds(old) if old else 0) else _NO_WORSE


def _fewer(old: Any, new: Any) -> str:
    return WORSE if set(old or ()) - set(new or ()) else _NO_WORSE


def _more(old: Any, new: Any) -> str:
    return WORSE if set(new or ()) - set(old or ()) else _NO_WORSE


def _narrower(old: Any, new: Any) -> str:
    """Fewer hours are worse; more hours bring deadlines forward, but make each hour late cost less (article 6)."""
    was, is_now = _open_minutes(old), _open_minutes(new)
    if was - is_now:
        return WORSE
    return UNKNOWN if is_now - was else _NO_WORSE


def _later_in(order: tuple[str, ...]) -> Callable[[Any, Any], str]:
    """Return the comparison of values that stand from the best for the client to the worst."""
    return lambda old, new: WORSE if order.index(new) > order.index(old) else _NO_WORSE


def _mixed(old: Any, new: Any) -> str:
    """The proportional reading is never later than the separate one; against `reception` it depends on the instant."""
    if {old, new} == {"proportional", "separate"}:
        return WORSE if new == "separate" else _NO_WORSE
    return UNKNOWN


def _seconds(text: Any) -> int:
    return instants.parse_duration(text)


def _open_minutes(week: Any) -> set[tuple[int, int]]:
    """Return the minutes of the week that are open, as (day, minute)."""
    days = enumerate(hours.parse(week or {}))
    return {
        (day, second // 60)
        for day, spans in days
        for first, last in spans
        for second in range(first, last, 60)
    }


def _shown(value: Any) -> str:
    return (
        "none"
        if value in (None, {})
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )


_DIRECTIONS: dict[str, Callable[[Any, Any], str]] = {
    "mixed_rule": _mixed,
    "clock_starts_on": _fewer,
    "business_hours": _narrower,
    "closed_days": _more,
    "relapse_within": _shorter,
    "penalty.multiplier": _lower,
    "penalty.opening_hours": _later_in(("business", "elapsed")),
    "penalty.rounding": _later_in(("started", "prorata", "completed")),
    "penalty.cap": _lower_limit,
    "penalty.cap_scope": _later_in(("ticket", "month")),
    "penalty.delay_unit": _later_in(("elapsed", "target", "business")),
    "penalty.claim_window": _lower_limit,
    "exclusions": _more,
    "documents.upgrade": _later_in(("on_acceptance", "on_effect")),
    "plan.included": _fewer,
    "plan.channels": _fewer,
    "hours.volume": _shorter,
    "hours.carry": _later_in(("next_month", "none")),
    "call_start": _later_in(("presented", "answered")),
    "stop_event": _later_in(("restored", "first_act", "acknowledgement")),
    "critical.hardware": _later_in(("included", "without_penalty")),
    "requalify": _later_in(("client_only", "with_reason")),
    "pauses": _later_in(("none", "proven_access_loss")),
    "maintenance.notice": _shorter,
}
