"""Tickets, what was received for them, and what was said."""

from typing import Any, ClassVar

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, Person, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Incident
from astreinte.records.validity.constraints import AppendOnly

CHANNELS = ("web", "phone", "email", "monitoring", "desk", "api")
STATES = ("open", "waiting", "closed", "merged")


class Tickets(Visible[Any]):
    """Tickets; chains."""

    def open(self) -> "Tickets":
        """Keep those that are neither closed nor merged into another."""
        return self.filter(state__in=("open", "waiting"))

    def for_server(self, server: Server) -> "Tickets":
        """Keep those about a server, as the principal one or mentioned."""
        return self.filter(models.Q(server=server) | models.Q(mentions__server=server)).distinct()


class Ticket(models.Model):
    """One incident or request of one client, with one principal server, whose order line gives terms and fee."""

    JOURNALLED = True
    JOURNAL_WORDS = ("subject", "close_reason", "caller_back")
    reach = Reach(provider="provider", client="client")
    objects = Tickets.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="tickets")
    number = models.PositiveIntegerField()
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    subject = models.CharField(max_length=200)
    priority = models.CharField(max_length=40)
    nature = models.CharField(max_length=10, default="incident")
    server = models.ForeignKey(Server, models.PROTECT, null=True, related_name="tickets")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="tickets")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    intervened_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.TextField(blank=True)
    caller_back = models.CharField(max_length=30, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="ticket_number"),
            models.UniqueConstraint(fields=["incident", "client"], name="ticket_per_incident_and_client"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="ticket_state"),
            models.CheckConstraint(
                condition=models.Q(nature__in=("incident", "support")), name="ticket_nature"
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into=None)),
                name="ticket_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Receipt(models.Model):
    """What was received, when, and by which channel (article 5). `at` counts; `recorded_at` is when it was stored."""

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Receipt"].as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="receipts")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    at = models.DateTimeField()
    channel = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    key = models.CharField(max_length=120, unique=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="receipt_append_only")]


class Call(models.Model):
    """A telephone call, written down by a human: which number was called, by whom, when it rang first (AMB-06)."""

    JOURNALLED = True
    JOURNAL_WORDS = ("caller",)
    reach = Reach(provider="receipt__ticket__provider", client="receipt__ticket__client")
    objects = Visible["Call"].as_manager()

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="call")
    number_called = models.CharField(max_length=20)
    defined = models.BooleanField()
    caller = models.CharField(max_length=200)
    rang_at = models.DateTimeField()
    answered = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="call_append_only", erasable=("caller",))]


class Messages(Visible[Any]):
    """Messages: a client reads the public ones alone."""

    def visible_to(self, actor: Actor) -> "Messages":
        """Keep what the actor may read."""
        mine = super().visible_to(actor)
        return mine if actor.is_staff or actor.is_system else mine.filter(public=True)


class Message(models.Model):
    """Something said about a ticket. Internal ones never leave the staff."""

    JOURNALLED = True
    JOURNAL_WORDS = ("text", "author")
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Messages.as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=200)
    text = models.TextField()
    public = models.BooleanField()
    by_client = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="message_append_only", erasable=("text", "author"))]


class Mention(models.Model):
    """Another server that the ticket speaks of; terms and fee are those of the principal one."""

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Mention"].as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="mentions")
    server = models.ForeignKey(Server, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "server"], name="mention_once"),
            AppendOnly(name="mention_append_only"),
        ]
