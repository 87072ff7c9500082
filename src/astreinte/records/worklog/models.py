"""Interventions: who worked on what, from when to when, and what was done."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Person
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.tickets.models import Ticket
from astreinte.records.validity.constraints import AppendOnly


class Intervention(models.Model):
    """The work of one named person on a ticket. `recorded_at` later than `started_at`: written down afterwards.

    `evidence` is not erased with the words: it moved an amount.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("text",)
    reach = Reach(provider="ticket__provider", client="ticket__client")
    objects = Visible["Intervention"].as_manager()

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="interventions")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    text = models.TextField(null=True)
    evidence = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("session", "diagnostic")), name="intervention_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="intervention_ends_after_it_starts",
            ),
            AppendOnly(name="intervention_append_only", but=("ended_at", "text"), erasable=("text",)),
        ]

    @property
    def afterwards(self) -> bool:
        """Whether it was written down later than it began: shown as such, with its evidence (A5.10)."""
        return self.recorded_at > self.started_at
