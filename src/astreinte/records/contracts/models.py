"""Terms, order lines, their prices and the servers that they cover, all dated."""

from typing import Any, ClassVar

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Client, Dated, Person, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.contracts.counsel import (
    Advice,
    AdviceStep,
    Consent,
    ConsentLink,
    ConsentRequest,
    ConsentServer,
    ConsentVoid,
)
from astreinte.records.contracts.papers import (
    Acceptance,
    AcceptanceInvitation,
    Document,
    DocumentVersion,
    Publication,
    Transcription,
)
from astreinte.records.contracts.stipulations import (
    ConditionEntry,
    OverlayApproval,
    OverlayScope,
    Suspension,
)
from astreinte.records.evidence.models import StoredFile
from astreinte.records.inventory.models import Server
from astreinte.records.validity.constraints import AppendOnly, NoOverlap
from astreinte.records.validity.models import Validity

__all__ = [
    "PERIODS",
    "Acceptance",
    "AcceptanceInvitation",
    "Advice",
    "AdviceStep",
    "Binding",
    "ConditionEntry",
    "Consent",
    "ConsentLink",
    "ConsentRequest",
    "ConsentServer",
    "ConsentVoid",
    "Coverage",
    "Document",
    "DocumentVersion",
    "FrozenYear",
    "Lines",
    "OrderLine",
    "Overlay",
    "OverlayApproval",
    "OverlayScope",
    "Price",
    "Publication",
    "Suspension",
    "Terms",
    "Transcription",
]

PERIODS = ("monthly", "quarterly", "yearly", "one_off")


class Terms(models.Model):
    """Terms as data: the patch that was written, and the whole that it came to on that day. Never changed."""

    JOURNALLED = True
    reach = Reach(provider="provider")
    objects = Visible["Terms"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    extends = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    patch = models.TextField()
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "name"], name="terms_name"),
            AppendOnly(name="terms_append_only"),
        ]

    def __str__(self) -> str:
        return self.name


class FrozenYear(models.Model):
    """The public holidays of one year, as they were known when first needed (AMB-21): `days` is a JSON array."""

    JOURNALLED = True
    reach = Reach(provider="provider")
    objects = Visible["FrozenYear"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    calendar = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    days = models.TextField()
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "calendar", "year"], name="frozen_year_once"),
            AppendOnly(name="frozen_year_append_only"),
        ]


class Lines(Dated):  # type: ignore[override]  # the plugin's as_manager, not ours
    """Order lines; chains."""

    def covering(self, server: Server, at: Any) -> "Lines":
        """Keep the line that covers a server at an instant at which it is under management, and is not suspended."""
        held = Coverage.objects.as_of(at).filter(
            server=server, server__in=Server.objects.as_of(at).filter(pk=server.pk)
        )
        away = Suspension.objects.as_of(at)
        return self.as_of(at).filter(pk__in=held.values("line_id")).exclude(pk__in=away.values("line_id"))


class OrderLine(Validity):
    """What a client ordered: a plan at a price per period. The fee and the cap are counted by it (AMB-17).

    `tacit`: it is renewed at each end of a period unless one side gives notice `notice_days` before; one that is
    not ends with its period, and is renewed by another line, which `renews` it.
    """

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Lines.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="order_lines")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    number = models.PositiveIntegerField()
    plan = models.CharField(max_length=100)
    period = models.CharField(max_length=10)
    renews = models.OneToOneField("self", models.PROTECT, null=True, related_name="renewed_by")
    tacit = models.BooleanField(default=True)
    notice_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="order_line_number"),
            models.CheckConstraint(condition=models.Q(period__in=PERIODS), name="order_line_period"),
            NoOverlap(by=("provider", "number"), name="order_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} ({self.number})"


class Price(Validity):
    """The price of one period of an order line, in cents of a euro before tax, from an instant on.

    `cents` is what is paid; with a discount, `full_cents` is what it would be without, and `discount` says why.
    """

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Dated.as_manager()

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="prices")
    cents = models.PositiveBigIntegerField()
    full_cents = models.PositiveBigIntegerField(null=True)
    discount = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("line",), name="price_once")]


class Binding(Validity):
    """Which terms govern an order line, from an instant on: exactly one at any instant (A1.1)."""

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Dated.as_manager()

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="bindings")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="bindings")

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("line",), name="binding_once")]


class Overlay(Validity):
    """A specific contract: a patch on the terms of an order line, for a while (A1.3, A6.13).

    `clause` is what it says in words, `file` the signed paper. `worse` names (JSON array) what it makes worse for the
    client: such a one holds from the instant at which somebody else approved it, and not before.
    """

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Dated.as_manager()

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="overlays")
    title = models.CharField(max_length=200)
    patch = models.TextField()
    clause = models.TextField(blank=True, default="")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    worse = models.TextField(blank=True, default="")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        # Several may hold at once where neither their servers nor their keys meet: the activity judges that.
        constraints: ClassVar = [NoOverlap(by=("line", "title"), name="overlay_once")]


class Coverage(Validity):
    """Which order line covers a server: one at any instant, so that terms and fee are never in doubt."""

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Dated.as_manager()

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="coverages")
    server = models.ForeignKey(Server, models.PROTECT, related_name="coverages")

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("server",), name="coverage_once")]
