"""The tables of docs/rules/application.md, worked out: which document prevails, what is worse for the client."""

import json

from astreinte.rules.sla import comparing, ranking, terms
from astreinte.rules.sla.ranking import Layer

RANKS = ("general_service", "general_sale", "special")


def read(cell):
    return json.loads(cell.strip("`")) if cell else {}


def shown(value):
    return f"`{json.dumps(value)}`"


def precedence(row):
    said = [Layer(rank, values=read(row[rank])) for rank in RANKS if row[rank]]
    said += [Layer("specific", patch=read(row["specific"]))] if row["specific"] else []
    _, values = ranking.resolve(terms.built_in(), "terms", said)
    (found,) = [one for one in values if one.key == row["key"].strip("`")]
    return {
        "value": shown(found.value),
        "said by": found.source,
        "over": "; ".join(f"{one.source} {shown(one.value)}" for one in found.overrode),
    }


def worse(row):
    before = terms.resolve(read(row["before"]))
    after = terms.merge(before, read(row["specific contract"]))
    found = comparing.worse(before, after)
    said = {comparing.WORSE: "worse", comparing.UNKNOWN: "unknown"}
    return {"for the client": ", ".join(f"`{one.key}` {said[one.how]}" for one in found) or "no worse"}


KINDS = {"precedence": precedence, "worse for the client": worse}
