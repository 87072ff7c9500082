"""Silences, and the alerts that a silence or a window held back: people are hushed, the record never."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from astreinte.records.accounts.models import Client
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.agenda.hush import Hush, Hushes
from astreinte.records.agenda.models import Window
from astreinte.records.inventory.models import Server
from astreinte.records.validity.constraints import AppendOnly


class Silences(Hushes):
    """Silences; chains."""

    def in_force(self, at: datetime) -> Self:
        """Keep those that hush at `at`."""
        return self.not_over(at).filter(from_at__lte=at)


class Silence(Hush):
    """Nobody is told of a server, or of one check of it. It always has a reason and an end.

    A matter of the staff: what a client reads on a ticket is that nobody was told, and until when. It never
    changes a level: results, transitions, incidents and tickets are as without it.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("reason", "author")
    reach = Reach(provider="server__provider")
    objects = Silences.as_manager()

    server = models.ForeignKey(Server, models.PROTECT, related_name="silences")
    check_ref = models.ForeignKey("monitoring.Check", models.PROTECT, null=True, related_name="silences")
    reason = models.TextField()

    class Meta(Hush.Meta):
        constraints: ClassVar = [
            *Hush.Meta.constraints,
            AppendOnly(name="silence_append_only", but=("ended_at",), erasable=("reason", "author")),
        ]


OUTCOMES = ("told", "declared", "over", "again")


class HeldAlert(models.Model):
    """People were not told of an incident, for one client, because a silence or a window hushed all that was bad.

    It is looked at again at `until_at`, or as soon as what holds it back ends: `outcome` says what came of it.
    *told*: it was sent then; *declared*: the client had declared it, which is told whatever is hushed; *over*: nothing
    was bad any more, nothing was sent; *again*: something else held it back, in a row of its own. `first_at` is when
    it would have been told; `relapse`: what was held back is that the fault came back.
    """

    JOURNALLED = True
    reach = Reach(provider="incident__provider", client="client")
    objects = Visible["HeldAlert"].as_manager()

    incident = models.ForeignKey("monitoring.Incident", models.PROTECT, related_name="held_alerts")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    relapse = models.BooleanField()
    first_at = models.DateTimeField()
    at = models.DateTimeField()
    until_at = models.DateTimeField()
    silence = models.ForeignKey(Silence, models.PROTECT, null=True, related_name="held_alerts")
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True)

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="held_alert_append_only", but=("settled_at", "outcome")),
            models.UniqueConstraint(
                fields=["incident", "client"],
                condition=models.Q(settled_at=None),
                name="one_held_alert_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(silence=None, window__isnull=False)
                | models.Q(silence__isnull=False, window=None),
                name="held_alert_has_one_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=None, settled_at=None)
                | models.Q(outcome__in=OUTCOMES, settled_at__isnull=False),
                name="held_alert_outcome",
            ),
        ]
