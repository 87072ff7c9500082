"""The letters that leave by themselves: a receipt, a ticket for the duty, a promise missed, an answer.

Each returns (subject, body), plain text, in the language and zone of `speaking`.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from astreinte.words import formats, hearer
from astreinte.words.typography import typo


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter about a ticket may speak of; instants in UTC, amounts in cents."""

    number: int
    about: str
    client: str
    provider: str
    link: str
    stands: str
    deadline: datetime | None
    objective: datetime | None
    form: str
    hour_cents: int | None
    due_cents: int | None
    why: tuple[str, ...]
    answers: tuple[str, ...] = ()
    """Who acts on each layer in which the trouble is seen (A2.13)."""


CHANNELS = {
    "fr": {
        "web": "dans l’interface web",
        "phone": "par un appel au numéro d’urgence",
        "email": "par courriel",
        "desk": "par notre équipe",
        "api": "par l’interface de programmation",
    },
    "en": {
        "web": "in the web interface",
        "phone": "by a call to the emergency number",
        "email": "by e-mail",
        "desk": "by our staff",
        "api": "by the programming interface",
    },
}

TEXTS = {
    "fr": {
        "receipt_subject": "Ticket n° {number} reçu : {about}",
        "receipt": "Votre déclaration a été reçue {channel} le {at}.\n\nTicket n° {number} : {about}\n{stands} {then}\n{answers}\n\n{why}\n\nSuivre le ticket : {link}{sealed}",
        "sealed": "\n\nEmpreinte du registre à cet instant, pour vérifier plus tard que rien n’y a été récrit :\n{head}",
        "start": "Pour faire courir le délai garanti, déclarez la panne ici : {form}",
        "objective": "Objectif interne : {objective}.",
        "duty_subject": "Ticket n° {number} · {client} : {about}",
        "duty": "Ticket n° {number}, {client} : {about}\n{stands} {then}\n{answers}\n\n{text}\n\nPrendre le ticket n’arrête pas l’horloge ; commencer l’intervention l’arrête.\n\n{link}",
        "to_act_subject": "À vous d’agir : ticket n° {number} · {about}",
        "to_act": "Nos sondes voient une panne : ticket n° {number} : {about}\n{answers}\n\nCette couche n’est pas comprise dans ce que {provider} gère sur ce serveur (article 2) : nous vous en informons, à vous d’agir, ou de nous le demander.\n\n{stands} {then}\n\nSuivre le ticket : {link}",
        "missed_subject": "Échéance dépassée : ticket n° {number} · {client}",
        "missed": "Personne n’est intervenu sur le ticket n° {number} ({client} : {about}) avant le {deadline}.\n\nChaque heure de retard coûte {hour}, dans la limite du plafond, si le client demande la pénalité. Dû à cet instant : {due}.\n\n{why}\n\n{link}",
        "restored_subject": "Rétabli : ticket n° {number} · {about}",
        "restored": "Nos sondes revoient le service depuis le {since}, et la panne n’est pas revenue depuis : ticket n° {number}, {client} : {about}\n{times}{stands}\n\nUne nouvelle panne aura son propre ticket.\n\n{link}",
        "times_1": "Elle était revenue une fois avant cela.\n",
        "times": "Elle était revenue {relapses} fois avant cela.\n",
        "relapse_subject": "Rechute : ticket n° {number} · {client}",
        "relapse": "La panne revient : ticket n° {number}, {client} : {about}\n{stands}\n{answers}\n\n{link}",
        "worsened_subject": "Une panne de plus : ticket n° {number} · {client}",
        "worsened": "Autre chose ne répond plus, sous le ticket n° {number}, {client} : {what}\n{stands}\n{answers}\n\n{link}",
        "lowered_subject": "Verdict corrigé : ticket n° {number} · {client}",
        "lowered": "Une intervention écrite après coup remplace le verdict du ticket n° {number} ({client} : {about}).\n{stands}\n\nL’ancien verdict reste dans le registre ; la preuve est à relire : {link}",
        "closed_subject": "Clos sans intervention : ticket n° {number} · {client}",
        "closed": "Le ticket n° {number} ({client} : {about}) est clos alors que personne n’est intervenu.\n{stands}\n\n{link}",
        "message_subject": "Ticket n° {number} : {about}",
        "declared_subject": "Déclaré : ticket n° {number} · {client}",
        "declared": "{author} déclare la panne du ticket n° {number} ({about}).\n{stands}\n{answers}\n\n{text}\n\nPrendre le ticket n’arrête pas l’horloge ; commencer l’intervention l’arrête.\n\n{link}",
        "silence": "Alerte retenue depuis le {since} : silence n° {number} de {author}, « {reason} ».",
        "window": "Alerte retenue depuis le {since} : travaux annoncés n° {number} par {author}, « {reason} ».",
        "message": "{author} a écrit :\n\n{text}\n\n{stands}\n\nRépondre : {link}",
    },
    "en": {
        "receipt_subject": "Ticket no. {number} received: {about}",
        "receipt": "Your declaration was received {channel} on {at}.\n\nTicket no. {number}: {about}\n{stands} {then}\n{answers}\n\n{why}\n\nFollow the ticket: {link}{sealed}",
        "sealed": "\n\nFingerprint of the record at this instant, to check later that nothing in it was rewritten:\n{head}",
        "start": "To start the guaranteed delay, declare the failure here: {form}",
        "objective": "Internal objective: {objective}.",
        "duty_subject": "Ticket no. {number} · {client}: {about}",
        "duty": "Ticket no. {number}, {client}: {about}\n{stands} {then}\n{answers}\n\n{text}\n\nTaking the ticket does not stop the clock; starting the intervention does.\n\n{link}",
        "to_act_subject": "For you to act: ticket no. {number} · {about}",
        "to_act": "Our probes see a failure: ticket no. {number}: {about}\n{answers}\n\nThis layer is not among what {provider} manages on this server (article 2): we inform you, and it is for you to act, or to ask us to.\n\n{stands} {then}\n\nFollow the ticket: {link}",
        "missed_subject": "Deadline missed: ticket no. {number} · {client}",
        "missed": "Nobody intervened on ticket no. {number} ({client}: {about}) before {deadline}.\n\nEach hour late costs {hour}, up to the cap, if the client asks for it. Due at this instant: {due}.\n\n{why}\n\n{link}",
        "restored_subject": "Restored: ticket no. {number} · {about}",
        "restored": "Our probes see the service again since {since}, and the failure has not come back: ticket no. {number}, {client}: {about}\n{times}{stands}\n\nA new failure will have a ticket of its own.\n\n{link}",
        "times_1": "It had come back once before that.\n",
        "times": "It had come back {relapses} times before that.\n",
        "relapse_subject": "Relapse: ticket no. {number} · {client}",
        "relapse": "The failure is back: ticket no. {number}, {client}: {about}\n{stands}\n{answers}\n\n{link}",
        "worsened_subject": "More is down: ticket no. {number} · {client}",
        "worsened": "Something else is down, under ticket no. {number}, {client}: {what}\n{stands}\n{answers}\n\n{link}",
        "lowered_subject": "Verdict corrected: ticket no. {number} · {client}",
        "lowered": "An intervention written down afterwards replaces the verdict of ticket no. {number} ({client}: {about}).\n{stands}\n\nThe old verdict stays in the record; read the evidence again: {link}",
        "closed_subject": "Closed without an intervention: ticket no. {number} · {client}",
        "closed": "Ticket no. {number} ({client}: {about}) is closed though nobody intervened.\n{stands}\n\n{link}",
        "message_subject": "Ticket no. {number}: {about}",
        "declared_subject": "Declared: ticket no. {number} · {client}",
        "declared": "{author} declares the failure of ticket no. {number} ({about}).\n{stands}\n{answers}\n\n{text}\n\nTaking the ticket does not stop the clock; starting the intervention does.\n\n{link}",
        "silence": "Alert held back since {since}: silence no. {number} of {author}, “{reason}”.",
        "window": "Alert held back since {since}: announced work no. {number} of {author}, “{reason}”.",
        "message": "{author} wrote:\n\n{text}\n\n{stands}\n\nAnswer: {link}",
    },
}


def receipt(facts: Facts, *, received_at: datetime, channel: str, head: str = "") -> tuple[str, str]:
    """Say that a declaration was received, when, and what is promised; or that no clock started, and how to (A5.8).

    `head` is that of the journal: with it the client can check later that nothing before was rewritten.
    """
    said = CHANNELS[_language()].get(channel, channel)
    sealed = _set(TEXTS[_language()]["sealed"]).format(head=head) if head else ""
    return _letter(
        "receipt", facts, at=formats.instant(received_at, seconds=True), channel=said, sealed=sealed
    )


def duty(facts: Facts, *, text: str) -> tuple[str, str]:
    """Tell the duty that a ticket is there, until when, and that taking it stops nothing (A5.10)."""
    return _letter("duty", facts, text=text)


def to_act(facts: Facts) -> tuple[str, str]:
    """Inform the client of what a probe saw in a layer that is the client's own to mend (A2.13)."""
    return _letter("to_act", facts)


def missed(facts: Facts) -> tuple[str, str]:
    """Tell who manages that a deadline passed without an intervention (A6.1)."""
    return _letter("missed", facts)


def relapse(facts: Facts) -> tuple[str, str]:
    """Tell the duty that a fault is back after its recovery."""
    return _letter("relapse", facts)


def worsened(facts: Facts, *, what: str) -> tuple[str, str]:
    """Tell the duty that more is down than what the ticket was opened for."""
    return _letter("worsened", facts, what=what)


def restored(facts: Facts, *, since: datetime, relapses: int) -> tuple[str, str]:
    """Tell whoever had the problem that it is over, since when, and how often it came back before."""
    times = _set(TEXTS[_language()]["times_1" if relapses == 1 else "times"]).format(relapses=relapses)
    return _letter("restored", facts, since=formats.instant(since), times=times if relapses else "")


def held_back(
    letter: tuple[str, str], *, since: datetime, cause: str, number: int, author: str, reason: str
) -> tuple[str, str]:
    """Say above a letter that it was held back and why; `cause` is "silence" or "window"."""
    subject, body = letter
    said = _set(TEXTS[_language()][cause]).format(
        since=formats.instant(since), number=number, author=author, reason=reason
    )
    return subject, f"{said}\n\n{body}"


def lowered(facts: Facts) -> tuple[str, str]:
    """Tell who manages that a verdict was replaced by a milder one (A6.19)."""
    return _letter("lowered", facts)


def closed(facts: Facts) -> tuple[str, str]:
    """Tell who manages that a ticket was closed though nobody intervened."""
    return _letter("closed", facts)


def declared(facts: Facts, *, author: str, text: str) -> tuple[str, str]:
    """Tell the duty that somebody declared an incident that a probe, or another person, had reported before."""
    return _letter("declared", facts, author=author, text=text)


def message(facts: Facts, *, author: str, text: str) -> tuple[str, str]:
    """Pass on what someone wrote in public."""
    return _letter("message", facts, author=author, text=text)


def _letter(name: str, facts: Facts, **more: str) -> tuple[str, str]:
    texts = TEXTS[_language()]
    values = {
        "number": str(facts.number),
        "about": facts.about,
        "client": facts.client,
        "provider": facts.provider,
        "link": facts.link,
        "form": facts.form,
        "deadline": formats.instant(facts.deadline) if facts.deadline else "–",
        "objective": formats.instant(facts.objective) if facts.objective else "–",
        "hour": formats.amount(facts.hour_cents or 0),
        "due": formats.amount(facts.due_cents or 0),
        "why": "\n".join(facts.why),
        "answers": "\n".join(facts.answers),
    }
    values["stands"] = facts.stands
    values["then"] = ""
    if facts.deadline is None and facts.objective is not None:
        values["then"] = _set(texts["objective" if name == "duty" else "start"]).format(**values)
    values |= more
    body = _set(texts[name]).format(**values).replace(" \n", "\n")
    return _set(texts[f"{name}_subject"]).format(**values), re.sub(r"\n{3,}", "\n\n", body)


def _set(text: str) -> str:
    # The type is set before what people wrote is put in: their words stay as they came.
    return typo(text) if _language() == "fr" else text


def _language() -> str:
    return "fr" if hearer().language == "fr" else "en"
