"""What an order line is subject to: conditions, suspensions, and the scope of specific contracts."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts.models import Dated, Person
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.inventory.models import Server
from astreinte.records.validity.constraints import AppendOnly, NoOverlap
from astreinte.records.validity.models import Validity

CONDITIONS = ("documents", "acceptance", "advice", "access", "coverage")
"""What may have to be met before an order line becomes active (A1.1, A1.5, A2.1, A2.3, A4.9)."""

CONDITION_STATES = ("required", "met", "lapsed", "waived")
SUSPENSION_KINDS = ("conditions", "agreed")


class Suspension(Validity):
    """For a while an order line promises nothing: until its conditions are met, or because it was suspended (A1.4)."""

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Dated.as_manager()

    line = models.ForeignKey("contracts.OrderLine", models.PROTECT, related_name="suspensions")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=SUSPENSION_KINDS), name="suspension_kind"),
            NoOverlap(by=("line",), name="suspension_once"),
        ]


class ConditionEntry(models.Model):
    """What was said of a condition of an order line; the latest row of a kind holds, the others stay.

    `required`: it has to be met. `met`: by what `says` names as evidence. `lapsed`: what met it holds no more.
    `waived`: a manager let the line begin without it, for the written reason in `says`.
    """

    JOURNALLED = True
    reach = Reach(provider="line__provider", client="line__client")
    objects = Visible["ConditionEntry"].as_manager()

    line = models.ForeignKey("contracts.OrderLine", models.PROTECT, related_name="conditions")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8)
    says = models.CharField(max_length=1000)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=CONDITIONS), name="condition_kind"),
            models.CheckConstraint(condition=models.Q(state__in=CONDITION_STATES), name="condition_state"),
            AppendOnly(name="condition_append_only"),
        ]


class OverlayScope(models.Model):
    """A server that a specific contract is about; one without any is about all that its order line covers (A1.3)."""

    JOURNALLED = True
    reach = Reach(provider="overlay__line__provider", client="overlay__line__client")
    objects = Visible["OverlayScope"].as_manager()

    overlay = models.ForeignKey("contracts.Overlay", models.PROTECT, related_name="scopes")
    server = models.ForeignKey(Server, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["overlay", "server"], name="overlay_scope_once"),
            AppendOnly(name="overlay_scope_append_only"),
        ]


class OverlayApproval(models.Model):
    """Who else agreed to a specific contract: one that is worse for the client holds from then on (A1.3)."""

    JOURNALLED = True
    reach = Reach(provider="overlay__line__provider", client="overlay__line__client")
    objects = Visible["OverlayApproval"].as_manager()

    overlay = models.OneToOneField("contracts.Overlay", models.PROTECT, related_name="approval")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by_client = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="overlay_approval_append_only")]
