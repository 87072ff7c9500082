"""That we do not see: said on the desk, and in two letters to the staff."""

from datetime import datetime
from typing import Protocol

from astreinte.words import formats, hearer
from astreinte.words.typography import set_type

CAUSES = {
    "fr": {
        "silent": "rien ne vient plus de la surveillance : elle est morte, arrêtée, ou ne nous joint plus",
        "descriptors": "il n'y a plus de descripteurs de fichiers sur cette machine",
        "resolver": "notre résolveur de noms ne répond pas, ou répond par des erreurs",
        "route": "cette machine n'a plus de route vers le réseau",
        "late": "cette machine est trop occupée pour mesurer",
        "other": "la faute est de notre côté ; chaque contrôle dit laquelle",
    },
    "en": {
        "silent": "nothing comes from the watch any more: it is dead, stopped, or cannot reach us",
        "descriptors": "this machine has no file descriptors left",
        "resolver": "our name resolver does not answer, or answers with errors",
        "route": "this machine has no route to the network any more",
        "late": "this machine is too busy to measure",
        "other": "the fault is on our side; each check says which",
    },
}

TEXTS = {
    "fr": {
        "sentence": "Nous ne voyons plus rien depuis {since} : {cause}.",
        "counted": "{inconclusive} contrôles sur {checks} sont sans conclusion.",
        "blinded_subject": "Surveillance aveugle depuis {since}",
        "blinded": "{sentence}\n{counted}\n\nAucun incident n'est ouvert pour un client, et aucune panne ne peut être vue tant que cela dure.\n\n{link}",
        "sighted_subject": "La surveillance voit de nouveau",
        "sighted": "La surveillance était aveugle de {since} à {until}. Les contrôles concluent de nouveau ; ce qui n'a pas été mesuré reste noté comme tel.",
    },
    "en": {
        "sentence": "We have seen nothing since {since}: {cause}.",
        "counted": "{inconclusive} checks of {checks} are inconclusive.",
        "blinded_subject": "The watch is blind since {since}",
        "blinded": "{sentence}\n{counted}\n\nNo incident is opened for a client, and no failure can be seen for as long as this lasts.\n\n{link}",
        "sighted_subject": "The watch sees again",
        "sighted": "The watch was blind from {since} to {until}. Checks conclude again; what was not measured stays written down as such.",
    },
}


class Blinded(Protocol):
    """What is known of a blindness; the instant is in UTC."""

    @property
    def at(self) -> datetime:
        """When it was noticed."""

    @property
    def cause(self) -> str:
        """Why: a word of `rules.checks.sight`."""

    @property
    def inconclusive(self) -> int:
        """How many checks ended inconclusive."""

    @property
    def checks(self) -> int:
        """Of how many."""


class Sighted(Protocol):
    """The end of a blindness; instants in UTC."""

    @property
    def at(self) -> datetime:
        """When it was over."""

    @property
    def blinded_at(self) -> datetime:
        """When it had begun."""


def sentence(now: Blinded) -> str:
    """Return in a sentence that we see nothing, since when and why."""
    language = _language()
    cause = CAUSES[language].get(now.cause, CAUSES[language]["other"])
    return set_type(TEXTS[language]["sentence"].format(since=formats.instant(now.at), cause=cause))


def blinded(event: Blinded, *, link: str) -> tuple[str, str]:
    """Tell the staff that nothing is seen, why, and that no client is blamed."""
    texts = TEXTS[_language()]
    counted = texts["counted"] if event.inconclusive else ""
    body = texts["blinded"].format(
        sentence=sentence(event),
        counted=counted.format(inconclusive=event.inconclusive, checks=event.checks),
        link=link,
    )
    subject = texts["blinded_subject"].format(since=formats.instant(event.at))
    return set_type(subject), set_type(body.replace("\n\n\n", "\n\n"))


def sighted(event: Sighted) -> tuple[str, str]:
    """Tell the staff that the watch sees again, and from when to when it did not."""
    texts = TEXTS[_language()]
    since, until = formats.instant(event.blinded_at), formats.instant(event.at)
    return set_type(texts["sighted_subject"]), set_type(texts["sighted"].format(since=since, until=until))


def _language() -> str:
    return "fr" if hearer().language == "fr" else "en"
