"""The staff writes down what reached it otherwise: a ticket of its own, or a call."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from astreinte.doors import saying
from astreinte.doors.desk import ticketing
from astreinte.doors.desk.filling import form_page
from astreinte.doors.fields import written
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Client, EmergencyNumber
from astreinte.records.inventory.models import Server
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Call, Ticket


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def enter(request: PageRequest) -> HttpResponse:
    """Open a ticket by the channel `desk`: it starts no contractual clock, and the page says so."""
    form = ticketing.EnterForm(
        request.POST or None, initial={"key": opening.new_key("desk")}, **_choices(request)
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        receipt = opening.declare(
            client=said["client"],
            server=said["server"],
            subject=said["subject"],
            text=said["text"],
            priority=said["priority"],
            nature=said["nature"],
            channel="desk",
            key=said["key"],
            at=request.at,
            actor=request.actor,
        )
        return redirect("desk:ticket", receipt.ticket.number)
    hint = _(
        "Written down by us: no contractual clock starts. A call to the emergency number has its own form."
    )
    return form_page(
        request, form, title=_("New ticket"), act=_("Open the ticket"), here="tickets", hint=hint
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def call(request: PageRequest) -> HttpResponse:
    """Write a call down, at the instant of its first ring (A5.7)."""
    numbers = EmergencyNumber.objects.visible_to(request.actor).as_of(request.at).filter(brand=request.brand)
    first = numbers.order_by("from_at").first()
    initial = {
        "key": opening.new_key("phone"),
        "number": first.number if first else "",
        "answered": "yes",
        "rang_at": written(request.at),
    }
    form = ticketing.CallForm(request.POST or None, initial=initial, now=request.at, **_choices(request))
    if request.method == "POST" and form.is_valid():
        receipt = _recorded(request, form.cleaned_data)
        call = getattr(receipt, "call", None)
        if call is not None and not call.defined:
            messages.warning(request, _undefined(request, call))
        return redirect("desk:ticket", receipt.ticket.number)
    hint = _(
        "A call to a defined emergency number starts the guaranteed delay at its first ring, answered or not (art. 5)."
    )
    return form_page(
        request, form, title=_("Write a call down"), act=_("Write the call down"), here="tickets", hint=hint
    )


def _undefined(request: PageRequest, call: Call) -> str:
    return _(
        "%(number)s was no emergency number of ours at %(at)s: this call starts no guaranteed time."
        " Define the number on the page “Team”: it counts for the calls that come after."
    ) % {
        "number": saying.telephone(call.number_called),
        "at": saying.near(call.rang_at, request.at),
    }


def _recorded(request: PageRequest, said: dict[str, Any]) -> Any:
    ticket = None
    if said["ticket"]:
        ticket = Ticket.objects.visible_to(request.actor).get(number=said["ticket"])
    return opening.record_call(
        client=said["client"],
        server=said["server"],
        number_called=said["number"],
        caller=said["caller"],
        rang_at=said["rang_at"],
        text=said["text"],
        subject=said["subject"],
        priority=said["priority"],
        answered=said["answered"] == "yes",
        ticket=ticket,
        key=said["key"],
        at=request.at,
        actor=request.actor,
    )


def _choices(request: PageRequest) -> dict[str, Any]:
    actor, at = request.actor, request.at
    return {
        "clients": Client.objects.visible_to(actor).order_by("internal", "name"),
        "servers": Server.objects.visible_to(actor).as_of(at).order_by("name"),
        "tickets": Ticket.objects.visible_to(actor).open(),
    }
