"""Windows: what is announced before it begins, for which servers."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Client, Provider
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.agenda.hush import Hush, Hushes
from astreinte.records.inventory.models import Server
from astreinte.records.validity.constraints import AppendOnly


class Windows(Hushes):
    """Windows; chains."""

    def at_work(self, at: datetime) -> Self:
        """Keep those that are under way at `at`: begun, not over, neither withdrawn nor ended early."""
        return self.to_come(at).filter(from_at__lte=at)

    def to_come(self, at: datetime) -> Self:
        """Keep those that are under way at `at` or still to begin."""
        return self.not_over(at).filter(withdrawn_at=None)

    def on(self, *servers: Server) -> Self:
        """Keep those that cover one of the servers, or some of its checks."""
        return self.filter(covers__server__in=servers).distinct()


class Window(Hush):
    """Work announced to one client, or to the house itself.

    `title` is what the client reads. `withdrawn_at`: it was called off before it began.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("title", "author")
    reach = Reach(provider="provider", client="client")
    objects = Windows.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="windows")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    title = models.CharField(max_length=200)
    announced_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Hush.Meta):
        constraints: ClassVar = [
            *Hush.Meta.constraints,
            AppendOnly(
                name="window_append_only", but=("withdrawn_at", "ended_at"), erasable=("title", "author")
            ),
            models.UniqueConstraint(fields=["provider", "number"], name="window_number"),
            models.CheckConstraint(
                condition=models.Q(from_at__gt=models.F("announced_at")), name="window_is_announced_before"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None)
                | models.Q(withdrawn_at__lt=models.F("from_at"), ended_at=None),
                name="window_is_withdrawn_before_it_begins",
            ),
        ]


class Cover(models.Model):
    """A server that a window covers: all of its checks, or the one of this name."""

    JOURNALLED = True
    reach = Reach(provider="window__provider", client="window__client")
    objects = Visible["Cover"].as_manager()

    window = models.ForeignKey(Window, models.PROTECT, related_name="covers")
    server = models.ForeignKey(Server, models.PROTECT, related_name="+")
    check_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "server", "check_name"], name="cover_once"),
            AppendOnly(name="cover_append_only"),
        ]
