"""Texts for the stories of documents: written for the tests, in two languages."""

from datetime import date, datetime
from typing import Any

from astreinte.records.accounts import founding
from astreinte.records.accounts.models import Brand, Client
from astreinte.records.contracts import documents
from astreinte.records.contracts.models import DocumentVersion
from tests.builders import BEGINNING, SETUP, House

SPECIAL = "Conditions particulières"
SALE = "Conditions générales de vente"
SERVICE = "Conditions générales de service"

WORDS = {
    "special": (
        "# {name}\n\n## Article 1  Objet\n{{{{company.name}}}} surveille les serveurs du Client.\n\n"
        "## Article 5 Intervention\n{{{{company.name}}}} intervient en 2 heures. Les jours fériés ne comptent pas.\n\n"
        "## Article 6 Pénalités\nLe plafond est de {cap} du forfait mensuel.\n"
    ),
    "general_sale": "# {name}\n\n## Article 4 Plafond\nLe plafond est de {cap} du prix payé à {{{{company.name}}}}.\n",
    "general_service": "# {name}\n\n## Article 2 Accès\nLe Client donne accès à {{{{company.name}}}}.\n",
    "specific": "# {name}\n\n## Article 1 Délai\n{{{{company.name}}}} intervient en une heure.\n",
}


def a_text(kind: str = "special", name: str = SPECIAL, cap: str = "100 %") -> bytes:
    """A text of a kind; `cap` makes two of them differ."""
    return WORDS[kind].format(name=name, cap=cap).encode()


def a_version(
    house: House,
    *,
    kind: str = "special",
    name: str = SPECIAL,
    on: date = date(2026, 1, 1),
    at: datetime = BEGINNING,
    content: bytes | None = None,
    language: str = "fr",
    client: Client | None = None,
    **text: Any,
) -> DocumentVersion:
    """A draft of the house."""
    return documents.import_version(
        house.provider,
        content=a_text(kind, name, **text) if content is None else content,
        file_name=f"{kind}.md",
        name=name,
        kind=kind,
        language=language,
        effective_on=on,
        at=at,
        actor=SETUP,
        client=client,
    )


def published(house: House, *, at: datetime = BEGINNING, **how: Any) -> DocumentVersion:
    """A version that is published."""
    version = a_version(house, at=at, **how)
    documents.publish(version, at=at, actor=SETUP)
    return version


def both_texts(house: House) -> tuple[DocumentVersion, DocumentVersion]:
    """The special terms and the general terms of sale, published."""
    return published(house), published(house, kind="general_sale", name=SALE)


def a_second_brand(house: House, name: str = "Marée basse", host: str = "maree.test") -> Brand:
    """A second name of the same provider."""
    return founding.add_brand(
        house.provider, name=name, host=host, origin=f"https://{host}", at=BEGINNING, actor=SETUP
    )
