"""What happened to accounts."""

from dataclasses import dataclass
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdded(Event):
    """A provider came to this installation, with its first brand and its internal client."""

    subject: ClassVar[str] = "provider_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandAdded(Event):
    """A brand: the name, host and colours under which a provider speaks."""

    subject: ClassVar[str] = "brand_id"
    brand_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandChanged(Event):
    """A brand's name, colours or the beginning of its links changed."""

    subject: ClassVar[str] = "brand_id"
    brand_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded(Event):
    """A client of the provider."""

    subject: ClassVar[str] = "client_id"
    client_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    """A person, known by an e-mail address."""

    subject: ClassVar[str] = "person_id"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    """A person's name, language, zone or link to an OS user changed."""

    subject: ClassVar[str] = "person_id"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven(Event):
    """A person may act in a role from an instant on."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A person may no longer act in a role."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """A person left: no role, mandate, link, token or session of theirs opens anything any more (X.4)."""

    subject: ClassVar[str] = "person_id"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven(Event):
    """A person may sign, consent or claim for a client from an instant on (X.4)."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    client_id: int
    mandate_id: int
    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded(Event):
    """A person may no longer sign, consent or claim under a mandate; what was done under it stays."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    client_id: int
    mandate_id: int
    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPolicySet(Event):
    """The provider said of whom it wants a second factor: offered, or required."""

    subject: ClassVar[str] = "provider_id"
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorChanged(Event):
    """A person added or removed a second factor; `what` is allauth's word for it."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    """A one-time link was made for a person."""

    subject: ClassVar[str] = "person_id"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationUsed(Event):
    """The person used the link and chose a password."""

    subject: ClassVar[str] = "person_id"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefused(Event):
    """Somebody tried a link that opens nothing any more: `why` is used, left (its person has), or old."""

    subject: ClassVar[str] = "person_id"
    person_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(Event):
    """An API token was issued."""

    subject: ClassVar[str] = "token_id"
    token_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEnded(Event):
    """An API token opens nothing any more."""

    subject: ClassVar[str] = "token_id"
    token_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumberSet(Event):
    """A number on which a call starts the clock (article 5), from an instant on."""

    subject: ClassVar[str] = "brand_id"
    brand_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumberRetired(Event):
    """A number stopped being the emergency number."""

    subject: ClassVar[str] = "brand_id"
    brand_id: int
    number: str
