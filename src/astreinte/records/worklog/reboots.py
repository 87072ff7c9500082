"""A machine started again: what nobody announced, and nobody was at work on, is an incident."""

from django.db.models import Q

from astreinte.records.accounts.actors import system
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import incidents
from astreinte.records.monitoring.facts import RebootSeen
from astreinte.records.monitoring.models import Transition
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention


def open_unless_worked_on(event: RebootSeen) -> None:
    """Open the incident of a start, unless somebody intervened on the machine when it can have been (A4.3, A4.8)."""
    server = Server.objects.get(pk=event.server_id)
    transition = Transition.objects.select_related("check_ref__server").get(pk=event.transition_id)
    work = Intervention.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=event.since),
        kind="session",
        ticket__in=Ticket.objects.for_server(server),
        started_at__lte=transition.first_at,
    )
    if not work.exists():
        incidents.enter(transition, actor=system("monitoring"))
