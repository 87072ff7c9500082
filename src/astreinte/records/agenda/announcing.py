"""Work is announced before it begins, called off before it begins, or ended early. It is never edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.agenda.facts import WindowAnnounced, WindowEnded, WindowWithdrawn
from astreinte.records.agenda.models import Cover, Window
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing

LONGEST = timedelta(hours=24)
"""Longer work is announced as several windows: one that lasts for weeks hushes what nobody works on."""
FARTHEST = timedelta(days=366)


class WindowError(ValueError):
    """A window that cannot be: names the place, the value and the way out. `why` is for doors."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


@transaction.atomic
def announce(
    *,
    covers: Mapping[Server, Sequence[str]],
    title: str,
    from_at: datetime,
    until_at: datetime,
    at: datetime,
    actor: Actor,
) -> Window:
    """Announce work on servers of one client, from an instant to come on; what it covers alerts nobody meanwhile.

    `covers`: each server with the names of the checks that are meant, none for all of them (who asks has
    looked them up: checks are declared downstream of this room). Raises WindowError.
    """
    for server in covers:
        may(actor, "agenda.announce", server)
    title = " ".join(title.split())
    _refuse(covers, title, from_at, until_at, at)
    first = next(iter(covers))
    window = Window.objects.create(
        provider_id=first.provider_id,
        client_id=first.client_id,
        number=next_number(first.provider_id, "window"),
        title=title,
        announced_at=at,
        person_id=actor.person_id,
        author=actor.label or actor.kind,
        from_at=from_at,
        until_at=until_at,
    )
    held = [
        Cover.objects.create(window=window, server=server, check_name=name)
        for server, names in covers.items()
        for name in sorted(set(names)) or [""]
    ]
    fact = WindowAnnounced(
        at=at, provider_id=window.provider_id, window_id=window.pk, from_at=from_at, until_at=until_at
    )
    writing.append(fact, actor=actor, rows=[window, *held])
    return window


@transaction.atomic
def withdraw(window: Window, *, at: datetime, actor: Actor) -> Window:
    """Call off what has not begun."""
    window = _held(window, actor)
    if at >= window.from_at:
        raise WindowError(
            f"window {window.number}: has begun; what happened cannot be called off: end it instead", "begun"
        )
    window.withdrawn_at = at
    window.save(update_fields=["withdrawn_at"])
    fact = WindowWithdrawn(at=at, provider_id=window.provider_id, window_id=window.pk)
    writing.append(fact, actor=actor, rows=[window])
    return window


@transaction.atomic
def end(window: Window, *, at: datetime, actor: Actor) -> Window:
    """End what is under way before its time: from now on its servers alert again."""
    window = _held(window, actor)
    if at < window.from_at:
        raise WindowError(f"window {window.number}: has not begun; call it off instead", "not_begun")
    if at >= window.until_at:
        raise WindowError(f"window {window.number}: is over already", "over")
    window.ended_at = at
    window.save(update_fields=["ended_at"])
    fact = WindowEnded(at=at, provider_id=window.provider_id, window_id=window.pk)
    writing.append(fact, actor=actor, rows=[window])
    return window


def _held(window: Window, actor: Actor) -> Window:
    """Return the row, locked: whoever decides now that nobody is told must see it as it is."""
    may(actor, "agenda.announce", window)
    found: Window = Window.objects.select_for_update(no_key=True).get(pk=window.pk)
    if found.withdrawn_at is not None or found.ended_at is not None:
        raise WindowError(f"window {found.number}: is over already", "over")
    return found


def _refuse(
    covers: Mapping[Server, Sequence[str]], title: str, from_at: datetime, until_at: datetime, at: datetime
) -> None:
    if not title or len(title) > 200:
        raise WindowError(
            f"window.title: {title!r}: say in 1 to 200 characters what is done; the client reads it", "title"
        )
    if from_at <= at:
        raise WindowError(
            f"window.from: {from_at:%Y-%m-%d %H:%M:%S%z}: is past; a window is announced before it begins,"
            " what has begun already is a silence, with its reason: `astreinte hush add`",
            "past",
        )
    if from_at > at + FARTHEST:
        raise WindowError(
            f"window.from: {from_at:%Y-%m-%d %H:%M:%S%z}: is more than a year ahead; announce it later", "far"
        )
    if until_at <= from_at:
        raise WindowError(
            f"window.until: {until_at:%Y-%m-%d %H:%M:%S%z}: is not after its beginning; write a later instant",
            "order",
        )
    if until_at - from_at > LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise WindowError(
            f"window.until: {until_at:%Y-%m-%d %H:%M:%S%z}: lasts more than {hours} h; announce several windows",
            "long",
        )
    _refuse_servers(covers, from_at)


def _refuse_servers(covers: Mapping[Server, Sequence[str]], from_at: datetime) -> None:
    if not covers:
        raise WindowError("window.servers: none; name at least one", "none")
    first = next(iter(covers))
    for server in covers:
        if server.client_id != first.client_id:
            raise WindowError(
                f"window.servers: {first.name} and {server.name} are of two clients;"
                " announce one window for each, no client reads of another",
                "clients",
            )
        if server.until_at is not None and server.until_at <= from_at:
            raise WindowError(
                f"window.servers: {server.name} has left management by then; leave it out", "left"
            )
