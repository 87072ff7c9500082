"""People of the clients are asked to accept a version, and told that it is done; who has answered (A1.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import mandates
from astreinte.records.accounts.actors import Actor, system
from astreinte.records.accounts.models import Brand, Client, Person
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import accepting
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.facts import AcceptanceInvited, DocumentsAccepted
from astreinte.records.contracts.models import OrderLine
from astreinte.records.contracts.papers import (
    Acceptance,
    AcceptanceInvitation,
    DocumentVersion,
    Publication,
)
from astreinte.records.journal import writing
from astreinte.records.notices import telling
from astreinte.words import acceptances
from astreinte.words.acceptances import Accepted, Text

ACCEPT = "/contract/accept/"
ACTS = "/contract/texts/"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a client stands towards a version: who was asked when last, and what it accepted."""

    client: Client
    invited_at: datetime | None
    invited: tuple[Person, ...]
    acceptance: Acceptance | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of asking: the invitations, and the clients of whom nobody holds a mandate to sign."""

    invitations: tuple[AcceptanceInvitation, ...]
    unsigned: tuple[Client, ...]


def invite(
    version: DocumentVersion,
    *,
    brand: Brand,
    at: datetime,
    actor: Actor,
    clients: Iterable[Client] | None = None,
) -> Sent:
    """Ask by e-mail whoever may sign for each client to accept a published version that it has not accepted.

    Without `clients`, all whom it concerns. A client of whom nobody may sign is named in what is returned.
    """
    may(actor, "contracts.change", version.document)
    if not Publication.objects.filter(version=version).exists():
        raise DocumentError(f"{version}: is a draft; publish it first, then invite")
    sent: list[AcceptanceInvitation] = []
    unsigned: list[Client] = []
    for client in concerned(version, at) if clients is None else clients:
        if Acceptance.objects.filter(client=client, version=version).exists():
            continue
        people = mandates.holders(client.pk, "sign", at, line_id=None)
        if not people:
            unsigned.append(client)
        sent.extend(_invited(version, client, person, brand=brand, at=at, actor=actor) for person in people)
    return Sent(tuple(sent), tuple(unsigned))


def answers(version: DocumentVersion, at: datetime) -> list[Answer]:
    """Return how each client whom a version concerns stands towards it, those still to answer first."""
    accepted = {
        row.client_id: row
        for row in Acceptance.objects.filter(version=version)
        .select_related("person", "client")
        .order_by("pk")
    }
    asked: dict[int, list[AcceptanceInvitation]] = {}
    rows = AcceptanceInvitation.objects.filter(version=version).select_related("person", "client")
    for row in rows.order_by("at", "pk"):
        asked.setdefault(row.client_id, []).append(row)
    there = {client.pk: client for client in concerned(version, at)}
    there |= {row.client_id: row.client for row in accepted.values()}
    found = [
        Answer(
            client,
            asked[pk][-1].at if pk in asked else None,
            tuple(dict.fromkeys(row.person for row in asked.get(pk, ()))),
            accepted.get(pk),
        )
        for pk, client in there.items()
    ]
    return sorted(found, key=lambda one: (one.acceptance is not None, one.client.name))


def concerned(version: DocumentVersion, at: datetime) -> list[Client]:
    """Return the clients whom a version concerns: all but those who have left, or whose specific contract it is."""
    document = version.document
    if document.client_id is not None:
        return list(Client.objects.filter(pk=document.client_id))
    lines = OrderLine.objects.standing().filter(provider_id=document.provider_id)
    bound = lines.exclude(until_at__lte=at).values("client_id")
    gone = lines.exclude(client_id__in=bound).values("client_id")
    clients = Client.objects.filter(provider_id=document.provider_id, internal=False)
    return list(clients.exclude(pk__in=gone).order_by("name"))


def confirm(event: DocumentsAccepted, *, at: datetime) -> None:
    """Send who accepted a confirmation: what, when, by which digests, and where the certificate is."""
    rows = list(
        Acceptance.objects.filter(pk__in=event.acceptance_ids)
        .select_related("client__provider", "person", "version__document", "paper")
        .order_by("pk")
    )
    brand = Brand.objects.get(pk=event.brand_id)
    telling.tell(
        persons=[rows[0].person],
        say=lambda _: acceptances.confirmed(accepted(rows), link=brand.origin + ACTS),
        about=f"acceptance:{event.act}",
        entry_key=f"contracts.DocumentsAccepted:{event.act}",
        at=at,
        actor=system("contracts"),
        client_id=event.client_id,
        brand=brand,
    )


def accepted(rows: list[Acceptance]) -> Accepted:
    """Return what the certificate says of the acceptances of one act."""
    first = rows[0]
    return Accepted(
        act=first.act,
        client=first.client.name,
        person=first.person.name,
        email=first.person.email,
        brand=first.brand_name,
        provider=first.client.provider.legal_name,
        at=first.at,
        recorded_at=first.recorded_at,
        zone=first.zone,
        how=first.how,
        recorded_by=_name(first.by),
        paper_sha256=first.paper.sha256 if first.paper is not None else "",
        from_address=first.from_address,
        user_agent=first.user_agent,
        texts=[_text(row.version, row) for row in rows],
    )


def act_of(rows: Iterable[Acceptance]) -> dict[str, list[Acceptance]]:
    """Return acceptances by the act that they were one of."""
    found: dict[str, list[Acceptance]] = {}
    for row in rows:
        found.setdefault(row.act, []).append(row)
    return found


def _invited(
    version: DocumentVersion, client: Client, person: Person, *, brand: Brand, at: datetime, actor: Actor
) -> AcceptanceInvitation:
    with transaction.atomic():
        row = AcceptanceInvitation.objects.create(
            client=client, version=version, person=person, at=at, by=str(actor)
        )
        fact = AcceptanceInvited(
            at=at, provider_id=client.provider_id, client_id=client.pk, invitation_id=row.pk
        )
        writing.append(fact, actor=actor, rows=[row])
        # The texts come from what is offered: they are accepted together, so they are announced together.
        texts = accepting.offered(client, at, person.language) or [version]
        telling.tell(
            persons=[person],
            say=lambda _: acceptances.invited(
                [_text(one) for one in texts],
                brand=brand.name,
                client=client.name,
                link=brand.origin + ACCEPT,
            ),
            about=f"version:{version.pk}",
            entry_key=f"contracts.AcceptanceInvited:{row.pk}",
            at=at,
            actor=system("contracts"),
            client_id=client.pk,
            brand=brand,
        )
    return row


def _text(version: DocumentVersion, row: Acceptance | None = None) -> Text:
    return Text(
        name=version.document.name,
        number=version.number,
        effective_on=version.effective_on,
        source_sha256=row.source_sha256 if row is not None else "",
        rendered_sha256=row.rendered_sha256 if row is not None else "",
    )


def _name(actor: str) -> str:
    kind, _, key = actor.partition(":")
    if kind != "person":
        return actor
    return Person.objects.filter(pk=key).values_list("name", flat=True).first() or actor
