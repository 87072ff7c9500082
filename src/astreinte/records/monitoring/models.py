"""Checks, how they stand, what changed, and the incidents that this makes."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Dated, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.silences import HeldAlert, Silence
from astreinte.records.validity.constraints import AppendOnly, NoOverlap
from astreinte.records.validity.models import Validity

__all__ = [
    "Check",
    "CheckState",
    "HeldAlert",
    "Incident",
    "IncidentCheck",
    "SampleChunk",
    "SampleOpen",
    "Series",
    "Silence",
    "Transition",
]


class Check(Validity):
    """What is watched on a server, and how often: `kind` and `options` are those of the engine's probes.

    Seconds: one attempt every `every_s`, every `retry_s` while the state is not sure. `attempts` results that
    are not OK make a problem sure, `recoveries` that are OK end it.
    """

    JOURNALLED = True
    reach = Reach(provider="server__provider", client="server__client")
    objects = Dated.as_manager()

    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    server = models.ForeignKey(Server, models.PROTECT, related_name="checks")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    options = models.TextField(default="{}")
    every_s = models.PositiveIntegerField()
    retry_s = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField()
    recoveries = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("server", "name"), name="check_name_once")]

    def __str__(self) -> str:
        return f"{self.server.name}: {self.name}"


class CheckState(models.Model):
    """How a check stands: one row each, rewritten by the recorder. A means, not a record: transitions are.

    `level` holds since `since`; `run` is the rest of `rules.checks.state.State`, as its `as_text` writes it;
    `last_*` and `text` are of the latest result, conclusive or not; from `stale_at` on the level is no longer
    known. Nothing but the key is indexed: each result would write the index as well.
    """

    reach = Reach(provider="check_ref__server__provider", client="check_ref__server__client")
    objects = Visible["CheckState"].as_manager()

    check_ref = models.OneToOneField(Check, models.CASCADE, primary_key=True, related_name="state")
    level = models.CharField(max_length=12)
    since = models.DateTimeField()
    run = models.TextField()
    stale_at = models.DateTimeField()
    last_level = models.CharField(max_length=12, blank=True)
    last_slot = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    values = models.TextField(default="{}")


class Transition(models.Model):
    """A change of level that is sure. `slot` is that of the result that made it so; null: no result came.

    `first_at` is the first of the results that made it sure: from there to `at` lies the time to confirm.
    """

    JOURNALLED = True
    reach = Reach(provider="check_ref__server__provider", client="check_ref__server__client")
    objects = Visible["Transition"].as_manager()

    check_ref = models.ForeignKey(Check, models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    first_at = models.DateTimeField()
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    text = models.TextField()
    slot = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_ref", "slot"], name="transition_once"),
            AppendOnly(name="transition_append_only"),
        ]
        indexes: ClassVar = [models.Index(fields=["check_ref", "at"], name="transition_check_at")]


class Incident(models.Model):
    """Something is down, from `opened_at` (confirmed) until `recovered_at`. It may hold several servers.

    A matter of the staff: what a client sees of it is that client's own ticket.
    """

    JOURNALLED = True
    reach = Reach(provider="provider")
    objects = Visible["Incident"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="incidents")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    detected_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="incident_number"),
            models.CheckConstraint(
                condition=models.Q(recovered_at__isnull=True)
                | models.Q(recovered_at__gte=models.F("opened_at")),
                name="incident_recovers_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class IncidentCheck(models.Model):
    """A check that is, or was, part of an incident."""

    JOURNALLED = True
    reach = Reach(provider="incident__provider")
    objects = Visible["IncidentCheck"].as_manager()

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="checks")
    check_ref = models.ForeignKey(Check, models.PROTECT, related_name="incidents")
    joined_at = models.DateTimeField()
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "check_ref"], name="incident_check_once"),
            models.UniqueConstraint(
                fields=["check_ref"],
                condition=models.Q(recovered_at__isnull=True),
                name="check_in_one_open_incident",
            ),
        ]


class Series(models.Model):
    """One value that a check measures, by its name: what samples are filed under. Never deleted."""

    reach = Reach(provider="check_ref__server__provider", client="check_ref__server__client")
    objects = Visible["Series"].as_manager()

    check_ref = models.ForeignKey(Check, models.PROTECT, related_name="series", db_index=False)
    name = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_ref", "name"], name="series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.check_ref}: {self.name}"


class SampleOpen(models.Model):
    """A sample of an hour that is not packed yet. `at`: the second at which it was due, since 1970 (UTC).

    Nothing keeps `series` true but who writes it: the constraint would be the dearest part of writing a sample.
    """

    reach = Reach(provider="series__check_ref__server__provider", client="series__check_ref__server__client")
    objects = Visible["SampleOpen"].as_manager()

    pk = models.CompositePrimaryKey("at", "series")
    at = models.BigIntegerField()
    series = models.ForeignKey(Series, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    value = models.FloatField()


class SampleChunk(models.Model):
    """The samples of one series in one hour (hours since 1970, UTC): how many, between what, their sum.

    `data`: by `tier`, each sample (0), a summary of each five minutes (1), nothing more (2); see
    `rules.checks.packing`.
    """

    reach = Reach(provider="series__check_ref__server__provider", client="series__check_ref__server__client")
    objects = Visible["SampleChunk"].as_manager()

    pk = models.CompositePrimaryKey("hour", "series")
    hour = models.IntegerField()
    series = models.ForeignKey(Series, models.PROTECT, related_name="+", db_index=False)
    tier = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    lo = models.FloatField()
    hi = models.FloatField()
    total = models.FloatField()
    data = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tier", "hour"], name="chunk_tier_hour")]
