"""Who answers for what a ticket is about: by the layer that its alerts speak of, and the flags of their instant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from astreinte.records.inventory import managing
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Check, IncidentCheck
from astreinte.records.tickets.models import Ticket
from astreinte.rules import responsibility
from astreinte.rules.responsibility import Duty, Layer, Party


@dataclass(frozen=True, slots=True)
class Step:
    """The next step on a layer of a server, since `at`: who acts; `duty` is None where it was not said for then."""

    server: Server
    layer: Layer
    duty: Duty | None
    at: datetime

    @property
    def is_the_clients(self) -> bool:
        """Whether the client acts, so that the provider must inform it."""
        return self.duty is not None and self.duty.acts is Party.CLIENT


def duty_of(check: Check, at: datetime) -> Duty | None:
    """Return who answers for the layer that a check speaks of, at the instant of its alert (A2.13)."""
    return duty(check.server, responsibility.layer_of(check.kind), at)


def duty(server: Server, layer: Layer, at: datetime) -> Duty | None:
    """Return who answers for a layer of a server at an instant; None where nobody has said."""
    flags = managing.at(server, at)
    if flags is None:
        return None
    return responsibility.who_acts(layer, infrastructure=flags.infrastructure, system=flags.system)


def steps(ticket: Ticket, of: Collection[Check] | None = None) -> list[Step]:
    """Return the next steps on a ticket, one a server and layer, the first alert in front.

    Each alert by the flags of the instant at which it became sure: what is said later holds for the next one. Without
    an alert of our probes nothing is known of the layer, and there are none. `of`: those of these checks alone.
    """
    of_it = Q(incident__tickets=ticket) | Q(incident__tickets__merged_into=ticket)
    links = IncidentCheck.objects.filter(of_it, check_ref__server__client=ticket.client_id).distinct()
    if of is not None:
        links = links.filter(check_ref__in=of)
    found: dict[tuple[int, Layer, Duty | None], Step] = {}
    for link in links.select_related("check_ref__server").order_by("joined_at", "pk"):
        check = link.check_ref
        layer, answers = responsibility.layer_of(check.kind), duty_of(check, link.joined_at)
        key = check.server_id, layer, answers
        found.setdefault(key, Step(check.server, layer, answers, link.joined_at))
    return list(found.values())
