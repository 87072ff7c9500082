"""What a contract promises, as rows to read: the very values that the clock uses."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astreinte.doors import naming, saying
from astreinte.doors.cards import rounding_words
from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import OrderLine
from astreinte.records.inventory.models import Server
from astreinte.records.tickets.qualifying import STRENGTH
from astreinte.rules.sla import instants
from astreinte.rules.sla.terms import RELAPSE_WITHIN


@dataclass(frozen=True, slots=True)
class Promise:
    """An order line as it stands at an instant: its price, its values, and where they come from."""

    line: OrderLine
    cents: int
    period: str
    origin: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def of_line(line: OrderLine, at: datetime, server: Server | None = None) -> Promise | None:
    """Return what `line` promises at `at`, on `server` or where none is named; None when no terms govern it then."""
    found = resolving.of_line(line, at, server)
    if found is None:
        return None
    fee = resolving.fee(line, at)
    return Promise(
        line, int(fee.cents), naming.period(fee.period), found.origin, tuple(values(found.terms.as_dict()))
    )


def changes(patch: str) -> list[tuple[str, str]]:
    """Return what a patch of terms (its JSON text) changes, as (dotted key, value); what it takes away is "none"."""
    return list(_changes("", json.loads(patch)))


def _changes(place: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _changes(f"{place}.{key}" if place else key, inner)
    elif place:
        yield place, _change(value)


def _change(value: Any) -> str:
    if value is None or value in ([], {}):
        return _("none")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def values(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the values of resolved terms as (name, words), in the order of the articles."""
    rows = [(naming.priority(name), _target(target)) for name, target in _by_gravity(body["targets"])]
    rows += [
        (_("Business hours"), _hours(body["business_hours"])),
        (_("Public holidays"), _holidays(body.get("calendar"))),
        (_("The clock starts on"), ", ".join(naming.channel(channel) for channel in body["clock_starts_on"])),
        (_("Reading of article 5"), _mixed(body["mixed_rule"])),
        (_("The same failure"), _relapse(body.get("relapse_within", RELAPSE_WITHIN))),
    ]
    return rows + _penalty(body["penalty"])


def _holidays(calendar: str | None) -> str:
    """Return whose public holidays count: a calendar is `FR`, or `FR-` and a subdivision."""
    if not calendar:
        return _("none")
    if calendar == "FR":
        return _("those of metropolitan France")
    return _("those of France, with what is its own in %(subdivision)s") % {"subdivision": calendar}


def _by_gravity(targets: dict[str, Any]) -> list[tuple[str, Any]]:
    known = {name: rank for rank, name in enumerate(STRENGTH)}
    return sorted(targets.items(), key=lambda pair: known.get(pair[0], len(known)))


def _target(target: dict[str, str]) -> str:
    if not target:
        return _("nothing guaranteed, an internal target only")
    business = _duration(target["business"])
    if "non_business" not in target:
        return _("%(time)s of business hours to intervene") % {"time": business}
    other = _duration(target["non_business"])
    return _("%(business)s to intervene in business hours, %(other)s outside") % {
        "business": business,
        "other": other,
    }


def _relapse(within: str) -> str:
    said = _(
        "one that comes back within %(time)s of its recovery: its clock runs again without a new declaration"
    )
    return said % {"time": _duration(within)}


def _duration(text: str) -> str:
    return saying.lasting(timedelta(seconds=instants.parse_duration(text)))


def _hours(days: dict[str, list[str]]) -> str:
    names = {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }
    said = []
    for key, spans in days.items():
        first, _dash, last = key.partition("-")
        day = names.get(first, first)
        if last:
            day = _("%(first)s to %(last)s") % {"first": day, "last": names.get(last, last)}
        said.append(f"{day} {', '.join(spans)}")
    return " · ".join(said) or _("none")


def _mixed(rule: str) -> str:
    known = {
        "reception": _("the regime of the instant of reception decides"),
        "proportional": _("in proportion to the time spent in each regime"),
        "separate": _("each regime counts its own time"),
    }
    return known[rule]


def _penalty(penalty: dict[str, Any]) -> list[tuple[str, str]]:
    rounding = rounding_words(penalty["rounding"])
    hours = (
        _("business hours of the month")
        if penalty["opening_hours"] == "business"
        else _("all hours of the month")
    )
    fee = _("%(times)s × the monthly fee ÷ %(hours)s, %(rounding)s") % {
        "times": penalty["multiplier"],
        "hours": hours,
        "rounding": rounding,
    }
    rows = [(_("Penalty (art. 6)"), fee)]
    cap = penalty.get("cap")
    if cap is None:
        return [*rows, (_("Cap"), _("none"))]
    said = ngettext("%(cap)s monthly fee", "%(cap)s monthly fees", 1 if cap == "1" else 2) % {"cap": cap}
    scope = _("per month") if penalty["cap_scope"] == "month" else _("per ticket")
    return [*rows, (_("Cap"), f"{said} {scope}")]
