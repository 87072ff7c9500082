"""The flaws of a text, said to whoever brings it in: in French or in English."""

from collections.abc import Sequence
from dataclasses import dataclass

from astreinte.rules.documents.flaws import WAYS_OUT, Flaw
from astreinte.rules.documents.placeholders import known
from astreinte.words import hearer
from astreinte.words.typography import set_type

_SHOWN = 6

NAMES = {
    "too_big": "trop grand",
    "binary": "données binaires",
    "not_utf8": "pas de l'UTF-8",
    "empty": "vide",
    "byte_order_mark": "marque d'ordre des octets",
    "control": "caractère de commande",
    "hidden": "caractère invisible",
    "nfd": "passage en NFD",
    "stray_mark": "accent égaré",
    "lookalike": "signe au code inhabituel",
    "dash": "tiret de liste",
    "double_space": "espaces en double",
    "forced_break": "retour forcé",
    "placeholder": "variable inconnue",
    "article_twice": "article en double",
    "empty_item": "élément vide",
    "list_of_nothing": "liste annoncée et absente",
}
"""Each kind of flaw in French."""

FRENCH = {
    "too_big": "un texte de plus de 20 Mo n'est pas un contrat ; donnez le texte seul, sans ses images",
    "binary": "donnez la source du texte (Markdown), ni un PDF ni le fichier d'un traitement de texte",
    "not_utf8": "enregistrez le texte en UTF-8",
    "empty": "il n'y a rien dedans ; donnez le texte",
    "byte_order_mark": "un signe que certains éditeurs mettent au début ; il compte dans l'empreinte, personne ne le voit",
    "control": "aucune page ne le montre ; ôtez-le de la prochaine version",
    "hidden": "personne ne le voit, ou il retourne le sens de lecture ; ôtez-le de la prochaine version",
    "nfd": "les accents y sont écrits à part des lettres ; la recherche et les renvois les lisent en NFC",
    "stray_mark": "un accent sur rien, ou un accent de trop ; le texte voulait dire autre chose",
    "lookalike": "le code n'est pas celui d'usage ; la recherche et les renvois le lisent en NFC",
    "dash": "Markdown n'y voit pas une liste ; les pages en montrent une, le texte reste tel quel",
    "double_space": "les pages n'en montrent qu'une",
    "forced_break": "des espaces en fin de ligne : Markdown y coupe aussi la ligne de la page",
    "placeholder": "les variables connues sont {known}",
    "article_twice": "un second article de ce numéro ; ses alinéas se comptent à la suite de ceux du premier",
    "empty_item": "un élément de liste qui ne dit rien",
    "list_of_nothing": "un élément annonce une suite, et rien ne suit au-dessous",
}
"""What is to be done about each, in French."""


def name(flaw: Flaw) -> str:
    """Return what kind of flaw it is, in the hearer's language."""
    if hearer().language == "fr":
        return set_type(NAMES[flaw.kind])
    return "NFD passage" if flaw.kind == "nfd" else flaw.kind.replace("_", " ")


def way_out(flaw: Flaw) -> str:
    """Return what is to be done about it, in the hearer's language."""
    if hearer().language == "fr":
        return set_type(FRENCH[flaw.kind].format(known=known()))
    return set_type(WAYS_OUT[flaw.kind])


@dataclass(frozen=True, slots=True)
class Told:
    """The flaws of one kind: how it is called, where they are ("12:31, 39:40"; the first of many), what to do."""

    name: str
    count: int
    places: str
    way_out: str


def told(found: Sequence[Flaw]) -> list[Told]:
    """Return the flaws of a text by kind, in the order in which they come, in the hearer's language."""
    kinds: dict[str, list[Flaw]] = {}
    for flaw in found:
        kinds.setdefault(flaw.kind, []).append(flaw)
    return [Told(name(alike[0]), len(alike), _places(alike), way_out(alike[0])) for alike in kinds.values()]


def _places(alike: Sequence[Flaw]) -> str:
    shown = ", ".join(f"{flaw.line}:{flaw.column}" for flaw in alike[:_SHOWN])
    return f"{shown}…" if len(alike) > _SHOWN else shown
