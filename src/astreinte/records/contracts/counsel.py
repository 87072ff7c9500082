"""What the provider advised before the work, what the client answered, and what it consented to (article 2)."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts.models import Client, Mandate, Person, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.inventory.models import Server
from astreinte.records.validity.constraints import AppendOnly

RISKS = ("single_disk", "no_backup", "end_of_life", "low_hours", "certificate", "memory", "work", "other")
"""What an advice warns of: the tag by which a refused one comes back when the risk happens (A2.1)."""

STEPS = ("delivered", "read", "accepted", "refused")
ANSWERS = ("accepted", "refused")
CONSENT_ANSWERS = ("given", "refused")
HOWS = ("link", "portal")


class Advice(models.Model):
    """Information and advice given before an order or risky work, in full: never changed (A2.1).

    `not_included` says what the client does not get. A `mandatory` one is answered before its order line begins.
    """

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Visible["Advice"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="advice")
    line = models.ForeignKey("contracts.OrderLine", models.PROTECT, null=True, related_name="advice")
    server = models.ForeignKey(Server, models.PROTECT, null=True, related_name="advice")
    number = models.PositiveIntegerField()
    risk = models.CharField(max_length=20)
    mandatory = models.BooleanField()
    title = models.CharField(max_length=200)
    needs = models.TextField()
    options = models.TextField()
    recommendation = models.TextField()
    risks = models.TextField()
    not_included = models.TextField()
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="advice_number"),
            models.CheckConstraint(condition=models.Q(risk__in=RISKS), name="advice_risk"),
            AppendOnly(name="advice_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class AdviceStep(models.Model):
    """What became of an advice: delivered to somebody, read, accepted or refused by somebody with a mandate."""

    JOURNALLED = True
    JOURNAL_WORDS = ("remark", "from_address")
    reach = Reach(provider="advice__provider", client="advice__client")
    objects = Visible["AdviceStep"].as_manager()

    advice = models.ForeignKey(Advice, models.PROTECT, related_name="steps")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    remark = models.TextField(blank=True)
    from_address = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["advice"], condition=models.Q(kind__in=ANSWERS), name="advice_answered_once"
            ),
            models.UniqueConstraint(
                fields=["advice", "person"], condition=models.Q(kind="read"), name="advice_read_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=STEPS), name="advice_step_kind"),
            AppendOnly(name="advice_step_append_only", erasable=("remark", "from_address")),
        ]


class ConsentRequest(models.Model):
    """Work for which the provider asks the client's consent: its scope, in words and as a digest (A2.2).

    `scope` is the canonical text of all that is agreed to, and `sha256` its digest. A changed scope is another
    request, which `replaces` this one. `by_phone`: somebody said "ok" on the telephone, and reads it back here.
    """

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Visible["ConsentRequest"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="consent_requests")
    line = models.ForeignKey(
        "contracts.OrderLine", models.PROTECT, null=True, related_name="consent_requests"
    )
    advice = models.ForeignKey(Advice, models.PROTECT, null=True, related_name="consent_requests")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    price_cents = models.PositiveBigIntegerField(null=True)
    minutes = models.PositiveIntegerField(null=True)
    risky = models.BooleanField()
    by_phone = models.BooleanField()
    scope = models.TextField()
    sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="consent_request_number"),
            models.CheckConstraint(
                condition=models.Q(starts_at=None)
                | models.Q(ends_at=None)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="consent_window_order",
            ),
            AppendOnly(name="consent_request_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class ConsentServer(models.Model):
    """A server within the scope of a request."""

    JOURNALLED = True
    reach = Reach(provider="request__provider", client="request__client")
    objects = Visible["ConsentServer"].as_manager()

    request = models.ForeignKey(ConsentRequest, models.PROTECT, related_name="servers")
    server = models.ForeignKey(Server, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "server"], name="consent_server_once"),
            AppendOnly(name="consent_server_append_only"),
        ]


class ConsentLink(models.Model):
    """The link by which one person answers a request, once; kept as a digest."""

    JOURNALLED = True
    reach = Reach(provider="request__provider", client="request__client")
    objects = Visible["ConsentLink"].as_manager()

    request = models.ForeignKey(ConsentRequest, models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="consent_link_append_only", but=("used_at",))]


class Consent(models.Model):
    """The client's answer to a request: who, under which mandate, when, to which scope, how and from where.

    `mandate` is None for the mandate that comes with the role of a signatory.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("remark", "from_address")
    reach = Reach(provider="request__provider", client="request__client")
    objects = Visible["Consent"].as_manager()

    request = models.OneToOneField(ConsentRequest, models.PROTECT, related_name="consent")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    how = models.CharField(max_length=10)
    second_factor = models.CharField(max_length=20, blank=True)
    remark = models.TextField(blank=True)
    from_address = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(answer__in=CONSENT_ANSWERS), name="consent_answer"),
            models.CheckConstraint(condition=models.Q(how__in=HOWS), name="consent_how"),
            AppendOnly(name="consent_append_only", erasable=("remark", "from_address")),
        ]


class ConsentVoid(models.Model):
    """A request or the consent to it no longer holds: its scope changed, or it was taken back."""

    JOURNALLED = True
    reach = Reach(provider="request__provider", client="request__client")
    objects = Visible["ConsentVoid"].as_manager()

    request = models.OneToOneField(ConsentRequest, models.PROTECT, related_name="void")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="consent_void_append_only")]
