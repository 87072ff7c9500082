"""Who answers for a layer of a server, in one sentence: the same on a page, in a letter and at the command line."""

from dataclasses import dataclass

from astreinte.rules.responsibility import Duty, Layer, Party
from astreinte.words import hearer
from astreinte.words.typography import set_type

LAYERS = {
    "fr": {
        Layer.HARDWARE: "Matériel",
        Layer.HYPERVISOR: "Hyperviseur",
        Layer.NETWORK: "Réseau",
        Layer.OS: "Système d’exploitation",
        Layer.PACKAGES: "Logiciels installés",
        Layer.SERVICES: "Services",
        Layer.APPLICATION: "Application",
        Layer.DATA: "Données",
        Layer.BACKUP: "Sauvegarde",
        Layer.DNS: "DNS",
        Layer.CERTIFICATES: "Certificats",
    },
    "en-gb": {
        Layer.HARDWARE: "Hardware",
        Layer.HYPERVISOR: "Hypervisor",
        Layer.NETWORK: "Network",
        Layer.OS: "Operating system",
        Layer.PACKAGES: "Installed software",
        Layer.SERVICES: "Services",
        Layer.APPLICATION: "Application",
        Layer.DATA: "Data",
        Layer.BACKUP: "Backup",
        Layer.DNS: "DNS",
        Layer.CERTIFICATES: "Certificates",
    },
}
TEXTS = {
    "fr": {
        "acts": "{acts} agit",
        "informed": "{acts} agit, {informs} informe",
        "unsaid": "il n’est pas écrit qui agit : {provider} regarde, et le dit",
        "step": "{layer}, {server} : {duty}.",
        "provider": "le prestataire",
        "client": "le client",
        "both": "infrastructure et système gérés",
        "infrastructure": "infrastructure gérée, système non géré",
        "system": "système géré, infrastructure non gérée",
        "neither": "ni infrastructure ni système gérés",
        "unknown": "non écrit",
    },
    "en-gb": {
        "acts": "{acts} acts",
        "informed": "{acts} acts, {informs} informs",
        "unsaid": "it is not written down who acts: {provider} looks, and says",
        "step": "{layer}, {server}: {duty}.",
        "provider": "the provider",
        "client": "the client",
        "both": "infrastructure and system managed",
        "infrastructure": "infrastructure managed, system not",
        "system": "system managed, infrastructure not",
        "neither": "neither infrastructure nor system managed",
        "unknown": "not written down",
    },
}


@dataclass(frozen=True, slots=True)
class Parties:
    """How the two parties are called."""

    provider: str
    client: str

    def name(self, party: Party) -> str:
        """Return the name of a party."""
        return self.provider if party is Party.PROVIDER else self.client


def layer(which: Layer) -> str:
    """Return how a layer is called."""
    return set_type(LAYERS[hearer().language][which])


def duty(found: Duty | None, parties: Parties) -> str:
    """Return who acts and who informs; None: it was not said for that server and instant."""
    texts = TEXTS[hearer().language]
    if found is None:
        return set_type(texts["unsaid"]).format(provider=parties.provider)
    informs = "" if found.informs is None else parties.name(found.informs)
    # The type is set before the names are put in: they stay as their owners write them.
    said = set_type(texts["informed" if informs else "acts"])
    return said.format(acts=parties.name(found.acts), informs=informs)


def step(which: Layer, server: str, found: Duty | None, parties: Parties) -> str:
    """Return the next step on a server whose trouble is seen in a layer: who acts there, who informs."""
    texts = TEXTS[hearer().language]
    return set_type(texts["step"]).format(layer=layer(which), server=server, duty=duty(found, parties))


def managed(infrastructure: bool | None, system: bool | None) -> str:
    """Return in a few words what of a server is managed; None: it was not said."""
    texts = TEXTS[hearer().language]
    if infrastructure is None or system is None:
        return set_type(texts["unknown"])
    name = {(True, True): "both", (True, False): "infrastructure", (False, True): "system"}
    return set_type(texts[name.get((infrastructure, system), "neither")])
