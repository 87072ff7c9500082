"""The client's servers: how they stand, and what is promised for them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from astreinte.doors import measures, promises, quiet, responsible
from astreinte.doors.portal.whose import client_of
from astreinte.doors.watched import watched
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import Coverage
from astreinte.records.inventory.models import Server, Service
from astreinte.records.monitoring.models import Transition
from astreinte.records.tickets.models import Ticket

RECENT = 20


@require_safe
@for_client
def servers(request: PageRequest) -> HttpResponse:
    """List the client's servers, what goes wrong first."""
    actor, at = request.actor, request.at
    found = Server.objects.visible_to(actor).as_of(at).order_by("name")
    rows = sorted(
        watched(found, actor=actor, at=at), key=lambda row: -(row.level.badness() if row.level else -1)
    )
    held = Coverage.objects.visible_to(actor).as_of(at).select_related("line")
    lines = {row.server_id: row.line for row in held}
    page = {"client": client_of(request), "rows": [(row, lines.get(row.server.pk)) for row in rows]}
    return render(request, "portal/servers.html", page)


@require_safe
@for_client
def server(request: PageRequest, public_id: str) -> HttpResponse:
    """Show one of the client's servers."""
    actor, at = request.actor, request.at
    servers = Server.objects.visible_to(actor).select_related("client")
    found = get_object_or_404(servers, public_id=public_id)
    (row,) = watched([found], actor=actor, at=at)
    bound = resolving.in_force(found, at)
    transitions = (
        Transition.objects.visible_to(actor).filter(check_ref__server=found).select_related("check_ref")
    )
    page = {
        "client": client_of(request),
        "found": found,
        "row": row,
        "hush": quiet.quiet(found, actor=actor, at=at),
        "layers": responsible.of_server(found, request.brand, actor=actor, at=at),
        "promise": promises.of_line(bound.line, at, found) if bound else None,
        "services": Service.objects.visible_to(actor).as_of(at).filter(server=found).order_by("name"),
        "transitions": transitions.order_by("-at", "-pk")[:RECENT],
        "measures": measures.shown(row, actor=actor, at=at, asked=request.GET),
        "tickets": Ticket.objects.visible_to(actor).for_server(found).order_by("-opened_at")[:RECENT],
    }
    return render(request, "portal/server.html", page)
