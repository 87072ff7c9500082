from typing import ClassVar

from django.db import models

from astreinte.records.validity.constraints import AppendOnly, NoOverlap
from astreinte.records.validity.models import Validity, ValidityQuerySet


class Server(models.Model):
    name = models.CharField(max_length=50)

    objects: ClassVar[models.Manager["Server"]] = models.Manager()


class Fee(Validity):
    """What a server costs on a channel, for a while."""

    server = models.ForeignKey(Server, models.CASCADE)
    channel = models.CharField(max_length=20, null=True)
    cents = models.BigIntegerField()

    objects = ValidityQuerySet["Fee"].as_manager()

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("server", "channel"), name="sample_fee_no_overlap")]


class Remark(models.Model):
    """Append-only, but for one column set once, one set at will, one erased."""

    text = models.TextField()
    author = models.CharField(max_length=50, null=True)
    replaced_at = models.DateTimeField(null=True)
    seen = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["Remark"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            AppendOnly(
                name="sample_remark_append_only", but=("replaced_at",), free=("seen",), erasable=("author",)
            )
        ]


class Stone(models.Model):
    """Append-only, with no exception."""

    text = models.TextField(unique=True)

    objects: ClassVar[models.Manager["Stone"]] = models.Manager()

    class Meta:
        constraints: ClassVar = [AppendOnly()]


class Case(models.Model):
    """A journalled row that changes: amounts, instants, words of people, and something not kept."""

    JOURNALLED = True
    JOURNAL_WORDS = ("title", "note")
    JOURNAL_LEAVES = ("password",)

    opened_at = models.DateTimeField()
    opened_on = models.DateField(null=True)
    cents = models.IntegerField(default=0)
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    took = models.DurationField(null=True)
    trace = models.JSONField(default=dict)
    raw = models.BinaryField(default=b"")
    code = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    note = models.TextField(null=True)
    password = models.CharField(max_length=200, default="")

    objects: ClassVar[models.Manager["Case"]] = models.Manager()


class Effect(models.Model):
    """What a reaction did, to be counted."""

    text = models.TextField()

    objects: ClassVar[models.Manager["Effect"]] = models.Manager()
