"""`Validity`: a row that holds during `[from_at, until_at)`, in UTC.

The end is said once; a row that was wrong is withdrawn and said again, never edited (X.2, "as of
any date"). `NoOverlap`, which every such model carries, has the database refuse anything else.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.core import checks
from django.db import models

from astreinte.records.validity.constraints import NoOverlap

_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)


class ValidityQuerySet(models.QuerySet[_M_co]):
    """Finds what holds, at an instant or at all."""

    def as_of(self, at: datetime) -> Self:
        """Return the rows that hold at `at` (an aware instant): begun, not ended, not withdrawn."""
        return self.standing().filter(
            models.Q(until_at__isnull=True) | models.Q(until_at__gt=at), from_at__lte=at
        )

    def standing(self) -> Self:
        """Return the rows that were not withdrawn, whatever their dates."""
        return self.filter(withdrawn_at__isnull=True)


class Validity(models.Model):
    """Holds from `from_at` (included) until `until_at` (not included; none: until further notice)."""

    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: Any

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse a model of this kind whose dates no constraint keeps."""
        found = list(super().check(**kwargs))
        if not any(isinstance(each, NoOverlap) for each in cls._meta.constraints):
            found.append(
                checks.Error(
                    f"{cls._meta.label} holds for a while but has no NoOverlap constraint.",
                    hint="Add NoOverlap(by=(...), name=...) to Meta.constraints: it keeps the dates too.",
                    obj=cls,
                    id="validity.E001",
                )
            )
        return found
