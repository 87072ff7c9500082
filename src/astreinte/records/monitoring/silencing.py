"""Silences are said and ended; and the question that every alert asks: does something hush all that is bad?

What hushes is read in the transaction that decides; it always expires, has an author and a reason,
and never turns a result into OK (A4.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.agenda.models import Cover, Window
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.monitoring.facts import SilenceBegun, SilenceEnded
from astreinte.records.monitoring.models import Check
from astreinte.records.monitoring.silences import Silence

LONGEST = timedelta(days=7)
"""What must be hushed for longer is said again, with its reason."""
LONGEST_REASON = 1000


class SilenceError(ValueError):
    """A silence that cannot be: names the place, the value and the way out. `why` is for doors."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Hush:
    """What keeps people from being told, until `until_at`: a silence or a window, one of the two."""

    until_at: datetime
    silence: Silence | None
    window: Window | None

    def covers(self, check: Check) -> bool:
        """Tell whether this check is meant."""
        if self.silence is not None:
            named = self.silence.check_ref_id
            return self.silence.server_id == check.server_id and named in {None, check.pk}
        held = self.window.covers.all() if self.window else ()
        return any(one.server_id == check.server_id and one.check_name in {"", check.name} for one in held)


@transaction.atomic
def silence(
    server: Server,
    *,
    reason: str,
    until_at: datetime,
    at: datetime,
    actor: Actor,
    check: Check | None = None,
) -> Silence:
    """Tell nobody of a server, or of one check of it, from now on until `until_at`. Raises SilenceError.

    It is never made longer: who needs more time says a new one, with its own reason.
    """
    may(actor, "monitoring.silence", server)
    reason = reason.strip()
    _refuse(server, check, reason, until_at, at)
    said = Silence.objects.create(
        server=server,
        check_ref=check,
        number=next_number(server.provider_id, "silence"),
        reason=reason,
        person_id=actor.person_id,
        author=actor.label or actor.kind,
        from_at=at,
        until_at=until_at,
    )
    fact = SilenceBegun(
        at=at, provider_id=server.provider_id, silence_id=said.pk, server_id=server.pk, until_at=until_at
    )
    writing.append(fact, actor=actor, rows=[said])
    return said


@transaction.atomic
def end(said: Silence, *, at: datetime, actor: Actor) -> Silence:
    """End a silence before its time: what it held back is looked at again at once."""
    may(actor, "monitoring.silence", said)
    found: Silence = Silence.objects.select_for_update(no_key=True).get(pk=said.pk)
    if found.over_at <= at:
        raise SilenceError(f"silence {found.number}: is over already", "over")
    if found.ended_at is not None:
        raise SilenceError(f"silence {found.number}: is ended already", "over")
    found.ended_at = max(at, found.from_at)
    found.save(update_fields=["ended_at"])
    server = found.server
    fact = SilenceEnded(at=at, provider_id=server.provider_id, silence_id=found.pk, server_id=server.pk)
    writing.append(fact, actor=actor, rows=[found])
    return found


def over(checks: Iterable[Check], at: datetime, *, deciding: bool = False) -> Hush | None:
    """Return what hushes every one of `checks` at `at`; None when one of them is not hushed, or there is none.

    The one returned is that which lets the first of them be heard again. `deciding` (in a transaction only) locks what
    is read, so that whoever ends it meanwhile finds what was decided by it.
    """
    listed = list(checks)
    found = in_force({check.server_id for check in listed}, at, deciding=deciding)
    longest: list[Hush] = []
    for check in listed:
        mine = [one for one in found if one.covers(check)]
        if not mine:
            return None
        longest.append(max(mine, key=lambda one: one.until_at))
    return min(longest, key=lambda one: one.until_at, default=None)


def in_force(server_ids: Iterable[int], at: datetime, *, deciding: bool = False) -> list[Hush]:
    """Return the silences and windows that hush something of these servers at `at`, that which ends first first."""
    ids = list(server_ids)
    silences = Silence.objects.in_force(at).filter(server__in=ids).select_related("server", "check_ref")
    covered = Cover.objects.filter(server__in=ids).values("window_id")
    windows = Window.objects.at_work(at).filter(pk__in=covered).prefetch_related("covers")
    if deciding:
        silences = silences.select_for_update(no_key=True, of=("self",))
        windows = windows.select_for_update(no_key=True, of=("self",))
    found = [Hush(one.over_at, one, None) for one in silences.order_by("pk")]
    found += [Hush(one.over_at, None, one) for one in windows.order_by("pk")]
    return sorted(found, key=lambda one: one.until_at)


def _refuse(server: Server, check: Check | None, reason: str, until_at: datetime, at: datetime) -> None:
    if not reason or len(reason) > LONGEST_REASON:
        raise SilenceError(
            f"silence.reason: {reason[:80]!r}: say in 1 to {LONGEST_REASON} characters why nobody shall be told",
            "reason",
        )
    if until_at <= at:
        raise SilenceError(
            f"silence.until: {until_at:%Y-%m-%d %H:%M:%S%z}: is past; a silence begins now, write a later end",
            "past",
        )
    if until_at > at + LONGEST:
        raise SilenceError(
            f"silence.until: {until_at:%Y-%m-%d %H:%M:%S%z}: is more than {LONGEST.days} days ahead;"
            " write an earlier end, and say a new one then if it is still needed",
            "long",
        )
    if server.until_at is not None and server.until_at <= at:
        raise SilenceError(f"silence.server: {server.name} left management; nobody is told of it", "left")
    if check is None:
        return
    if check.server_id != server.pk:
        raise SilenceError(f"silence.check: {check}: is a check of another server; name its own", "check")
    if check.until_at is not None and check.until_at <= at:
        raise SilenceError(f"silence.check: {check}: is no longer watched; nobody is told of it", "check")
