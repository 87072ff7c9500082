"""The client's first page: one sentence. Calm when all is well, exact when something is down."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from astreinte.doors import deciding
from astreinte.doors.cards import Card, card_of, cards
from astreinte.doors.portal import forecast
from astreinte.doors.portal.heading import heading
from astreinte.doors.portal.whose import client_of
from astreinte.doors.watched import watched
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.commitments import standing, times
from astreinte.records.inventory.models import Server
from astreinte.records.tickets.models import Ticket
from astreinte.rules.checks.outcome import Level

RECENT = 5


@require_safe
def home(request: PageRequest) -> HttpResponse:
    """Show the home of whoever comes: staff go on to the desk, a client sees how things stand."""
    if request.actor.is_staff:
        return redirect("desk:now")
    if request.user.is_authenticated and not request.actor.is_client:
        raise Http404
    return for_client(client_home)(request)


def client_home(request: PageRequest) -> HttpResponse:
    """Show the client's home."""
    actor, at = request.actor, request.at
    servers = list(Server.objects.visible_to(actor).as_of(at).order_by("name"))
    rows = watched(servers, actor=actor, at=at)
    opened = list(
        Ticket.objects.visible_to(actor)
        .open()
        .select_related("server", "assignee", "incident")
        .order_by("-opened_at")
    )
    stands, to_ticket = standing.of_all(opened, at), times.to_tickets(opened)
    standings = [one for row in rows for one in row.standings]
    advice, consents = deciding.waiting(actor=actor, at=at)
    page = {
        "client": client_of(request),
        "advice": advice,
        "consents": consents,
        "rows": rows,
        "opened": [(one.ticket, card_of(one, at), to_ticket.get(one.ticket.pk)) for one in stands],
        "heading": heading(stands, actor=actor, at=at),
        "waiting": [ticket for ticket in opened if ticket.state == "waiting"],
        "bad": sum(one.level in {Level.CRITICAL, Level.UNKNOWN} for one in standings),
        "blind": sum(one.level in {Level.STALE, Level.INCONCLUSIVE} for one in standings),
        "normal": sum(one.level is Level.OK for one in standings),
        "total": len(standings),
        "measured_at": max((row.measured_at for row in rows if row.measured_at), default=None),
        "forecast": forecast.of_servers(servers, at),
        "kept": _kept(request),
    }
    return render(request, "portal/home.html", page)


def _kept(request: PageRequest) -> list[Card]:
    """Return the promises of the latest tickets that were judged."""
    done = Ticket.objects.visible_to(request.actor).filter(
        verdicts__clock__kind="contractual", verdicts__replaced_at=None
    )
    listed = list(done.distinct().order_by("-opened_at")[:RECENT])
    found = cards(listed, request.at)
    return [found[ticket.pk] for ticket in listed if ticket.pk in found and not found[ticket.pk].open]
