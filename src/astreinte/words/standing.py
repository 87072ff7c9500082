"""How a ticket stands, in one sentence: the same at the command line, in the API and wherever room is short."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.words import formats, hearer
from astreinte.words.typography import set_type

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentence may speak of; instants in UTC, amounts in cents. `state` as in commitments.standing."""

    state: str
    deadline: datetime | None = None
    left: timedelta | None = None
    late: timedelta = timedelta(0)
    stopped: datetime | None = None
    due_cents: int | None = None
    starts_on: Sequence[str] = ()
    intervened: bool = True


SENTENCES = {
    "fr": {
        "uncovered": "Aucun contrat ne couvre ce serveur : aucun délai d’intervention n’est garanti.",
        "no_target": "Le contrat ne garantit aucun délai d’intervention pour cette priorité.",
        "no_clock": "Le délai d’intervention garanti ne court pas : selon les conditions en vigueur, il part"
        " seulement {starts_on}.",
        "running": "L’horloge court jusqu’au {deadline} : il reste {left} pour commencer l’intervention.",
        "late": "En retard de {late} : l’échéance était le {deadline}, et personne n’est intervenu.{owed}",
        "met": "Tenu : l’intervention a commencé le {stopped}, avant l’échéance du {deadline}.",
        "closed": "Clos le {stopped}, avant l’échéance du {deadline}, sans intervention, avec une raison que le"
        " client peut lire ; rouvrir le ticket relance l’horloge.",
        "merged": "Réuni à un autre ticket : la promesse de celui-là vaut pour les deux.",
        "missed_closed": "Manqué : clos sans intervention le {stopped}, {late} après l’échéance du"
        " {deadline}.{owed}",
        "missed": "Manqué : l’intervention a commencé le {stopped}, {late} après l’échéance du {deadline}.{owed}",
        "no_deadline": "L’horloge court ; ces conditions n’atteignent aucune échéance.",
        "owed": " Dû à cet instant : {due}.",
        "owed in all": " Dû : {due}.",
        "same": "Recalculé depuis la trace conservée : identique.",
        "differs": "Recalculé depuis la trace conservée : DIFFÉRENT. Le chiffre affiché n’est pas celui que la"
        " trace donne ; lancez `astreinte journal verify`.",
        "nothing owed": "Rien n’est dû pour ce ticket.",
        "or": "ou",
    },
    "en-gb": {
        "uncovered": "No contract covers this server: no time to intervene is guaranteed.",
        "no_target": "The contract guarantees no time to intervene for this priority.",
        "no_clock": "The guaranteed time to intervene does not run: under the terms in force it starts"
        " only {starts_on}.",
        "running": "The clock runs until {deadline}: {left} left to begin the intervention.",
        "late": "Late by {late}: the deadline was {deadline}, and nobody has intervened.{owed}",
        "met": "Kept: the intervention began on {stopped}, before the deadline of {deadline}.",
        "closed": "Closed on {stopped}, before the deadline of {deadline}, without an intervention, with a reason"
        " that the client can read; reopening the ticket runs the clock on.",
        "merged": "Merged into another ticket: the promise of that one holds for both.",
        "missed_closed": "Missed: closed without an intervention on {stopped}, {late} after the deadline of"
        " {deadline}.{owed}",
        "missed": "Missed: the intervention began on {stopped}, {late} after the deadline of {deadline}.{owed}",
        "no_deadline": "The clock runs; these terms reach no deadline.",
        "owed": " Owed at this instant: {due}.",
        "owed in all": " Owed: {due}.",
        "same": "Recomputed from the stored trace: the same.",
        "differs": "Recomputed from the stored trace: DIFFERENT. The number shown is not the one that the trace"
        " gives; run `astreinte journal verify`.",
        "nothing owed": "Nothing is owed for this ticket.",
        "or": "or",
    },
}

STARTS = {
    "fr": {
        "web": "du formulaire de l’interface web",
        "phone": "d’un appel au numéro d’urgence",
        "email": "d’un courriel",
        "monitoring": "de nos sondes",
        "desk": "d’une saisie par notre équipe",
        "api": "de l’interface de programmation",
    },
    "en-gb": {
        "web": "on the form of the web interface",
        "phone": "on a call to the emergency number",
        "email": "on an e-mail",
        "monitoring": "on our probes",
        "desk": "on an entry by our staff",
        "api": "on the programming interface",
    },
}


def sentence(facts: Facts) -> str:
    """Say how a ticket stands."""
    texts = SENTENCES[hearer().language]
    if facts.state in {"running", "late"} and facts.deadline is None:
        return set_type(texts["no_deadline"])
    owing = texts["owed" if facts.state == "late" else "owed in all"]
    owed = owing.format(due=formats.amount(facts.due_cents)) if facts.due_cents else ""
    name = "missed_closed" if facts.state == "missed" and not facts.intervened else facts.state
    said = texts[name].format(
        deadline=_instant(facts.deadline),
        stopped=_instant(facts.stopped),
        left=formats.lasting(_whole(facts.left)),
        late=formats.lasting(facts.late),
        owed=owed,
        starts_on=_listed(facts.starts_on),
    )
    return set_type(said)


def agreement(agrees: bool) -> str:
    """Say whether recomputing from the stored trace gave the number again."""
    return set_type(SENTENCES[hearer().language]["same" if agrees else "differs"])


def nothing_owed() -> str:
    """Say that a ticket owes nothing."""
    return set_type(SENTENCES[hearer().language]["nothing owed"])


def left(length: timedelta) -> str:
    """Say the time that is left, in whole minutes above one; below zero with its sign."""
    return (MINUS if length < timedelta(0) else "") + formats.lasting(_whole(length))


def _whole(length: timedelta | None) -> timedelta:
    """Cut the seconds off what is a minute or longer: nobody plans a night by them."""
    length = abs(length or timedelta(0))
    return length if length < timedelta(minutes=1) else length - length % timedelta(minutes=1)


def _listed(channels: Sequence[str]) -> str:
    language = hearer().language
    said = [STARTS[language].get(channel, channel) for channel in channels]
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} {SENTENCES[language]['or']} {said[-1]}"


def _instant(at: datetime | None) -> str:
    return "" if at is None else formats.instant(at)
