"""How servers stand, as a door tells it: the checks with their level at this instant, the worst one first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from astreinte.records.accounts.actors import Actor
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Check, CheckState
from astreinte.records.monitoring.recording import PATIENCE
from astreinte.rules.checks.outcome import Level


@dataclass(frozen=True, slots=True)
class Standing:
    """One check as it stands: no fresh result is `stale`, never `ok`."""

    check: Check
    level: Level
    since: datetime | None
    text: str
    measured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """One server with its checks, the worst first. `level` is the worst of them; None: nothing is watched."""

    server: Server
    standings: tuple[Standing, ...]

    @property
    def level(self) -> Level | None:
        """The worst level of the checks."""
        return self.standings[0].level if self.standings else None

    @property
    def measured_at(self) -> datetime | None:
        """The latest measure of any check."""
        return max((one.measured_at for one in self.standings if one.measured_at), default=None)

    @property
    def bad(self) -> int:
        """How many checks are not normal."""
        return sum(one.level is not Level.OK for one in self.standings)


def watched(servers: Iterable[Server], *, actor: Actor, at: datetime) -> list[Watched]:
    """Return how the servers stand at `at`: two queries, however many they are."""
    listed = list(servers)
    checks = Check.objects.visible_to(actor).as_of(at).filter(server__in=listed).select_related("server")
    states = CheckState.objects.visible_to(actor).filter(check_ref__server__in=listed).in_bulk()
    judged_at, by_server = _judged_at(states.values(), at), dict[int, list[Standing]]()
    for check in checks.order_by("name"):
        by_server.setdefault(check.server_id, []).append(_standing(check, states.get(check.pk), judged_at))
    return [Watched(server, _worst_first(by_server.get(server.pk, []))) for server in listed]


def not_normal(*, actor: Actor, at: datetime) -> list[Standing]:
    """Return the checks that are not normal at `at`, the worst first. Those that are, are not even read."""
    states = CheckState.objects.visible_to(actor)
    judged_at = _heard_or_now(states.aggregate(last=Max("last_at"))["last"], at)
    normal = Q(state__level=Level.OK.value, state__stale_at__gt=judged_at)
    checks = Check.objects.visible_to(actor).as_of(at).filter(server__in=Server.objects.as_of(at))
    found = checks.exclude(normal).select_related("server", "state").order_by("server__name", "name")
    return list(_worst_first([_standing(one, getattr(one, "state", None), judged_at) for one in found]))


def _judged_at(states: Iterable[CheckState], at: datetime) -> datetime:
    return _heard_or_now(max((row.last_at for row in states if row.last_at is not None), default=None), at)


def _heard_or_now(heard: datetime | None, at: datetime) -> datetime:
    """Return as of when silence is judged: while the hub starts again, what was measured is still on its way."""
    return heard if heard is not None and heard <= at < heard + PATIENCE else at


def _standing(check: Check, row: CheckState | None, judged_at: datetime) -> Standing:
    if row is None:
        return Standing(check, Level.STALE, None, "", None)
    stale = row.stale_at <= judged_at
    level = Level.STALE if stale else Level(row.level)
    return Standing(
        check, level, row.stale_at if stale and row.level != Level.STALE else row.since, row.text, row.last_at
    )


def _worst_first(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(standings, key=lambda one: -one.level.badness()))
