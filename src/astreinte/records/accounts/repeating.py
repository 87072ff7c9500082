"""A request that is sent twice is done once: the caller's own key tells that it is the same."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import RequestKey
from astreinte.records.accounts.permissions import NotAllowed

LONGEST = 80


class RepeatError(ValueError):
    """The key was used for another request: names it and the way out."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request: its name as `act` gave it, and whether that happened just now."""

    made: str
    first: bool


@transaction.atomic
def once(key: str, said: bytes, act: Callable[[], str], *, at: datetime, actor: Actor) -> Done:
    """Call `act` unless this token did so under the same key before, and return the name of what came of it.

    Whoever sends the same key meanwhile waits for the first to end. `said` is the whole request: with other
    words under the same key, RepeatError. When `act` raises, the key stays free.
    """
    if actor.kind != "token":
        raise NotAllowed(f"{actor}: only a token of the API has keys")
    digest = hashlib.sha256(said).hexdigest()
    row, first = RequestKey.objects.get_or_create(
        token_id=int(actor.id), key=key, defaults={"digest": digest, "used_at": at}
    )
    if not first:
        if row.digest != digest:
            raise RepeatError(f"Idempotency-Key: {key!r} was sent with another request; choose a new one")
        return Done(row.made, first=False)
    row.made = act()
    row.save(update_fields=["made"])
    return Done(row.made, first=True)
