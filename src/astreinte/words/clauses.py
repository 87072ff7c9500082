"""What the contract says, word for word: it is quoted in its own language, with the provider's name.

Only the spaces and apostrophes are set as French type: the words are those of the text.
"""

from astreinte.words.typography import typo

ANY_PROVIDER = "[le prestataire]"
"""What stands for the provider's name when nobody says it: terms worked out on a file have no provider."""

_STARTS = (
    " […] Ce délai court à compter de la réception par {provider} du ticket soumis dans l’interface web ou de la"
    " réception d’un appel sur un numéro de téléphone d’urgence défini. »"
)
_ARTICLE_5 = {
    "critical": "« 2 heures (heures ouvrées) et 4 heures (heures non ouvrées) pour une panne bloquante logicielle"
    " qui empêche totalement le fonctionnement du ou des services hébergés par le serveur ou qui concerne des"
    " fonctions essentielles ou urgentes à exécuter pour le client (ticket de priorité Critique).",
    "urgent": "« 8 heures (heures ouvrées) pour les pannes non bloquantes sur un serveur ou qui dégradent seulement"
    " la qualité du service (ticket de priorité Urgente).",
}
_ANY_PRIORITY = "« En cas d’anomalie reportée ou détectée sur un Serveur, {provider} dispose d’un temps d’intervention maximum"
_ARTICLE_6 = (
    "« Le montant de cette pénalité par heure de retard sera égale au quintuple du forfait mensuel, divisé par le"
    " nombre d’heures d’ouverture du service dans le mois considéré ; sans pouvoir excéder le montant total du"
    " forfait mensuel. »"
)
_EXCLUSIONS = (
    "« La responsabilité de {provider} ne pourra être engagée, et aucune pénalité ne sera exigible lorsque"
    " l’interruption ou le non respect des engagements de niveaux services résultera : {ground} »"
)
_GROUNDS = {
    "force_majeure": "d’un cas de force majeure",
    "scheduled_maintenance": "de travaux de maintenance programmés par {provider}",
    "specification_breach": "du fait d’un tiers ou du fait du Client ne respectant pas les spécifications techniques"
    " fournies par {provider} pour la mise en œuvre du Serveur",
    "unauthorised_change": "du fait d’un tiers ou du fait du Client qui modifierait le système d'exploitation et"
    " logiciels associés sur le Serveur sans avoir demandé une autorisation préalable à {provider}",
    "vulnerable_software": "du fait d’un tiers ou du fait du Client qui aurait installé des programmes comportant"
    " une faille de sécurité",
    "undeclared_campaign": "du fait d’un tiers ou du fait du Client qui aurait lancé une campagne de communication en"
    " masse (publicité TV, radio, web, mail, etc.) susceptible d'augmenter fortement la sollicitation du(des)"
    " Serveur(s) Client sans en avoir informé le service technique de {provider}",
}


def of_deadline(priority: str, provider: str) -> str:
    """Return the sentences of article 5 that promise a time for a priority and start its clock."""
    return typo((_ARTICLE_5.get(priority, _ANY_PRIORITY) + _STARTS).replace("{provider}", provider))


def of_penalty() -> str:
    """Return the sentence of article 6 that gives the sum."""
    return typo(_ARTICLE_6)


def of_exclusion(ground: str, provider: str) -> str:
    """Return the sentence of article 6 that waives it on a ground; the formula for one that is not there."""
    if ground not in _GROUNDS:
        return typo(_ARTICLE_6)
    return typo(_EXCLUSIONS.replace("{ground}", _GROUNDS[ground]).replace("{provider}", provider))
