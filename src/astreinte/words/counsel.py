"""Advice and consent said to the client: what is proposed from facts, the letters, and a scope in words.

Texts are in the language and zone of `speaking`. A suggestion is a beginning: who advises completes it, because a
generic recital replaces no content (C. civ. art. 1112-1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from astreinte.words import formats, hearer
from astreinte.words.typography import typo

RISKS = {
    "fr": {
        "single_disk": "Un seul disque",
        "no_backup": "Pas de sauvegarde",
        "end_of_life": "Système en fin de vie",
        "low_hours": "Peu d’heures incluses",
        "certificate": "Certificat",
        "memory": "Mémoire juste",
        "work": "Intervention risquée",
        "other": "Autre risque",
    },
    "en-gb": {
        "single_disk": "A single disk",
        "no_backup": "No backup",
        "end_of_life": "System at its end of life",
        "low_hours": "Few hours included",
        "certificate": "Certificate",
        "memory": "Little memory",
        "work": "Risky work",
        "other": "Another risk",
    },
}

SUGGESTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "fr": {
        "single_disk": (
            "{server} : les données tiennent à un seul disque",
            "Garder {server} en service, avec ses données.",
            "Un second disque en miroir, ou une copie tenue à jour sur une autre machine, ou rester ainsi.",
            "Ajouter un second disque en miroir.",
            "Quand ce disque casse, le serveur s’arrête et ce qui n’a pas été copié ailleurs est perdu.",
            "Le remplacement du disque, la reprise des données perdues.",
        ),
        "no_backup": (
            "{server} : aucune sauvegarde n’est comprise",
            "Pouvoir revenir à un état d’avant, après une panne, une erreur ou une intrusion.",
            "Une sauvegarde quotidienne hors du serveur, avec restauration essayée ; ou la vôtre ; ou aucune.",
            "Une sauvegarde quotidienne hors du serveur, dont une restauration est essayée chaque trimestre.",
            "Sans sauvegarde, rien de ce qui est effacé ou détruit ne revient.",
            "La sauvegarde et la restauration des données de {server}.",
        ),
        "end_of_life": (
            "{server} : {system} ne reçoit plus de correctifs",
            "Garder {server} en service et sûr.",
            "Passer à une version suivie, ou isoler le serveur, ou rester ainsi.",
            "Passer à une version suivie, après un essai sur une copie.",
            "Une faille découverte demain ne sera pas corrigée ; ce qui entre par elle touche aussi les données.",
            "La montée de version, qui est une mise à jour majeure.",
        ),
        "low_hours": (
            "{plan} : {hours} comprises par période",
            "Que les demandes courantes soient faites sans devis à chaque fois.",
            "Un volume d’heures plus grand, ou des prestations ponctuelles au fil des besoins, ou rester ainsi.",
            "Prévoir un volume d’heures qui couvre une intervention longue.",
            "Au-delà, le travail est facturé en plus ou attend la période suivante ; les délais garantis ne changent pas.",
            "Les heures au-delà du volume compris.",
        ),
    },
    "en-gb": {
        "single_disk": (
            "{server}: the data hang on a single disk",
            "To keep {server} in service, with its data.",
            "A second disk as a mirror, or a copy kept up to date on another machine, or to stay like this.",
            "Add a second disk as a mirror.",
            "When this disk breaks, the server stops and what was not copied elsewhere is lost.",
            "The replacement of the disk, the recovery of lost data.",
        ),
        "no_backup": (
            "{server}: no backup is included",
            "To be able to return to an earlier state, after a fault, a mistake or an intrusion.",
            "A daily backup away from the server, its restoration tried; or one of your own; or none.",
            "A daily backup away from the server, of which a restoration is tried each quarter.",
            "Without a backup, nothing that is deleted or destroyed comes back.",
            "The backup and the restoration of the data of {server}.",
        ),
        "end_of_life": (
            "{server}: {system} gets no more fixes",
            "To keep {server} in service and safe.",
            "To move to a version that is maintained, or to isolate the server, or to stay like this.",
            "Move to a version that is maintained, after a trial on a copy.",
            "A flaw found tomorrow will not be fixed; what comes in by it reaches the data too.",
            "The move to another version, which is a major update.",
        ),
        "low_hours": (
            "{plan}: {hours} included each period",
            "That everyday requests are done without a quotation each time.",
            "A larger volume of hours, or one-off work as needs arise, or to stay like this.",
            "Plan a volume of hours that covers one long intervention.",
            "Beyond it, work is invoiced on top or waits for the next period; the guaranteed delays do not change.",
            "The hours beyond the volume included.",
        ),
    },
}

TEXTS = {
    "fr": {
        "advice_subject": "Un conseil à lire : {title}",
        "advice": "{provider} vous conseille, n° {number} : {title}\n\nVotre besoin\n{needs}\n\nLes possibilités\n{options}\n\nNotre conseil\n{recommendation}\n\nLes risques et les limites\n{risks}\n\nCe qui n’est pas compris\n{not_included}\n\nLire et répondre, en le suivant ou en l’écartant : {link}\n\nEmpreinte de ce texte : {sha256}",
        "consent_subject": "Votre accord est demandé : {title}",
        "read_back_subject": "À confirmer par écrit : {title}",
        "read_back": "Vous nous avez dit oui au téléphone. Un accord se donne par écrit : relisez ce que nous avons compris, et confirmez.\n\n",
        "consent": "{provider} vous demande votre accord, n° {number} : {title}\n\n{text}\n\n{scope}\n\nDonner ou refuser votre accord : {link}\n\nCe lien est à votre nom, sert une fois, jusqu’au {ends}. Si un seul de ces points change, cet accord ne vaut plus et il vous sera demandé de nouveau.\n\nEmpreinte de ce texte : {sha256}",
        "servers": "Serveurs : {value}",
        "window": "Du {start} au {end}",
        "from": "À partir du {start}",
        "until": "Jusqu’au {end}",
        "price": "Prix : {value} HT",
        "time": "Durée prévue : {value}",
        "unpriced": "Sans supplément de prix",
    },
    "en-gb": {
        "advice_subject": "Advice to read: {title}",
        "advice": "{provider} advises you, No. {number}: {title}\n\nWhat you need\n{needs}\n\nWhat is possible\n{options}\n\nWhat we advise\n{recommendation}\n\nRisks and limits\n{risks}\n\nWhat is not included\n{not_included}\n\nRead and answer, by following it or setting it aside: {link}\n\nDigest of this text: {sha256}",
        "consent_subject": "Your consent is asked for: {title}",
        "read_back_subject": "To confirm in writing: {title}",
        "read_back": "You told us yes on the telephone. Consent is given in writing: read back what we understood, and confirm it.\n\n",
        "consent": "{provider} asks for your consent, No. {number}: {title}\n\n{text}\n\n{scope}\n\nGive or refuse your consent: {link}\n\nThis link is in your name, works once, until {ends}. If a single one of these points changes, this consent no longer holds and you will be asked again.\n\nDigest of this text: {sha256}",
        "servers": "Servers: {value}",
        "window": "From {start} to {end}",
        "from": "From {start} on",
        "until": "Until {end}",
        "price": "Price: {value} before tax",
        "time": "Time planned: {value}",
        "unpriced": "At no extra price",
    },
}
PARTS = ("title", "needs", "options", "recommendation", "risks", "not_included")


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """What a letter of advice says; `link` leads to the page where it is answered."""

    provider: str
    number: int
    sha256: str
    link: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is consented to: names of servers, a window in UTC, cents before tax, minutes."""

    servers: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    price_cents: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What a letter that asks for consent says; `link` is one person's own, `ends_at` its end."""

    provider: str
    number: int
    title: str
    text: str
    scope: Scope
    sha256: str
    link: str
    ends_at: datetime
    by_phone: bool


def risk_name(risk: str) -> str:
    """Return the name of a risk."""
    return RISKS[hearer().language][risk]


def suggested(risk: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of an advice that facts suggest, to be completed; empty for a risk that has no pattern.

    `facts` holds what the pattern names: server, system, plan, hours. KeyError for one that is missing.
    """
    pattern = SUGGESTED[hearer().language].get(risk)
    if pattern is None:
        return {}
    return {part: _typed(text.format(**facts)) for part, text in zip(PARTS, pattern, strict=True)}


def scope_lines(scope: Scope) -> list[str]:
    """Return what is consented to, a line for each point."""
    said = TEXTS[hearer().language]
    lines = [said["servers"].format(value=", ".join(scope.servers))] if scope.servers else []
    start = "" if scope.starts_at is None else formats.instant(scope.starts_at)
    end = "" if scope.ends_at is None else formats.instant(scope.ends_at)
    if start or end:
        which = "window" if start and end else "from" if start else "until"
        lines.append(said[which].format(start=start, end=end))
    if scope.minutes is not None:
        lines.append(said["time"].format(value=formats.lasting(scope.minutes * 60)))
    priced = scope.price_cents is not None
    lines.append(
        said["price"].format(value=formats.amount(scope.price_cents or 0)) if priced else said["unpriced"]
    )
    return [_typed(line) for line in lines]


def advice_letter(facts: AdviceFacts) -> tuple[str, str]:
    """Return subject and body of the letter that delivers an advice, whole."""
    said = TEXTS[hearer().language]
    named = {"provider": facts.provider, "number": facts.number, "link": facts.link, "sha256": facts.sha256}
    return (
        _typed(said["advice_subject"].format(title=facts.parts["title"])),
        _typed(said["advice"]).format(**named, **facts.parts),
    )


def consent_letter(facts: ConsentFacts) -> tuple[str, str]:
    """Return subject and body of the letter that asks for consent, or reads back what was said on the telephone."""
    said = TEXTS[hearer().language]
    subject = said["read_back_subject" if facts.by_phone else "consent_subject"]
    body = _typed(said["consent"]).format(
        provider=facts.provider,
        number=facts.number,
        title=facts.title,
        text=facts.text,
        scope="\n".join(scope_lines(facts.scope)),
        link=facts.link,
        ends=formats.instant(facts.ends_at),
        sha256=facts.sha256,
    )
    return _typed(subject.format(title=facts.title)), _typed(
        said["read_back"]
    ) + body if facts.by_phone else body


def _typed(text: str) -> str:
    return typo(text) if hearer().language == "fr" else text
