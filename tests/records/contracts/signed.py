"""A client has signed what its provider published, and somebody wrote down what the texts promise."""

from collections.abc import Mapping
from datetime import datetime

from astreinte.records.accounts import mandates
from astreinte.records.accounts.models import Client, Person
from astreinte.records.contracts import accepting, signing, transcribing
from astreinte.records.contracts.models import Acceptance, DocumentVersion, Terms, Transcription
from tests.builders import BEGINNING, SETUP, House, acting


def signs(client: Client, person: Person) -> Person:
    """The person, with a mandate to sign for the client."""
    mandates.give(person, client=client, verb="sign", from_at=BEGINNING, at=BEGINNING, actor=SETUP)
    return person


def accepted(house: House, client: Client, person: Person, at: datetime) -> list[Acceptance]:
    """Everything that is offered to the client, read and accepted in the portal by a person with a mandate."""
    offered = accepting.offered(client, at)
    read = {one.public_id: signing.show(one, house.brand).hashes for one in offered}
    return signing.accept(client, read=read, brand=house.brand, at=at, actor=acting(person, at))


def transcribed(
    version: DocumentVersion, terms: Terms, mapping: Mapping[str, str], at: datetime = BEGINNING
) -> Transcription:
    """What a version promises, as data."""
    return transcribing.transcribe(version, terms=terms, mapping=mapping, at=at, actor=SETUP)
