"""Who answers for which layer of a server: the decision table of article 2, paragraphs 5 and 6 (A2.13).

The contract has one regime where infrastructure and system are in the service, and another for a service « ne
comprenant pas de prestation de gestion d'infrastructure et/ou système »: three cases, and the one with neither. Each
layer and case has its row; there is no row for the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """A part of what makes a server serve, from the metal up."""

    HARDWARE = "hardware"
    HYPERVISOR = "hypervisor"
    NETWORK = "network"
    OS = "os"
    PACKAGES = "packages"
    SERVICES = "services"
    APPLICATION = "application"
    DATA = "data"
    BACKUP = "backup"
    DNS = "dns"
    CERTIFICATES = "certificates"


class Party(StrEnum):
    """One of the two parties of the contract."""

    PROVIDER = "provider"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Duty:
    """Who acts on a layer, and who must tell what to whom acts; None: nobody owes the other a word."""

    acts: Party
    informs: Party | None


_PROVIDER = Duty(Party.PROVIDER, None)
_PROVIDER_TOLD = Duty(Party.PROVIDER, Party.CLIENT)
_CLIENT = Duty(Party.CLIENT, Party.PROVIDER)

TABLE: Mapping[tuple[Layer, bool, bool], Duty] = {
    # layer, infrastructure managed, system managed: duty
    (Layer.HARDWARE, True, True): _PROVIDER,
    (Layer.HARDWARE, True, False): _PROVIDER,
    (Layer.HARDWARE, False, True): _CLIENT,
    (Layer.HARDWARE, False, False): _CLIENT,
    (Layer.HYPERVISOR, True, True): _PROVIDER,
    (Layer.HYPERVISOR, True, False): _PROVIDER,
    (Layer.HYPERVISOR, False, True): _CLIENT,
    (Layer.HYPERVISOR, False, False): _CLIENT,
    (Layer.NETWORK, True, True): _PROVIDER,
    (Layer.NETWORK, True, False): _PROVIDER,
    (Layer.NETWORK, False, True): _CLIENT,
    (Layer.NETWORK, False, False): _CLIENT,
    (Layer.OS, True, True): _PROVIDER,
    (Layer.OS, True, False): _CLIENT,
    (Layer.OS, False, True): _PROVIDER,
    (Layer.OS, False, False): _CLIENT,
    (Layer.PACKAGES, True, True): _PROVIDER,
    (Layer.PACKAGES, True, False): _PROVIDER_TOLD,
    (Layer.PACKAGES, False, True): _PROVIDER,
    (Layer.PACKAGES, False, False): _PROVIDER_TOLD,
    (Layer.SERVICES, True, True): _PROVIDER,
    (Layer.SERVICES, True, False): _CLIENT,
    (Layer.SERVICES, False, True): _PROVIDER,
    (Layer.SERVICES, False, False): _CLIENT,
    (Layer.APPLICATION, True, True): _CLIENT,
    (Layer.APPLICATION, True, False): _CLIENT,
    (Layer.APPLICATION, False, True): _CLIENT,
    (Layer.APPLICATION, False, False): _CLIENT,
    (Layer.DATA, True, True): _CLIENT,
    (Layer.DATA, True, False): _CLIENT,
    (Layer.DATA, False, True): _CLIENT,
    (Layer.DATA, False, False): _CLIENT,
    (Layer.BACKUP, True, True): _CLIENT,
    (Layer.BACKUP, True, False): _CLIENT,
    (Layer.BACKUP, False, True): _CLIENT,
    (Layer.BACKUP, False, False): _CLIENT,
    (Layer.DNS, True, True): _PROVIDER,
    (Layer.DNS, True, False): _PROVIDER,
    (Layer.DNS, False, True): _CLIENT,
    (Layer.DNS, False, False): _CLIENT,
    (Layer.CERTIFICATES, True, True): _PROVIDER_TOLD,
    (Layer.CERTIFICATES, True, False): _CLIENT,
    (Layer.CERTIFICATES, False, True): _PROVIDER_TOLD,
    (Layer.CERTIFICATES, False, False): _CLIENT,
}

LAYER_OF_KIND: Mapping[str, Layer] = {
    "boot": Layer.OS,
    "clock": Layer.OS,
    "disk": Layer.OS,
    "dns": Layer.DNS,
    "http": Layer.SERVICES,
    "icmp": Layer.NETWORK,
    "load": Layer.OS,
    "memory": Layer.OS,
    "mounts": Layer.HARDWARE,
    "oom": Layer.SERVICES,
    "plugin": Layer.SERVICES,
    "pressure": Layer.OS,
    "swap": Layer.OS,
    "tcp": Layer.SERVICES,
    "tls": Layer.CERTIFICATES,
    "units": Layer.SERVICES,
}
"""What each kind of check speaks of: the layer in which the trouble is seen, which is not always where it began."""


def who_acts(layer: Layer, *, infrastructure: bool, system: bool) -> Duty:
    """Return who answers for a layer where infrastructure or system are managed, or not."""
    return TABLE[layer, infrastructure, system]


def layer_of(kind: str) -> Layer:
    """Return the layer that a kind of check speaks of; KeyError for a kind that is not in the table."""
    return LAYER_OF_KIND[kind]
