"""The contract as the client reads it: the values in force, which are those that the clock uses."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from astreinte.doors import promises
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.contracts import renewing
from astreinte.records.contracts.models import Coverage, OrderLine


@require_safe
@for_client
def contract(request: PageRequest) -> HttpResponse:
    """Show each order line in force with its values, its servers and its price."""
    actor, at = request.actor, request.at
    lines = OrderLine.objects.visible_to(actor).as_of(at).order_by("number")
    held: dict[int, list[Coverage]] = {}
    for row in Coverage.objects.visible_to(actor).as_of(at).select_related("server").order_by("server__name"):
        held.setdefault(row.line_id, []).append(row)
    rows = [
        (
            line,
            promises.of_line(line, at),
            held.get(line.pk, []),
            {"suspension": renewing.suspended(line, at)},
        )
        for line in lines
    ]
    return render(request, "portal/contract.html", {"client": client_of(request), "rows": rows})
