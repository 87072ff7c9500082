"""Who may see a row: each model says by which path it reaches its provider and its client.

A stranger sees nothing: a door asks `X.objects.visible_to(actor)` and nothing else.
"""

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db import models

from astreinte.records.accounts.who import Actor

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Reach:
    """The two paths of a model, as Django lookups. `client=None`: a matter of the staff alone."""

    provider: str
    client: str | None = None

    def ids(self, row: models.Model) -> tuple[int | None, int | None]:
        """Return the primary keys of the provider and of the client that `row` belongs to."""
        return _followed(row, self.provider), _followed(row, self.client) if self.client else None


def _followed(row: models.Model, path: str) -> int | None:
    here: Any = row
    for step in path.split("__"):
        here = getattr(here, step)
        if here is None:
            return None
    return here if isinstance(here, int) else int(here.pk)


class Visible(models.QuerySet[M]):
    """A queryset that knows what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows of the actor's provider, and for a client those of that client alone."""
        reach: Reach = self.model.reach  # type: ignore[attr-defined]  # each model that a door lists declares it
        if actor.is_system:
            return self
        if actor.provider_id is None:
            return self.none()
        mine = self.filter(**{reach.provider: actor.provider_id})
        if actor.is_staff:
            return mine
        if reach.client is None or actor.client_id is None:
            return self.none()
        return mine.filter(**{reach.client: actor.client_id})
