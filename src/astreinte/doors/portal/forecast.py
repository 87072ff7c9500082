"""What a declaration sent now would promise: said before it is sent, by the very rule that will hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from astreinte.records.contracts import resolving
from astreinte.records.inventory.models import Server
from astreinte.rules.sla import clock
from astreinte.rules.sla.calendar import spans_between
from astreinte.rules.sla.terms import Terms, TermsError

AHEAD = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The promise for a priority if received at `at`. `changes_at`: when the regime does, and `then` is allowed."""

    priority: str
    regime: str
    mode: str
    allowed: timedelta
    deadline: datetime
    changes_at: datetime | None
    then: timedelta | None

    @property
    def business_only(self) -> bool:
        """Whether it counts business hours alone."""
        return self.mode == "business"


def of_servers(servers: Iterable[Server], at: datetime) -> list[Forecast]:
    """Return what the terms of the first covered server promise now, for each guaranteed priority."""
    for server in servers:
        bound = resolving.in_force(server, at)
        if bound is not None:
            found = (of_terms(bound.terms, priority, at) for priority in ("critical", "urgent"))
            return [one for one in found if one is not None]
    return []


def of_terms(terms: Terms, priority: str, at: datetime) -> Forecast | None:
    """Return the promise for `priority` if received at `at` by the web interface."""
    try:
        run = clock.run(terms, priority, [clock.Receipt(at, "web")])
    except TermsError:
        return None
    if run is None or run.deadline is None:
        return None
    changes = next(
        (start for start, _end, inside in _after(terms, at) if inside != (run.regime == "business")), None
    )
    target = terms.target(priority)
    then = None
    if changes is not None and target is not None and target.non_business is not None:
        other = target.non_business if run.regime == "business" else target.business
        then = timedelta(seconds=other)
    return Forecast(
        priority, run.regime, run.mode, run.allowed, run.deadline, changes if then else None, then
    )


def _after(terms: Terms, at: datetime) -> list[tuple[datetime, datetime, bool]]:
    return spans_between(terms, at, at + AHEAD)
