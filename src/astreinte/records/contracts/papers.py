"""The texts of a contract: documents, their versions, what each promises as data, and who accepted which."""

from typing import ClassVar, Self

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Client, Person, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.accounts.who import Actor
from astreinte.records.evidence.models import StoredFile
from astreinte.records.validity.constraints import AppendOnly

RANKS = ("specific", "special", "general_sale", "general_service")
"""The kinds of documents, the one that prevails first (article 1)."""

HOWS = ("portal", "signed_pdf")


class Documents(Visible["Document"]):
    """Documents: a client sees what is published to everybody, and its own specific contracts."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the documents whose texts the actor may read."""
        if actor.is_system or actor.is_staff:
            return super().visible_to(actor)
        everybodys_or_own = models.Q(client=None) | models.Q(client=actor.client_id)
        published = Publication.objects.filter(document=models.OuterRef("pk"))
        mine = self.filter(everybodys_or_own, models.Exists(published), provider=actor.provider_id)
        return mine if actor.is_client else self.none()


class Document(models.Model):
    """A text by its name: general terms, special terms, or the specific contract of one client."""

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Documents.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="documents")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=RANKS), name="document_kind"),
            models.CheckConstraint(
                condition=models.Q(kind="specific", client__isnull=False)
                | (~models.Q(kind="specific") & models.Q(client__isnull=True)),
                name="document_of_one_client",
            ),
            models.UniqueConstraint(
                fields=["provider", "kind", "language"],
                condition=models.Q(client__isnull=True),
                name="document_one_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["client", "name"], condition=models.Q(client__isnull=False), name="document_name"
            ),
            AppendOnly(name="document_append_only"),
        ]

    def __str__(self) -> str:
        return self.name


class Versions(Visible["DocumentVersion"]):
    """Versions: a client sees those that are published."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the versions whose text the actor may read."""
        if actor.is_system or actor.is_staff:
            return super().visible_to(actor)
        read = Document.objects.visible_to(actor)
        return self.filter(document__in=read, publication__isnull=False)


class DocumentVersion(models.Model):
    """A version of a text, byte for byte, and the day from which it is meant to hold. Never changed (A0.1)."""

    JOURNALLED = True
    reach = Reach(provider="document__provider", client="document__client")
    objects = Versions.as_manager()

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    effective_on = models.DateField()
    imported_at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number"),
            AppendOnly(name="document_version_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"


class Publication(models.Model):
    """A version was published: from here on clients read it, and are asked to accept it.

    `document` and `effective_on` are those of the version: the database refuses two of one day. `as_signed`:
    the day was past already, and the text had been signed on paper before it came here.
    """

    JOURNALLED = True
    reach = Reach(provider="document__provider", client="document__client")
    objects = Visible["Publication"].as_manager()

    version = models.OneToOneField(DocumentVersion, models.PROTECT, related_name="publication")
    document = models.ForeignKey(Document, models.PROTECT, related_name="publications")
    effective_on = models.DateField()
    published_at = models.DateTimeField()
    as_signed = models.BooleanField(default=False)
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "effective_on"], name="publication_once_a_day"),
            AppendOnly(name="publication_append_only"),
        ]


class Transcription(models.Model):
    """What a version promises, as data: terms, and for each key the clause that says it (a JSON object).

    `by` wrote it; `checked_by` is a second person who read text and values side by side, or nobody yet.
    """

    JOURNALLED = True
    reach = Reach(provider="version__document__provider", client="version__document__client")
    objects = Visible["Transcription"].as_manager()

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="transcriptions")
    terms = models.ForeignKey("contracts.Terms", models.PROTECT, related_name="+")
    mapping = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(checked_at__isnull=True, checked_by__isnull=True)
                | models.Q(checked_at__isnull=False, checked_by__isnull=False),
                name="transcription_checked_by_somebody",
            ),
            AppendOnly(name="transcription_append_only", but=("checked_at", "checked_by")),
        ]


class Acceptance(models.Model):
    """A client accepted a version as it was shown, entirely and without reserve (article 1, A1.5).

    `at` is when it was accepted, `recorded_at` when this was written down (a paper came earlier). What was
    accepted by one click or on one paper has one `act`. `rendered` is the text as it was shown, `paper` the
    signed PDF; `person` is who signed, `by` who wrote it down.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("from_address", "user_agent")
    reach = Reach(provider="client__provider", client="client")
    objects = Visible["Acceptance"].as_manager()

    client = models.ForeignKey(Client, models.PROTECT, related_name="acceptances")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.CharField(max_length=16)
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    how = models.CharField(max_length=12)
    source_sha256 = models.CharField(max_length=64)
    rendered_sha256 = models.CharField(max_length=64)
    rendered = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    brand_name = models.CharField(max_length=200)
    from_address = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "version"], name="acceptance_once"),
            models.CheckConstraint(condition=models.Q(how__in=HOWS), name="acceptance_how"),
            models.CheckConstraint(
                condition=~models.Q(how="signed_pdf") | models.Q(paper__isnull=False),
                name="acceptance_with_its_paper",
            ),
            AppendOnly(name="acceptance_append_only", erasable=("from_address", "user_agent")),
        ]
        indexes: ClassVar = [models.Index(fields=["act"], name="acceptance_act")]


class AcceptanceInvitation(models.Model):
    """A person of a client was asked by e-mail to accept a version."""

    JOURNALLED = True
    reach = Reach(provider="client__provider", client="client")
    objects = Visible["AcceptanceInvitation"].as_manager()

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="acceptance_invitation_append_only")]
