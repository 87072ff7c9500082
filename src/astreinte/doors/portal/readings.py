"""Which reading of the contract is kept where its words leave a choice: shown to the client, point by point."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import OrderLine
from astreinte.words.readings import Reading
from astreinte.words.readings import readings as readings_of


@dataclass(frozen=True, slots=True)
class Kept:
    """The readings that an order line keeps: first those that its contract changed from the usual."""

    line: OrderLine
    origin: tuple[str, ...]
    agreed: tuple[Reading, ...]
    usual: tuple[Reading, ...]


@require_safe
@for_client
def readings(request: PageRequest) -> HttpResponse:
    """Show the readings that each order line in force keeps today."""
    lines = OrderLine.objects.visible_to(request.actor).as_of(request.at).order_by("number")
    rows = [kept for line in lines if (kept := _kept(line, request)) is not None]
    return render(request, "portal/readings.html", {"client": client_of(request), "rows": rows})


def _kept(line: OrderLine, request: PageRequest) -> Kept | None:
    bound = resolving.of_line(line, request.at)
    if bound is None:
        return None
    said = readings_of(bound.terms)
    return Kept(
        line=line,
        origin=bound.origin,
        agreed=tuple(one for one in said if not one.is_usual),
        usual=tuple(one for one in said if one.is_usual),
    )
