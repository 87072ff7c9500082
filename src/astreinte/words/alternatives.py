"""The readings of one ticket next to each other: how each is called, and the table as plain text."""

from collections.abc import Sequence

from astreinte.rules.sla.alternatives import Row
from astreinte.words import formats, hearer
from astreinte.words.typography import set_type

NAMES = {
    "fr": {
        "in_force": "tel que jugé",
        "reception": "art. 5 : le régime de la réception décide",
        "proportional": "art. 5 : au prorata des deux délais",
        "separate": "art. 5 : deux compteurs séparés",
        "business_only": "art. 5 : en heures ouvrées seulement",
        "more_channels": "art. 5 : nos sondes et les courriels comptent aussi",
        "elsewhere": "art. 5 : jours fériés d’Alsace-Moselle",
        "business": "art. 6 : heures ouvrées du mois au diviseur",
        "elapsed": "art. 6 : toutes les heures du mois au diviseur",
        "late_on_target": "art. 6 : retard sur l’horloge du délai promis",
        "late_elapsed": "art. 6 : retard en temps écoulé",
        "late_business": "art. 6 : retard en heures ouvrées seulement",
        "started": "art. 6 : par heure commencée",
        "completed": "art. 6 : par heure révolue",
        "prorata": "art. 6 : au prorata du temps",
        "no_cap": "art. 6 : sans plafond",
    },
    "en-gb": {
        "in_force": "as judged",
        "reception": "art. 5: the regime of the receipt decides",
        "proportional": "art. 5: in proportion of the two times",
        "separate": "art. 5: two counters apart",
        "business_only": "art. 5: in business hours alone",
        "more_channels": "art. 5: our probes and e-mail count as well",
        "elsewhere": "art. 5: public holidays of Alsace-Moselle",
        "business": "art. 6: divided by the business hours of the month",
        "elapsed": "art. 6: divided by all hours of the month",
        "late_on_target": "art. 6: late on the clock of the target",
        "late_elapsed": "art. 6: late in elapsed time",
        "late_business": "art. 6: late in business hours alone",
        "started": "art. 6: per started hour",
        "completed": "art. 6: per completed hour",
        "prorata": "art. 6: in proportion to the time",
        "no_cap": "art. 6: without a cap",
    },
}
HEADS = {
    "fr": ("lecture", "échéance", "retard", "dû"),
    "en-gb": ("reading", "deadline", "late", "due"),
}
ALONE = {
    "fr": "Chaque ligne change une seule lecture, et tient le ticket pour le seul de son mois.",
    "en-gb": "Each line changes one reading alone, and takes the ticket for the only one of its month.",
}
NONE = "–"


def name(reading: str) -> str:
    """Return how a reading is called."""
    return set_type(NAMES[hearer().language][reading])


def cells(row: Row) -> tuple[str, str, str, str]:
    """Return a row as texts: the reading, its deadline, the lateness, the sum."""
    return (
        name(row.name),
        NONE if row.deadline is None else formats.instant(row.deadline),
        formats.lasting(row.late_seconds) if row.late_seconds else NONE,
        formats.amount(row.due_cents),
    )


def heads() -> tuple[str, str, str, str]:
    """Return the heads of the table."""
    return HEADS[hearer().language]


def alone() -> str:
    """Say what a line is, and what it is not."""
    return set_type(ALONE[hearer().language])


def as_text(rows: Sequence[Row]) -> str:
    """Return the table, aligned."""
    table = [heads(), *map(cells, rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(heads()))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join([*(line.rstrip() for line in lines), "", alone()])
