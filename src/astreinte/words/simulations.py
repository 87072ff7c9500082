"""What other terms would have cost, in words: one sentence, and the months as a table of plain text."""

from astreinte.rules.sla.simulating import Comparison
from astreinte.words import formats, hearer
from astreinte.words.typography import set_type

TEXTS = {
    "fr": {
        "more": "Ces conditions auraient coûté {sum} de plus : {second} en retard au lieu de {first}.",
        "less": "Ces conditions auraient coûté {sum} de moins : {second} en retard au lieu de {first}.",
        "same": "Ces conditions auraient coûté la même somme : {second} en retard au lieu de {first}.",
        "ticket": "{count} ticket",
        "tickets": "{count} tickets",
        "month": "mois",
        "late": "en retard",
        "due": "dû",
        "before": "avant",
        "after": "après",
        "all": "total",
    },
    "en-gb": {
        "more": "These terms would have cost {sum} more: {second} late instead of {first}.",
        "less": "These terms would have cost {sum} less: {second} late instead of {first}.",
        "same": "These terms would have cost the same: {second} late instead of {first}.",
        "ticket": "{count} ticket",
        "tickets": "{count} tickets",
        "month": "month",
        "late": "late",
        "due": "due",
        "before": "before",
        "after": "after",
        "all": "all",
    },
}


def sentence(found: Comparison) -> str:
    """Say the difference in one sentence."""
    texts, more = TEXTS[hearer().language], found.more_cents
    first, second = found.sides
    count = texts["ticket" if second.late < 2 else "tickets"].format(count=second.late)
    said = texts["more" if more > 0 else "less" if more else "same"]
    return set_type(said.format(sum=formats.amount(abs(more)), second=count, first=first.late))


def as_text(found: Comparison) -> str:
    """Return the sentence and the table of the months."""
    texts = TEXTS[hearer().language]
    heads = [texts["month"]]
    heads += [f"{texts[what]} {texts[when]}" for what in ("late", "due") for when in ("before", "after")]
    rows = [heads] + [
        [one.month, *map(str, one.late), *map(formats.amount, one.due_cents)] for one in found.months
    ]
    late, due = [str(side.late) for side in found.sides], [side.due_cents for side in found.sides]
    rows.append([texts["all"], *late, *map(formats.amount, due)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([sentence(found), "", *table])
