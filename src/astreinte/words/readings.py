"""Which reading of the contract is kept where its words leave a choice, said in the sentences of our own text.

The sentences are those that `own_terms` prints: what a client reads on a page and what the text promises are one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from astreinte.rules.sla import keys
from astreinte.rules.sla import terms as terms_
from astreinte.rules.sla.terms import Terms
from astreinte.words import hearer
from astreinte.words.own_terms.filling import Filling
from astreinte.words.own_terms.marking import unmarked
from astreinte.words.own_terms.wording import Wording
from astreinte.words.typography import set_type

Change = Callable[[Terms, str], Terms]

_QUESTIONS = {
    "fr": {
        "mixed_rule": "Un ticket qui passe d'un régime à l'autre",
        "clock_starts_on": "Ce qui fait courir le délai",
        "call_start": "Un appel, reçu quand ?",
        "stop_event": "Ce qui met fin au délai",
        "auto_repair_counts": "Une réparation automatique",
        "critical.hardware": "Une panne du matériel ou du réseau",
        "requalify": "Qui fixe la priorité",
        "pauses": "Ce qui suspend le délai",
        "merge": "Plusieurs signalements",
        "relapse_within": "Une panne qui revient",
        "business_hours": "Les heures ouvrées",
        "calendar": "Les jours fériés",
        "closed_days": "Les autres jours de fermeture",
        "penalty.opening_hours": "Les heures d'ouverture du mois",
        "penalty.rounding": "L'heure de retard entamée",
        "penalty.delay_unit": "Les heures de retard",
        "penalty.month": "Le mois considéré",
        "penalty.base": "Le forfait mensuel",
        "penalty.cap_scope": "Le plafond",
        "penalty.claim_window": "Le temps de la demande",
        "penalty.carry": "La déduction",
        "maintenance.notice": "Les travaux programmés",
        "documents.upgrade": "Une nouvelle version des conditions",
        "hours.volume": "Le volume d'administration",
        "hours.carry": "Les heures non utilisées",
        "hours.overrun": "Les heures en plus",
        "plan.channels": "Le support technique",
        "plan.slots": "Les mises à jour mineures",
    },
    "en-gb": {
        "mixed_rule": "A ticket that crosses from one regime to the other",
        "clock_starts_on": "What starts the time",
        "call_start": "A call: received when?",
        "stop_event": "What ends the time",
        "auto_repair_counts": "An automatic repair",
        "critical.hardware": "A failure of hardware or network",
        "requalify": "Who sets the priority",
        "pauses": "What suspends the time",
        "merge": "Several reports",
        "relapse_within": "A failure that comes back",
        "business_hours": "Business hours",
        "calendar": "Public holidays",
        "closed_days": "Other closed days",
        "penalty.opening_hours": "The opening hours of the month",
        "penalty.rounding": "The hour late that has begun",
        "penalty.delay_unit": "The hours late",
        "penalty.month": "The month considered",
        "penalty.base": "The monthly fee",
        "penalty.cap_scope": "The cap",
        "penalty.claim_window": "The time to ask",
        "penalty.carry": "The set-off",
        "maintenance.notice": "Scheduled work",
        "documents.upgrade": "A new version of the terms",
        "hours.volume": "The volume of administration",
        "hours.carry": "Hours that are not used",
        "hours.overrun": "Hours beyond",
        "plan.channels": "Technical support",
        "plan.slots": "Minor updates",
    },
}
"""What each reading is about, in the order of a page: the promise, the sum, then the rest."""

_FIELDS = {"penalty.opening_hours": "penalty.formula", "penalty.cap_scope": "penalty.cap"}
"""The field of our text that says a key, where it has another name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One point that the words of a contract leave open: what it is about, how it is read, how else it could be.

    `others` is empty where the parties agree on a value freely; `is_usual` says that the value is the general one;
    `by_hand`, that no room of the product acts by it yet: people have to.
    """

    key: str
    about: str
    kept: str
    others: tuple[str, ...]
    is_usual: bool
    by_hand: bool


def readings(terms: Terms) -> tuple[Reading, ...]:
    """Return the readings that terms keep, in the language of the hearer."""
    usual = terms_.parse(terms_.built_in())
    return tuple(_reading(name, terms, usual) for name in _QUESTIONS["fr"])


def included(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Return what a plan includes (article 4): the name of each thing in `keys.INCLUDED`, and its words."""
    wording = Wording(hearer().language, is_markdown=False)
    names = terms.value("plan.included")
    assert isinstance(names, tuple), "the kind of the key"
    return tuple((str(name), set_type(wording.say(f"included.{name}"))) for name in names)


def _reading(name: str, terms: Terms, usual: Terms) -> Reading:
    kept = _sentence(name, terms)
    others = dict.fromkeys(_sentence(name, other) for other in _others(name, terms))
    return Reading(
        key=name,
        about=set_type(_QUESTIONS[hearer().language][name]),
        kept=kept,
        others=tuple(one for one in others if one != kept),
        is_usual=kept == _sentence(name, usual),
        by_hand=name in keys.said_only(terms.further),
    )


def _sentence(name: str, terms: Terms) -> str:
    filling = Filling(terms, Wording(hearer().language, is_markdown=False))
    return set_type(unmarked(filling.field(_FIELDS.get(name, name))))


def _others(name: str, terms: Terms) -> Iterator[Terms]:
    """Give the terms with each of the readings that a key can have."""
    if name in _CLOCK:
        values, change = _CLOCK[name]
        yield from (change(terms, value) for value in values)
    elif name in keys.BY_NAME:
        yield from (_with(terms, name, value) for value in keys.BY_NAME[name].readings)


def _with(terms: Terms, name: str, value: str) -> Terms:
    kept = [pair for pair in terms.further if pair[0] != name]
    return replace(terms, further=(*kept, (name, value)))


def _penalty(part: str) -> Change:
    def change(terms: Terms, value: str) -> Terms:
        parts: dict[str, Any] = {part: value}
        return replace(terms, penalty=replace(terms.penalty, **parts))

    return change


_CLOCK: dict[str, tuple[tuple[str, ...], Change]] = {
    "mixed_rule": (terms_.MIXED_RULES, lambda terms, value: replace(terms, mixed_rule=value)),
    "penalty.opening_hours": (terms_.OPENING_HOURS, _penalty("opening_hours")),
    "penalty.rounding": (terms_.ROUNDINGS, _penalty("rounding")),
    "penalty.cap_scope": (terms_.CAP_SCOPES, _penalty("cap_scope")),
}
