"""The outbox: what is to be said to whom, the steps of its way out, and the sender's lease."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Client, Person, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.validity.constraints import AppendOnly

ATTEMPTS = 15  # with the waits of `sending.wait_after`, a mail server may be down for two hours


class State(models.TextChoices):
    """How far a notice came. What a carrier accepts is handed over; only a receipt makes it delivered."""

    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Notices(Visible[Any]):
    """Notices, with the state that their steps give them."""

    def about(self, subject: str) -> Self:
        """Keep what was said about one thing, for instance `ticket:17`."""
        return self.filter(about=subject)

    def with_state(self) -> Self:
        """Annotate `state` (that of the last step; delivered stays), `state_at` and `possible_duplicate`."""
        steps = NoticeStep.objects.filter(notice=OuterRef("pk"))
        last = steps.order_by("-id")
        delivered = steps.filter(state=State.DELIVERED)
        return self.annotate(
            state=Case(
                When(Exists(delivered), then=Value(State.DELIVERED.value)),
                default=Subquery(last.values("state")[:1]),
                output_field=models.CharField(),
            ),
            state_at=Subquery(last.values("at")[:1]),
            possible_duplicate=Exists(steps.filter(possible_duplicate=True)),
        )

    def in_state(self, *states: str) -> Self:
        """Keep the notices whose state is one of these; annotates as `with_state` does."""
        return self.with_state().filter(state__in=states)


class Notice(models.Model):
    """One thing said once to one person on one channel: written with the fact, never changed.

    `key` is what makes it once: the fact, the person and the channel. `client` is whose matter it is (its
    people may see it); without one it is seen by the staff alone. `about` names the thing in the words of
    the room that told it; this room does not look inside. `sender` and `host` are the brand's at that moment.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("address", "subject", "body")
    reach = Reach(provider="provider", client="client")
    objects = Notices.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254, blank=True)
    sender = models.CharField(max_length=200)
    host = models.CharField(max_length=253)
    language = models.CharField(max_length=8)
    subject = models.TextField()
    body = models.TextField()
    about = models.CharField(max_length=100)
    key = models.CharField(max_length=200, unique=True)
    queued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="notice_append_only", erasable=("address", "subject", "body")),
            models.UniqueConstraint(fields=["provider", "number"], name="notice_number"),
            models.CheckConstraint(condition=models.Q(channel__in=["email"]), name="notice_channel"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "about"], name="notice_thread")]

    def __str__(self) -> str:
        return f"notice {self.number}"


class NoticeStep(models.Model):
    """One step of a notice's way out. `attempt` is the sending that it speaks of, 0 when none."""

    JOURNALLED = True
    JOURNAL_WORDS = ("detail",)
    reach = Reach(provider="notice__provider", client="notice__client")
    objects = Visible["NoticeStep"].as_manager()

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices)
    attempt = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)
    possible_duplicate = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="notice_step_append_only", erasable=("detail",)),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="notice_step_state"),
        ]


class Sending(models.Model):
    """The sender's lease on a notice. A means, not a record: the steps say what was done under it.

    `begun_at` is set just before the network is touched and cleared with the answer: a lease that ran out
    with `begun_at` set is a sending of which nobody knows whether it arrived.
    """

    reach = Reach(provider="notice__provider")
    objects = Visible["Sending"].as_manager()

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="sending")
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.CharField(max_length=16, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=ATTEMPTS)
    begun_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(settled_at=None), name="sending_due"),
        ]
