"""Entries, their seals, what was published of them, and their deliveries."""

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar

from django.db import models
from django.utils.deconstruct import deconstructible

from astreinte.records.validity.constraints import AppendOnly

_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)


class Looks(Protocol):
    """Who looks: what the journal needs to know of an actor."""

    @property
    def is_system(self) -> bool:
        """Whether it is the house itself."""

    @property
    def is_staff(self) -> bool:
        """Whether it is of a provider's staff."""

    @property
    def provider_id(self) -> int | None:
        """Whose staff or client."""


class OfProvider(models.QuerySet[_M_co]):
    """Rows that only the staff of their provider may see."""

    path: ClassVar[str] = "provider_id"

    def visible_to(self, actor: Looks) -> Self:
        """Keep what `actor` may see: everything for the house, for the staff what is their provider's."""
        if actor.is_system:
            return self
        if not actor.is_staff or actor.provider_id is None:
            return self.none()
        return self.filter(**{self.path: actor.provider_id})


@deconstructible(path="astreinte.records.journal.models.CurrentTransaction")
class CurrentTransaction(models.Func):
    """The number of the transaction that inserts: 64 bits on PostgreSQL, 0 on SQLite (writers take turns)."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    allowed_default = True
    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        """Return the SQL for SQLite."""
        return "0", ()


class Entry(models.Model):
    """One fact, as written: never changed, but for words that retention or a person's right erases (X.7).

    `body` is canonical text: the event's fields, and the columns of every row written with it. `words`
    holds the columns with words of people, apart; once erased it is null, and its digest stays.
    """

    # PostgreSQL fills the columns in their order: the transaction has its number before the entry has, so
    # that an entry cannot have both a lower number and a later transaction than one that is already sealed.
    tx = models.BigIntegerField(db_default=CurrentTransaction())
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=100)
    actor = models.CharField(max_length=100)
    provider_id = models.BigIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    words = models.TextField(null=True)
    salt = models.CharField(max_length=64, null=True)
    words_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = OfProvider["Entry"].as_manager()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="journal_entry_append_only", erasable=("words", "salt"))]
        indexes: ClassVar = [
            models.Index(fields=["tx", "id"], name="journal_entry_tx"),
            models.Index(fields=["subject", "id"], name="journal_entry_subject"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk} ({self.kind})"


class Seal(models.Model):
    """The place of an entry in its provider's chain: `chain` = H(previous chain, seq, entry, digest).

    Every entry of a transaction below `low` was sealed with this one at the latest; those of `high` and
    above had not begun (SQLite: numbers of entries instead).
    """

    provider_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal", db_constraint=False)
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    at = models.DateTimeField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    objects = OfProvider["Seal"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider_id", "seq"], name="journal_seal_dense"),
            AppendOnly(name="journal_seal_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id}:{self.seq}:{self.chain}"


class Publication(models.Model):
    """The head of a chain as it left the house: where, and when. After that nobody can rewrite it unseen."""

    provider_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    chain = models.CharField(max_length=64)
    at = models.DateTimeField()
    where = models.CharField(max_length=200)

    objects = OfProvider["Publication"].as_manager()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="journal_publication_append_only")]

    def __str__(self) -> str:
        return f"{self.provider_id}:{self.seq}:{self.chain} in {self.where}"


class Deliveries(OfProvider[_M_co]):
    """Finds deliveries by what became of them."""

    path = "entry__provider_id"

    def unsettled(self) -> Self:
        """Return those still owed: waiting, running or dead."""
        return self.filter(done_at__isnull=True, skipped_at__isnull=True)

    def dead(self) -> Self:
        """Return those that failed too often, and wait for a person."""
        return self.unsettled().filter(dead_at__isnull=False)


class Delivery(models.Model):
    """An entry owed to a reaction, once. A timer is one with a later `run_at`: it only wakes.

    `token` counts the claims: only the holder of the newest may settle. A failed try waits with
    `lease_until` set; `run_at` never changes, it is the place in the order.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    reaction = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.IntegerField(default=0)
    attempts = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    objects = Deliveries["Delivery"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="journal_delivery_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["run_at", "entry"],
                condition=models.Q(done_at__isnull=True, skipped_at__isnull=True, dead_at__isnull=True),
                name="journal_delivery_due",
            ),
            models.Index(
                fields=["reaction", "subject", "run_at", "entry"],
                condition=models.Q(done_at__isnull=True, skipped_at__isnull=True),
                name="journal_delivery_order",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} of entry {self.entry_id} to {self.reaction}"

    if TYPE_CHECKING:
        entry_id: int
