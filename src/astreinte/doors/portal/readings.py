"""What the plan includes, and which reading is kept where the words leave a choice: shown to the client."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.contracts import resolving
from astreinte.records.contracts.models import OrderLine
from astreinte.words.readings import Reading, included
from astreinte.words.readings import readings as readings_of

SHOWN_AT = {
    "watch_servers": "portal:servers",
    "watch_systems": "portal:servers",
    "support": "portal:declare",
    "web_tickets": "portal:tickets",
    "web_equipment": "portal:servers",
}
"""The page that shows a thing that the plan includes; the rest of article 4 gets its own as its rooms are built."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The readings that an order line keeps: first those that its contract changed from the usual.

    `included` is what its plan includes, in words, with the address of the page that shows it, "" where none does yet.
    """

    line: OrderLine
    origin: tuple[str, ...]
    included: tuple[tuple[str, str], ...]
    agreed: tuple[Reading, ...]
    usual: tuple[Reading, ...]


@require_safe
@for_client
def readings(request: PageRequest) -> HttpResponse:
    """Show the readings that each order line in force keeps today."""
    lines = OrderLine.objects.visible_to(request.actor).as_of(request.at).order_by("number")
    rows = [kept for line in lines if (kept := _kept(line, request)) is not None]
    return render(request, "portal/readings.html", {"client": client_of(request), "rows": rows})


def _shown_at(name: str) -> str:
    return reverse(SHOWN_AT[name]) if name in SHOWN_AT else ""


def _kept(line: OrderLine, request: PageRequest) -> Kept | None:
    bound = resolving.of_line(line, request.at)
    if bound is None:
        return None
    said = readings_of(bound.terms)
    return Kept(
        line=line,
        origin=bound.origin,
        included=tuple((words, _shown_at(name)) for name, words in included(bound.terms)),
        agreed=tuple(one for one in said if not one.is_usual),
        usual=tuple(one for one in said if one.is_usual),
    )
