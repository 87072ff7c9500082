"""The tables of docs/rules/readings.md, worked out from the keys that the terms have."""

import json
from pathlib import Path

import astreinte
from astreinte.rules.sla import keys, terms

SOURCE = Path(astreinte.__file__).parent
SAID_ONLY = "said, not yet judged"
NONE = "none"

CLOCK = {
    "mixed_rule": terms.MIXED_RULES,
    "penalty.opening_hours": terms.OPENING_HOURS,
    "penalty.rounding": terms.ROUNDINGS,
    "penalty.cap_scope": terms.CAP_SCOPES,
}
KINDS_OF_VALUES = {
    keys.Length: "a duration, or none",
    keys.Week: "spans of the week",
    keys.Names: "names",
}


def listed(names):
    return ", ".join(f"`{name}`" for name in names)


def built_in(name):
    value = terms.BUILT_IN
    for part in name.split("."):
        value = value[part]
    return value


def usual(name):
    if name not in keys.BY_NAME:
        return f"`{json.dumps(built_in(name))}`"
    key = keys.BY_NAME[name]
    if key.name == "plan.included":
        return "all of them" if key.usual == keys.INCLUDED else NONE
    return NONE if key.usual is None else f"`{json.dumps(key.kind.write(key.usual))}`"


def judged(name, row):
    """Return the judge that the row names, when that code really reads the key; of a further key, what it says."""
    if name in keys.BY_NAME:
        by = keys.BY_NAME[name].judged
        return f"`{by}`" if by else SAID_ONLY
    path = SOURCE / row["judged by"].strip("`")
    read = (
        name.rpartition(".")[2]
        if name not in ("targets.urgent", "calendar")
        else name.partition(".")[0].rstrip("s")
    )
    return row["judged by"] if path.is_file() and read in path.read_text() else "nobody reads it there"


def register(row):
    name = row["key"].strip("`")
    if name == "–":
        path = SOURCE / row["judged by"].strip("`")
        return {"key": "–", "judged by": row["judged by"] if path.is_file() else "no such file", "usual": ""}
    found = {"usual": usual(name), "judged by": judged(name, row)}
    readings = CLOCK.get(name) or (keys.BY_NAME[name].readings if name in keys.BY_NAME else ())
    if readings:
        found["readings"] = listed(readings)
    if name == "plan.included":
        found["readings"] = f"independent: any of {listed(keys.INCLUDED)}"
    return found


def plan(row):
    key = keys.BY_NAME[row["key"].strip("`")]
    return {
        "written": KINDS_OF_VALUES[type(key.kind)],
        "usual": usual(key.name),
        "judged by": key.judged or SAID_ONLY,
    }


KINDS = {"register of readings": register, "values of the plan": plan}
