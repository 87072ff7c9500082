"""The client's tickets: how far each is, why, and what is owed when the promise was missed."""

from contextlib import suppress

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from astreinte.doors import deciding, explaining, quiet, responsible, story
from astreinte.doors.cards import card_of, cards
from astreinte.doors.fields import Asked
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts.permissions import can
from astreinte.records.commitments import standing, times
from astreinte.records.commitments.explaining import sentence
from astreinte.records.journal import publishing
from astreinte.records.tickets import conversation, foretold, handling
from astreinte.records.tickets.models import Mention, Receipt, Ticket
from astreinte.records.tickets.opening import TicketError

PAGE = 30


class ReplyForm(Asked):
    """A client answers, or adds what changed."""

    text = forms.CharField(
        label=lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        error_messages={
            "required": lazy("Write your message, for example “it works again since 12:31”."),
            "max_length": lazy("Write at most 20,000 characters, and send the rest as a second message."),
        },
    )


@require_safe
@for_client
def tickets(request: PageRequest) -> HttpResponse:
    """List the client's tickets, the latest first."""
    found = (
        Ticket.objects.visible_to(request.actor).select_related("server").order_by("-opened_at", "-number")
    )
    listed = Paginator(found, PAGE).get_page(request.GET.get("page"))
    known, to_ticket = cards(listed.object_list, request.at), times.to_tickets(listed.object_list)
    month = localtime(request.at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    seen = times.to_tickets(found.filter(opened_at__gte=month, incident__isnull=False))
    page = {
        "client": client_of(request),
        "listed": listed,
        "rows": [(one, known.get(one.pk), to_ticket.get(one.pk)) for one in listed.object_list],
        "month": f"{month:%Y-%m}",
        "seen": len(seen),
        "slowest": max(seen.values(), default=None),
    }
    return render(request, "portal/tickets.html", page)


@require_safe
@for_client
def ticket(request: PageRequest, number: int) -> HttpResponse:
    """Show a ticket."""
    return show_ticket(request, _found(request, number), ReplyForm())


@require_POST
@for_client
def reply(request: PageRequest, number: int) -> HttpResponse:
    """Write to the provider; it stops no clock."""
    found, form = _found(request, number), ReplyForm(request.POST)
    if form.is_valid():
        conversation.reply(found, form.cleaned_data["text"], at=request.at, actor=request.actor)
        return redirect("portal:ticket", number)
    return show_ticket(request, found, form)


@require_POST
@for_client
def reopen(request: PageRequest, number: int) -> HttpResponse:
    """Contest a closing: the ticket is open again, and its clock runs on as if it had not been closed."""
    found, form = _found(request, number), ReplyForm(request.POST)
    if form.is_valid():
        with suppress(TicketError):  # it was opened again by somebody else meanwhile: the page shows it
            handling.reopen_contested(
                found, text=form.cleaned_data["text"], at=request.at, actor=request.actor
            )
            messages.success(request, _("The ticket is open again, and our team is told what you wrote."))
        return redirect("portal:ticket", number)
    return show_ticket(request, found, form)


def show_ticket(request: PageRequest, found: Ticket, form: ReplyForm) -> HttpResponse:
    """Show a ticket's page with the reply as it stands."""
    actor, at = request.actor, request.at
    stands = standing.of(found, at)
    card = card_of(stands, at)
    told = story.told(found, card, actor=actor, at=at)
    page = {
        "client": client_of(request),
        "ticket": found,
        "card": card,
        "stands": sentence(stands),
        "may_declare": stands.state == "no_clock" and found.state in {"open", "waiting"},
        "why": explaining.deadline(card, request.brand) if card else None,
        "owed": explaining.formula(card, request.brand) if card else None,
        "earlier": explaining.before(stands, at, request.brand),
        "times": times.of(found),
        "held": quiet.held_back(found, actor=actor),
        "answers": responsible.of_ticket(found, request.brand),
        "foretold": [deciding.advice(row) for row in foretold.refused(found)],
        "story": told,
        "talk": told.talk(actor),
        "mentions": Mention.objects.visible_to(actor).filter(ticket=found).select_related("server"),
        "form": form,
        "can_reply": can(actor, "tickets.reply", found),
    }
    return render(request, "portal/ticket.html", page, status=422 if form.errors else 200)


@require_safe
@for_client
def receipt(request: PageRequest, number: int, public_id: str) -> HttpResponse:
    """Show a receipt: number, instant, deadline, regime, why, and the journal's head (A4.18, A5.6)."""
    receipts = Receipt.objects.visible_to(request.actor).select_related("ticket__server", "ticket__incident")
    found = get_object_or_404(receipts, ticket__number=number, public_id=public_id)
    stands = standing.of(found.ticket, request.at)
    card = card_of(stands, request.at)
    page = {
        "client": client_of(request),
        "receipt": found,
        "ticket": found.ticket,
        "mentions": Mention.objects.visible_to(request.actor)
        .filter(ticket=found.ticket)
        .select_related("server"),
        "card": card,
        "stands": sentence(stands),
        "starts": card is not None and card.clock.receipt_id == found.pk,
        "why": explaining.deadline(card, request.brand) if card else None,
        "head": publishing.published(found.ticket.provider_id, place_of(found)),
    }
    return render(request, "portal/receipt.html", page)


def place_of(receipt: Receipt) -> str:
    """Return where the journal's head is published with a receipt: on its page, which can be printed."""
    return f"receipt {receipt.public_id}"


def _found(request: PageRequest, number: int) -> Ticket:
    visible = Ticket.objects.visible_to(request.actor).select_related(
        "server", "assignee", "incident", "merged_into"
    )
    row: Ticket = get_object_or_404(visible, number=number)
    return row
