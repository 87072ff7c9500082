"""A ticket: the time left, why, what happened, what was said; and the list of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from astreinte.doors import deciding, explaining, quiet, responsible, story
from astreinte.doors.cards import Card, card_of, cards
from astreinte.doors.desk import ticketing
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Person
from astreinte.records.accounts.permissions import can
from astreinte.records.commitments import explaining as explained
from astreinte.records.commitments import standing, times
from astreinte.records.commitments.explaining import Explained, sentence
from astreinte.records.commitments.models import Clock
from astreinte.records.inventory.models import Server
from astreinte.records.tickets import foretold
from astreinte.records.tickets.models import Mention, Ticket
from astreinte.records.worklog.models import Intervention
from astreinte.words import alternatives

PAGE = 50
FILTERS = {"open": ("open", "waiting"), "closed": ("closed",), "merged": ("merged",)}


@require_safe
@for_staff
def tickets(request: PageRequest) -> HttpResponse:
    """List tickets, the latest first; the open ones unless asked otherwise."""
    chosen = request.GET.get("state", "open")
    found = Ticket.objects.visible_to(request.actor).select_related("client", "server", "assignee")
    if chosen in FILTERS:
        found = found.filter(state__in=FILTERS[chosen])
    words = request.GET.get("q", "").strip().lstrip("#")
    if words:
        by_words = found.filter(subject__icontains=words)
        found = (
            by_words | found.filter(number=int(words)) if words.isdecimal() and len(words) < 10 else by_words
        )
    listed = Paginator(found.order_by("-opened_at", "-number"), PAGE).get_page(request.GET.get("page"))
    known = cards(listed.object_list, request.at)
    page = {
        "listed": listed,
        "rows": [(ticket, known.get(ticket.pk)) for ticket in listed.object_list],
        "chosen": chosen if chosen in FILTERS else "all",
        "words": words,
        "can_enter": can(request.actor, "tickets.enter"),
    }
    return render(request, "desk/tickets.html", page)


@require_safe
@for_staff
def ticket(request: PageRequest, number: int) -> HttpResponse:
    """Show a ticket."""
    return show_ticket(request, found(request, number))


def found(request: PageRequest, number: int) -> Ticket:
    """Return the ticket of this number that the actor may see, or raise 404."""
    visible = Ticket.objects.visible_to(request.actor)
    whole = visible.select_related("client__provider", "server", "assignee", "incident", "merged_into")
    row: Ticket = get_object_or_404(whole, number=number)
    return row


def show_ticket(request: PageRequest, shown: Ticket, **forms: Any) -> HttpResponse:
    """Show a ticket's page with its forms as they stand (`reply`, `note`, `diagnostic`, `end`, `close`…)."""
    actor, at = request.actor, request.at
    one = standing.of(shown, at)
    card = card_of(one, at)
    told = story.told(shown, card, actor=actor, at=at)
    mine = Intervention.objects.visible_to(actor).filter(
        ticket=shown, person=actor.person_id, kind="session", ended_at=None
    )
    page: dict[str, Any] = {
        "ticket": shown,
        "card": card,
        "why": _why(request, card, one.objective),
        "stands": sentence(one),
        "readings": [alternatives.cells(row) for row in explained.readings(one, at)],
        "readings_head": alternatives.heads(),
        "readings_alone": alternatives.alone(),
        "held": quiet.held_back(shown, actor=actor),
        "answers": responsible.of_ticket(shown, request.brand),
        "foretold": [deciding.advice(row) for row in foretold.refused(shown)],
        "internal": None if card else one.objective,
        "earlier": explaining.before(one, at, request.brand),
        "times": times.of(shown),
        "story": told,
        "talk": told.talk(actor),
        "mentions": Mention.objects.visible_to(actor).filter(ticket=shown).select_related("server"),
        "mine": mine.first(),
        "calls": [one.call for one in told.facts.receipts if hasattr(one, "call")],
        "can_handle": can(actor, "tickets.handle", shown) and shown.state in {"open", "waiting"},
        "can_intervene": can(actor, "worklog.intervene", shown) and shown.state in {"open", "waiting"},
        "owed": explaining.formula(card, request.brand) if card else None,
        "forms": _forms(request, shown, forms),
        "can_reopen": can(actor, "tickets.reply", shown) and shown.state == "closed",
    }
    return render(request, "desk/ticket.html", page, status=422 if forms else 200)


def _why(request: PageRequest, card: Card | None, objective: Clock | None) -> Explained | None:
    if card is not None:
        return explaining.deadline(card, request.brand)
    return explaining.objective(objective, request.brand) if objective is not None else None


def team(request: PageRequest) -> Any:
    """Return the people of the provider's staff with a role in force."""
    at = request.at
    staff = Person.objects.visible_to(request.actor).filter(
        is_active=True, roles__client=None, roles__from_at__lte=at, roles__withdrawn_at=None
    )
    return staff.exclude(roles__until_at__lte=at).distinct().order_by("name")


def servers_of(request: PageRequest, shown: Ticket) -> Any:
    """Return the servers under management of the ticket's client."""
    servers = Server.objects.visible_to(request.actor).as_of(request.at)
    return servers.filter(client=shown.client).order_by("name")


def _forms(request: PageRequest, shown: Ticket, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "reply": ticketing.TextForm(prefix="reply"),
        "note": ticketing.TextForm(prefix="note"),
        "diagnostic": ticketing.DiagnosticForm(prefix="diagnostic"),
        "end": ticketing.TextForm(prefix="end"),
        "wait": ticketing.TextForm(prefix="wait"),
        "assign": ticketing.AssignForm(prefix="assign", people=team(request)),
        "close": ticketing.CloseForm(prefix="close", intervened=shown.intervened_at is not None),
        "merge": ticketing.MergeForm(prefix="merge"),
        "start": ticketing.StartForm(prefix="start"),
        "reopen": ticketing.TextForm(prefix="reopen"),
        "place": ticketing.PlaceForm(prefix="place", servers=servers_of(request, shown)),
    } | given
