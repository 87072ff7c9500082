"""The texts of a provider: a version comes in byte for byte, is published once, and is never changed (A0.1)."""

import hashlib
import re
from datetime import date, datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.founding import named
from astreinte.records.accounts.models import Brand, Client, Provider
from astreinte.records.accounts.people import LANGUAGES
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts.days import day_of
from astreinte.records.contracts.facts import VersionImported, VersionPublished
from astreinte.records.contracts.papers import (
    RANKS,
    Acceptance,
    Document,
    DocumentVersion,
    Publication,
)
from astreinte.records.evidence import keeping
from astreinte.records.journal import writing
from astreinte.rules.documents import placeholders

LARGEST = 2_000_000
"""The longest text that is taken, in bytes: a contract of six hundred pages."""
LARGEST_PAPER = 20_000_000
"""The longest scan of a signed paper that is taken, in bytes."""

MARKDOWN = "text/markdown"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class DocumentError(ValueError):
    """Something that cannot be done with a text: names the place, the value and the way out.

    `why` names the reason, for whoever says it in another language.
    """

    def __init__(self, said: str, *, why: str = "") -> None:
        super().__init__(said)
        self.why = why


def import_version(
    provider: Provider,
    *,
    content: bytes,
    file_name: str,
    name: str,
    kind: str,
    language: str,
    effective_on: date,
    at: datetime,
    actor: Actor,
    client: Client | None = None,
) -> DocumentVersion:
    """Keep a version of a text as a draft, byte for byte; the document is begun with its first version.

    A provider has one document of each kind and language; a specific contract is that of one client, by its
    name. Raises DocumentError for what is no text, and for what a document cannot be.
    """
    may(actor, "contracts.change", client or provider)
    read(content, file_name)
    _known(kind, language, client, provider)
    name = named("document.name", name)
    # Outside the transaction: it waits for the disk.
    file = keeping.keep(
        content, name=file_name, media_type=MARKDOWN, provider_id=provider.pk, at=at, actor=actor
    )
    with transaction.atomic():
        document, made = _document(
            Document(provider=provider, client=client, kind=kind, name=name, language=language, begun_at=at)
        )
        last = document.versions.order_by("-number").first()
        _differs(last, file.sha256, effective_on)
        row = DocumentVersion.objects.create(
            document=document,
            number=last.number + 1 if last is not None else 1,
            file=file,
            sha256=file.sha256,
            effective_on=effective_on,
            imported_at=at,
            by=str(actor),
        )
        fact = VersionImported(
            at=at,
            provider_id=provider.pk,
            document_id=document.pk,
            version_id=row.pk,
            sha256=row.sha256,
        )
        writing.append(fact, actor=actor, rows=[document, row] if made else [row])
    return row


def publish(version: DocumentVersion, *, at: datetime, actor: Actor, as_signed: bool = False) -> Publication:
    """Publish a version: clients read it from now on, and it holds from its day, for whoever accepts it.

    Its day is not past, and after that of every version published before. `as_signed` is for what was signed
    on paper before the provider came here: a day that is past, as long as nobody accepted this document here.
    The text is filled in for each brand first: what cannot be rendered is not published.
    """
    may(actor, "contracts.change", version.document)
    source = text(version)
    for brand in Brand.objects.filter(provider_id=version.document.provider_id).select_related("provider"):
        try:
            placeholders.fill(source, values(brand))
        except placeholders.PlaceholderError as error:
            raise DocumentError(f"{version}: {error}", why="places") from None
    with transaction.atomic():
        _may_be_published(version, at, as_signed=as_signed)
        row = Publication.objects.create(
            version=version,
            document=version.document,
            effective_on=version.effective_on,
            published_at=at,
            as_signed=as_signed,
            by=str(actor),
        )
        fact = VersionPublished(
            at=at,
            provider_id=version.document.provider_id,
            document_id=version.document_id,
            version_id=version.pk,
        )
        writing.append(fact, actor=actor, rows=[row])
    return row


def in_force(provider: Provider, kind: str, language: str, at: datetime) -> DocumentVersion | None:
    """Return the version of a kind that is published and whose day has come at `at`; None when there is none."""
    return (
        DocumentVersion.objects.select_related("document__provider", "file", "publication")
        .filter(document__provider=provider, document__client=None)
        .filter(document__kind=kind, document__language=language)
        .filter(publication__effective_on__lte=day_of(at), publication__published_at__lte=at)
        .order_by("-effective_on")
        .first()
    )


def status(version: DocumentVersion, at: datetime) -> str:
    """Return draft, published, or superseded: a later one was published, and its day has come."""
    published = Publication.objects.filter(document_id=version.document_id, published_at__lte=at)
    if not published.filter(version=version).exists():
        return "draft"
    later = published.filter(effective_on__gt=version.effective_on, effective_on__lte=day_of(at))
    return "superseded" if later.exists() else "published"


def text(version: DocumentVersion) -> str:
    """Return the text of a version, read anew and checked against its SHA-256; raises keeping.FileError."""
    return keeping.read(version.file).decode("utf-8")


def values(brand: Brand) -> dict[str, str]:
    """Return what the placeholders of a text stand for under a brand."""
    return {"company.name": brand.name, "company.legal_name": brand.provider.legal_name}


def read(content: bytes, file_name: str) -> str:
    """Return the text in these bytes; DocumentError for what is no text: empty, too long, binary."""
    if len(content) > LARGEST:
        raise DocumentError(
            f"{file_name}: {len(content)} bytes, more than {LARGEST}; import the text, not what it was printed to",
            why="long",
        )
    try:
        found = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentError(
            f"{file_name}: line {line}: not text in UTF-8 (byte {content[error.start]:#04x});"
            " save the text as UTF-8, and keep a signed PDF with its acceptance",
            why="binary",
        ) from None
    if not found.strip():
        raise DocumentError(f"{file_name}: says nothing; import the file that holds the text", why="empty")
    control = _CONTROLS.search(found)
    if control is not None:
        line = found[: control.start()].count("\n") + 1
        raise DocumentError(
            f"{file_name}: line {line}: holds the control character U+{ord(control[0]):04X};"
            " import the text, not what it was printed to",
            why="binary",
        )
    return found


def digest(content: bytes) -> str:
    """Return the SHA-256 by which a text is known."""
    return hashlib.sha256(content).hexdigest()


def _known(kind: str, language: str, client: Client | None, provider: Provider) -> None:
    if kind not in RANKS:
        raise DocumentError(f"document.kind: {kind!r}: write one of {', '.join(RANKS)}")
    if language not in LANGUAGES:
        raise DocumentError(f"document.language: {language!r}: write one of {', '.join(LANGUAGES)}")
    if (kind == "specific") is not (client is not None):
        raise DocumentError(
            f"document.client: {client.name if client else 'none'}: a specific contract is that of one client,"
            " the other texts are those of all; name a client for that kind alone",
            why="client",
        )
    if client is not None and client.provider_id != provider.pk:
        raise DocumentError(
            f"document.client: {client.name} is a client of another provider; name one of yours"
        )


def _document(wanted: Document) -> tuple[Document, bool]:
    """Return the document that is meant, and whether it is new: one of a kind and language, or a client's by name."""
    kind, language, name = wanted.kind, wanted.language, wanted.name
    there = Document.objects.filter(provider=wanted.provider, client=wanted.client, kind=kind)
    there = there.filter(language=language) if wanted.client is None else there.filter(name=name)
    found: Document | None = there.first()
    if found is None:
        wanted.save(force_insert=True)
        return wanted, True
    if found.name != name:
        raise DocumentError(
            f"document.name: {name!r}: the {kind} text in {language} is {found.name!r} already;"
            " import this file under that name, as its next version",
            why="name",
        )
    if found.language != language:
        raise DocumentError(
            f"document.language: {language!r}: {found.name!r} is written in {found.language}; choose another name",
            why="name",
        )
    return found, False


def _differs(last: DocumentVersion | None, sha256: str, effective_on: date) -> None:
    if last is not None and (last.sha256, last.effective_on) == (sha256, effective_on):
        raise DocumentError(
            f"{last}: is this very file for this very day already; publish that version, or import another text",
            why="same",
        )


def _may_be_published(version: DocumentVersion, at: datetime, *, as_signed: bool) -> None:
    published = Publication.objects.filter(document_id=version.document_id).select_related("version")
    if published.filter(version=version).exists():
        raise DocumentError(f"{version}: is published already", why="published")
    day = version.effective_on
    last = published.order_by("-effective_on").first()
    if last is not None and last.effective_on == day:
        raise DocumentError(
            f"{version}: {last.version} is published for {day} already;"
            " import this text again with --effective and another day",
            why="day",
        )
    if last is not None and last.effective_on > day:
        raise DocumentError(
            f"{version}: {day} is before {last.effective_on}, the day of {last.version}, and nothing is put before"
            " what was published; import this text again with a later day",
            why="before",
        )
    past = day < day_of(at)
    if past and not as_signed:
        raise DocumentError(
            f"{version}: {day} is past, and a text does not hold backwards; import it again with a day from today on,"
            " or publish it as it was signed (--as-signed) when that was on paper, before you came here",
            why="past",
        )
    if as_signed and not past:
        raise DocumentError(
            f"{version}: {day} is not past: nothing to say of a paper; publish it as it is", why="not past"
        )
    if as_signed and Acceptance.objects.filter(version__document_id=version.document_id).exists():
        raise DocumentError(
            f"{version}: {day} is past, and clients have accepted {version.document} here since;"
            " import it again with a day from today on",
            why="since",
        )
