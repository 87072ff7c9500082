"""Terms in which one key after the other is changed: made from the keys that terms have, none is left out by hand."""

import re

from astreinte.rules.sla import keys, terms

CLOCK = {
    "id": "gold",
    "timezone": "America/Guadeloupe",
    "calendar": "FR-57",
    "closed_days": ["2026-05-15"],
    "business_hours": {"mon-sat": ["08:30-20:00"]},
    "targets.critical.business": "1h",
    "targets.critical.non_business": "90m",
    "targets.urgent.business": "12h",
    "targets.normal": {"business": "16h"},
    "targets.low": {"business": "40h"},
    "mixed_rule": "separate",
    "clock_starts_on": ["web", "monitoring"],
    "penalty.multiplier": "12.5",
    "penalty.opening_hours": "elapsed",
    "penalty.rounding": "completed",
    "penalty.cap": "2",
    "penalty.cap_scope": "ticket",
    "exclusions": ["scheduled_maintenance"],
    "relapse_within": "1h",
}
FURTHER = {
    "plan.included": ["support"],
    "plan.channels": ["web", "chat"],
    "plan.slots": {"tue-thu": ["18:00-23:00"]},
    "hours.volume": "3h30m",
    "penalty.claim_window": 24,
    "maintenance.notice": "48h",
}


def leaves(value, place=""):
    """Return the dotted places of an object; a day of business hours is no key of its own, nor is an empty target."""
    inside = isinstance(value, dict) and value and place not in ("business_hours", "plan.slots")
    if not inside:
        return [place]
    return [leaf for key, one in value.items() for leaf in leaves(one, f"{place}.{key}" if place else key)]


ALL = [*leaves(terms.BUILT_IN), "relapse_within", *(key.name for key in keys.KEYS)]
"""Every key of the terms, down to its value."""


def others(name):
    """Return the other values of a key that are tried; each reading of a choice."""
    if name in keys.BY_NAME and name not in FURTHER:
        key = keys.BY_NAME[name]
        return [reading for reading in key.readings if reading != key.usual]
    return [FURTHER[name] if name in FURTHER else CLOCK[name]]


def changed(*values):
    """Return complete terms with keys changed; each value is (dotted name, value)."""
    complete = terms.built_in()
    for name, value in values:
        *way, last = name.split(".")
        inside = complete
        for step in way:
            inside = inside.setdefault(step, {})
        inside[last] = value
    return complete


EVERY = [(name, value) for name in ALL for value in others(name)]
AT_ONCE = changed(*((name, others(name)[-1]) for name in ALL))
"""Terms in which every key is another."""

NUMERALS = {
    "fr": "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante"
    "|cent|mille|double|triple|quadruple|quintuple|demi|demie|moitié|tiers d|douzième",
    "en-gb": "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    "|hundred|thousand|twice|thrice|double|triple|half|a third of|twelfth",
}


def numbers(text, language):
    """Return every number of a text, in figures or in words, but those of the articles that it counts or names."""
    bare = re.sub(r"(?i)\barticle\s\d+", "", text)
    return re.findall(rf"(?i)\d+|\b(?:{NUMERALS[language]})\b", bare)
