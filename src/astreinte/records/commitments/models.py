"""Clocks, verdicts, breaches and settlements: each kept as it was stated; a new fact makes a new row."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.contracts.models import OrderLine
from astreinte.records.tickets.models import Receipt, Ticket
from astreinte.records.validity.constraints import AppendOnly
from astreinte.records.worklog.models import Intervention

KINDS = ("contractual", "internal")


class Clocks(Visible["Clock"]):
    """Clocks; chains."""

    def current(self) -> "Clocks":
        """Keep those that were not worked out again since: of a fault that came back, those of its last turn."""
        return self.filter(replaced_at=None, over_at=None)

    def held(self) -> "Clocks":
        """Keep those that were not worked out again since, of every turn: what each of them owes is owed."""
        return self.filter(replaced_at=None)

    def contractual(self) -> "Clocks":
        """Keep the promises; the internal objectives have no money."""
        return self.filter(kind="contractual")


class Clock(models.Model):
    """A promise on a ticket: from which receipt, under which terms, until when. `trace` is the whole computation.

    The contractual one starts at the earliest receipt on a channel of `clock_starts_on`, the internal one
    at the earliest of all (article 5). A fault that came back at `relapse_at`, after an intervention, has clocks
    of its own: the next `turn`. Those of the turn before are over from `over_at` on, and stay as they were judged.
    """

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Clocks.as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=12)
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="clocks")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    priority = models.CharField(max_length=40)
    regime = models.CharField(max_length=12)
    mode = models.CharField(max_length=12)
    allowed_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    first_late_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True)
    month = models.CharField(max_length=7, blank=True)
    origin = models.CharField(max_length=400)
    trace = models.TextField()
    stated_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    turn = models.PositiveSmallIntegerField(default=1)
    relapse_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="clock_kind"),
            models.CheckConstraint(
                condition=models.Q(turn=1, relapse_at=None) | models.Q(turn__gt=1, relapse_at__isnull=False),
                name="clock_turn_begins_with_a_relapse",
            ),
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=models.Q(replaced_at=None, over_at=None),
                name="one_current_clock",
            ),
            models.UniqueConstraint(
                fields=["ticket", "kind", "turn"],
                condition=models.Q(replaced_at=None),
                name="one_clock_a_turn",
            ),
            AppendOnly(name="clock_append_only", but=("replaced_at", "over_at")),
        ]
        indexes: ClassVar = [models.Index(fields=["line", "month"], name="clock_line_month")]

    @property
    def label(self) -> str:
        """What names its part of a month: the number of its ticket (at hand), with the turn after the first."""
        return f"{self.ticket.number}" if self.turn == 1 else f"{self.ticket.number}/{self.turn}"


class Verdict(models.Model):
    """How a promise was kept, frozen at the intervention; money for contractual clocks alone, in cents.

    Without an intervention: the ticket was closed at `stopped_at` with a reason that the client read, and is
    judged as of then (it may be opened again, and the clock then runs on).
    """

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Verdict"].as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="verdicts")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="verdicts")
    intervention = models.ForeignKey(Intervention, models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField()
    late_seconds = models.PositiveBigIntegerField()
    charged_seconds = models.PositiveBigIntegerField(null=True)
    opening_seconds = models.PositiveBigIntegerField(null=True)
    raw_cents = models.PositiveBigIntegerField(null=True)
    trace = models.TextField()
    stated_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(replaced_at=None), name="one_current_verdict"
            ),
            AppendOnly(name="verdict_append_only", but=("replaced_at",)),
        ]


class Breach(models.Model):
    """A promise was missed: exists from the first second late, and never disappears (A6.1); one a turn."""

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Breach"].as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="breaches")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stated_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "turn"], name="breach_once_a_turn"),
            AppendOnly(name="breach_append_only"),
        ]


class Settlement(models.Model):
    """What an order line owes for a month, as it stood at `stated_at`; the latest row holds, the others stay."""

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Visible["Settlement"].as_manager()

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="settlements")
    month = models.CharField(max_length=7)
    raw_cents = models.PositiveBigIntegerField()
    due_cents = models.PositiveBigIntegerField()
    cap_cents = models.PositiveBigIntegerField(null=True)
    trace = models.TextField()
    stated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="settlement_append_only")]
        indexes: ClassVar = [models.Index(fields=["line", "month"], name="settlement_line_month")]


class Share(models.Model):
    """A ticket's part in a settlement: before and after cap and exclusion, and why they differ."""

    JOURNALLED = True
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Share"].as_manager()

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="shares")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="shares")
    late_seconds = models.PositiveBigIntegerField()
    raw_cents = models.PositiveBigIntegerField()
    due_cents = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "ticket"], name="share_once"),
            AppendOnly(name="share_append_only"),
        ]
