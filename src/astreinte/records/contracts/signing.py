"""A client accepts its texts, entirely and without reserve: all at once, as they were shown (article 1, A1.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import mandates, public_ids
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Client, Person
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.contracts import accepting, documents
from astreinte.records.contracts.days import ZONE
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.facts import DocumentsAccepted
from astreinte.records.contracts.papers import Acceptance, DocumentVersion, Publication
from astreinte.records.evidence import keeping
from astreinte.records.evidence.models import StoredFile
from astreinte.records.journal import writing
from astreinte.words import documents as pages

PDF = b"%PDF-"
ALL_DONE = "acceptance: {client} has accepted everything that is published; nothing to do"


class ReadAgainError(DocumentError):
    """What was clicked on is not what would be accepted: the texts must be shown, and read, again."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as a brand shows it: the page, and the two digests by which a click says what it is about."""

    version: DocumentVersion
    page: str
    source_sha256: str
    rendered_sha256: str

    @property
    def hashes(self) -> str:
        """The two digests, as a form carries them."""
        return f"{self.source_sha256} {self.rendered_sha256}"


@dataclass(frozen=True, slots=True)
class Where:
    """From where a click came, as far as it is known."""

    address: str = ""
    browser: str = ""
    zone: str = ZONE


def show(version: DocumentVersion, brand: Brand) -> Shown:
    """Return a version as this brand shows it, from the bytes on the disk as they are now.

    Raises keeping.FileError for bytes that are not those that were imported, and PlaceholderError.
    """
    document = version.document
    if brand.provider_id != document.provider_id:
        raise DocumentError(
            f"{version}: is a text of another provider than {brand.name}; choose one of its brands"
        )
    content = keeping.read(version.file)
    page = pages.html(
        content.decode("utf-8"),
        title=document.name,
        language=document.language,
        values=documents.values(brand),
    )
    return Shown(version, page, documents.digest(content), documents.digest(page.encode()))


def accept(
    client: Client,
    *,
    read: Mapping[str, str],
    brand: Brand,
    at: datetime,
    actor: Actor,
    language: str = "fr",
    where: Where | None = None,
) -> list[Acceptance]:
    """Accept every text that is offered to the client, by a person of the client with a mandate to sign.

    `read` says what the person was shown: for the public id of each version its two digests. Raises
    ReadAgainError when that is not, to the byte, what is offered now; NotAllowed for who holds no mandate, and
    for the provider's staff, who do not tick for a client.
    """
    where = where or Where()
    person = _mandated(client, actor, at)
    wanted = [show(version, brand) for version in accepting.offered(client, at, language)]
    _as_shown(client, wanted, read)
    kept = [_kept(one, at, actor) for one in wanted]
    with transaction.atomic():
        # Two clicks at one moment: the second one waits here, and finds that nothing is offered any more.
        held = Client.objects.select_for_update().get(pk=client.pk)
        now = [version.pk for version in accepting.offered(held, at, language)]
        if not now:
            raise DocumentError(ALL_DONE.format(client=client.name))
        if now != [one.version.pk for one in wanted]:
            raise ReadAgainError("acceptance: the texts changed at this very moment; read them again")
        rows = _rows(wanted, kept, client=client, person=person, brand=brand)
        for row in rows:
            row.at, row.recorded_at, row.by, row.how = at, at, str(actor), "portal"
            row.from_address, row.user_agent, row.zone = (
                where.address[:64],
                where.browser[:300],
                where.zone,
            )
        return _written(client, rows, brand, at, actor)


def record_signed(
    client: Client,
    *,
    versions: Sequence[DocumentVersion],
    person: Person,
    paper: bytes,
    paper_name: str,
    signed_at: datetime,
    brand: Brand,
    at: datetime,
    actor: Actor,
) -> list[Acceptance]:
    """Write down that a person of the client signed these published texts on paper, and keep the paper (a PDF).

    The staff does it; the signature is the client's. The person holds a mandate to sign when it was signed, or
    now: a paper is older than the accounts here.
    """
    may(actor, "contracts.change", client)
    _signable(client, versions, paper, paper_name)
    if signed_at > at:
        raise DocumentError(
            f"acceptance.signed: {signed_at.isoformat()} is to come; write the day on the paper",
            why="to come",
        )
    if not mandates.holds(person.pk, client.pk, "sign", signed_at):
        mandates.require(person.pk, client.pk, "sign", at)
    wanted = [show(version, brand) for version in versions]
    kept = [_kept(one, at, actor) for one in wanted]
    scan = keeping.keep(
        paper,
        name=paper_name,
        media_type="application/pdf",
        provider_id=client.provider_id,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        held = Client.objects.select_for_update().get(pk=client.pk)
        _not_yet(held, versions)
        rows = _rows(wanted, kept, client=client, person=person, brand=brand)
        for row in rows:
            row.at, row.recorded_at, row.by, row.how = signed_at, at, str(actor), "signed_pdf"
            row.paper, row.zone = scan, ZONE
        return _written(client, rows, brand, at, actor)


def _mandated(client: Client, actor: Actor, at: datetime) -> Person:
    itself = actor.kind == "person" and actor.is_client and actor.client_id == client.pk
    if not itself:  # a token neither: it is given to programs, and narrower than its person
        raise NotAllowed(
            f"acceptance: only a person of {client.name} accepts for it;"
            " invite one who holds a mandate to sign, or record the paper that was signed"
        )
    mandates.require(actor.person_id, client.pk, "sign", at)
    person: Person = Person.objects.get(pk=actor.person_id)
    return person


def _as_shown(client: Client, wanted: Sequence[Shown], read: Mapping[str, str]) -> None:
    if not wanted:
        raise DocumentError(ALL_DONE.format(client=client.name))
    there = {one.version.public_id: one.hashes for one in wanted}
    if there.keys() - read.keys():
        names = ", ".join(str(one.version) for one in wanted if one.version.public_id not in read)
        raise ReadAgainError(
            f"acceptance: {names}: was not shown; the texts are accepted together, read them again"
        )
    for one in wanted:
        if read[one.version.public_id] != one.hashes:
            raise ReadAgainError(f"acceptance: {one.version}: has changed since it was shown; read it again")
    if read.keys() - there.keys():
        raise ReadAgainError("acceptance: a text that was shown is not offered any more; read them again")


def _signable(client: Client, versions: Sequence[DocumentVersion], paper: bytes, name: str) -> None:
    if not versions:
        raise DocumentError("acceptance.texts: none; name the versions that the paper speaks of")
    if not paper.startswith(PDF) or len(paper) > documents.LARGEST_PAPER:
        raise DocumentError(
            f"acceptance.paper: {name}: no PDF of {documents.LARGEST_PAPER} bytes at most;"
            " scan the signed paper to one",
            why="paper",
        )
    for version in versions:
        published = Publication.objects.filter(version=version).exists()
        if not published or version.document.client_id not in {None, client.pk}:
            raise DocumentError(
                f"acceptance.texts: {version}: not published to {client.name}; publish it first",
                why="draft",
            )
    _not_yet(client, versions)


def _not_yet(client: Client, versions: Sequence[DocumentVersion]) -> None:
    done = Acceptance.objects.filter(client=client, version__in=versions).select_related("version__document")
    for row in done.order_by("pk"):
        raise DocumentError(
            f"acceptance.texts: {row.version}: {client.name} accepted it already, on {row.at:%Y-%m-%d}; leave it out",
            why="accepted",
        )


def _kept(one: Shown, at: datetime, actor: Actor) -> StoredFile:
    document = one.version.document
    return keeping.keep(
        one.page.encode(),
        name=f"{document.kind}-{document.language}-v{one.version.number}.html",
        media_type="text/html",
        provider_id=document.provider_id,
        at=at,
        actor=actor,
    )


def _rows(
    wanted: Sequence[Shown], kept: Sequence[StoredFile], *, client: Client, person: Person, brand: Brand
) -> list[Acceptance]:
    act = public_ids.new()
    return [
        Acceptance(
            client=client,
            version=one.version,
            person=person,
            act=act,
            source_sha256=one.source_sha256,
            rendered_sha256=one.rendered_sha256,
            rendered=file,
            brand_name=brand.name,
        )
        for one, file in zip(wanted, kept, strict=True)
    ]


def _written(
    client: Client, rows: list[Acceptance], brand: Brand, at: datetime, actor: Actor
) -> list[Acceptance]:
    for row in rows:
        row.save(force_insert=True)
    fact = DocumentsAccepted(
        at=at,
        provider_id=client.provider_id,
        client_id=client.pk,
        brand_id=brand.pk,
        act=rows[0].act,
        acceptance_ids=tuple(row.pk for row in rows),
    )
    writing.append(fact, actor=actor, rows=rows)
    return rows
