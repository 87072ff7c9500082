"""`Hush`: what keeps people from being told for a while, and who said so. It has no table of its own."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from astreinte.records.accounts.models import Person
from astreinte.records.accounts.reach import Visible


class Hushes(Visible[Any]):
    """Hushes; chains."""

    def not_over(self, at: datetime) -> Self:
        """Keep those that are not over at `at`, be it by their end or by an earlier one."""
        early = models.Q(ended_at=None) | models.Q(ended_at__gt=at)
        return self.filter(early, until_at__gt=at)


class Hush(models.Model):
    """Nobody is told during `[from_at, until_at)`, or until `ended_at` when it is over earlier; never edited."""

    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="%(class)s_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None)
                | models.Q(ended_at__gte=models.F("from_at"), ended_at__lt=models.F("until_at")),
                name="%(class)s_is_ended_while_it_lasts",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["until_at"], name="%(class)s_until")]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.number}"

    @property
    def over_at(self) -> datetime:
        """When it is over: at its end, or earlier."""
        return self.ended_at or self.until_at
