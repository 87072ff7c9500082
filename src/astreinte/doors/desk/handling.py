"""A ticket is taken, given, merged, closed; an intervention starts and ends. Only the last stops a clock."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from astreinte.doors.desk import merging, ticketing
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.tickets import found, servers_of, show_ticket, team
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.tickets import handling
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from astreinte.records.worklog.models import Intervention


def _tried(request: PageRequest, ticket: Ticket, act: Callable[[], object], done: str) -> HttpResponse:
    """Do an act that has no field of its own: what stands in its way is said on top of the page."""
    try:
        act()
    except TicketError:
        said = _("This cannot be done to ticket #%(number)d as it stands now: see below.")
        messages.error(request, said % {"number": ticket.number})
    else:
        messages.success(request, done)
    return redirect("desk:ticket", ticket.number)


@for_staff
@sent_from("desk:ticket", found)
def take(request: PageRequest, number: int) -> HttpResponse:
    """Take the ticket; the clock runs on."""
    ticket = found(request, number)
    done = _("It is yours. The clock still runs: only an intervention stops it.")
    return _tried(request, ticket, lambda: handling.take(ticket, at=request.at, actor=request.actor), done)


@for_staff
@sent_from("desk:ticket", found)
def assign(request: PageRequest, number: int) -> HttpResponse:
    """Give the ticket to somebody of the team; the clock runs on."""
    ticket = found(request, number)
    form = ticketing.AssignForm(request.POST, prefix="assign", people=team(request))
    if not form.is_valid():
        return show_ticket(request, ticket, assign=form)
    person = form.cleaned_data["person"]
    done = _("%(name)s has it. The clock still runs: only an intervention stops it.") % {"name": person.name}
    return _tried(
        request,
        ticket,
        lambda: handling.assign(ticket, person=person, at=request.at, actor=request.actor),
        done,
    )


@for_staff
@sent_from("desk:ticket", found)
def wait(request: PageRequest, number: int) -> HttpResponse:
    """Ask the client something and wait; nothing in article 5 suspends the delay (A5.13)."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="wait")
    if not form.is_valid():
        return show_ticket(request, ticket, wait=form)
    done = _("The client is asked. Waiting does not stop the clock: nothing in article 5 suspends the delay.")
    text = form.cleaned_data["text"]
    return _tried(
        request,
        ticket,
        lambda: handling.wait_for_client(ticket, text=text, at=request.at, actor=request.actor),
        done,
    )


@for_staff
@sent_from("desk:ticket", found)
def resume(request: PageRequest, number: int) -> HttpResponse:
    """Stop waiting for the client."""
    ticket = found(request, number)
    done = _("No longer waiting for the client.")
    return _tried(request, ticket, lambda: handling.resume(ticket, at=request.at, actor=request.actor), done)


@for_staff
@sent_from("desk:ticket", found)
def start(request: PageRequest, number: int) -> HttpResponse:
    """Begin an intervention: it stops the clock (A5.10)."""
    ticket = found(request, number)
    form = ticketing.StartForm(
        request.POST, prefix="start", now=request.at, since=intervening.known_since(ticket)
    )
    if not form.is_valid():
        return show_ticket(request, ticket, start=form)
    said = form.cleaned_data
    done = _("Your intervention has begun. Say at its end what was done: the client reads it.")
    return _tried(
        request,
        ticket,
        lambda: intervening.start(
            ticket,
            at=request.at,
            actor=request.actor,
            started_at=said["started_at"],
            evidence=said["evidence"],
        ),
        done,
    )


@for_staff
@sent_from("desk:ticket", found)
def end(request: PageRequest, number: int) -> HttpResponse:
    """End one's intervention with what was done."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="end")
    running = Intervention.objects.visible_to(request.actor).filter(
        ticket=ticket, kind="session", ended_at=None
    )
    mine = get_object_or_404(running, person_id=request.actor.person_id)
    if not form.is_valid():
        return show_ticket(request, ticket, end=form)
    text = form.cleaned_data["text"]
    return _tried(
        request,
        ticket,
        lambda: intervening.end(mine, text=text, at=request.at, actor=request.actor),
        _("Your intervention is over."),
    )


@for_staff
@sent_from("desk:ticket", found)
def diagnose(request: PageRequest, number: int) -> HttpResponse:
    """Write a diagnostic: a first technical act, it stops the clock (A5.10)."""
    ticket, form = found(request, number), ticketing.DiagnosticForm(request.POST, prefix="diagnostic")
    if not form.is_valid():
        return show_ticket(request, ticket, diagnostic=form)
    text = form.cleaned_data["text"]
    return _tried(
        request,
        ticket,
        lambda: intervening.diagnose(ticket, text, at=request.at, actor=request.actor),
        _("Your diagnostic is written, and the client reads it."),
    )


@for_staff
@sent_from("desk:ticket", found)
def close(request: PageRequest, number: int) -> HttpResponse:
    """Close the ticket; without an intervention, with a reason that the client reads."""
    ticket = found(request, number)
    form = ticketing.CloseForm(request.POST, prefix="close", intervened=ticket.intervened_at is not None)
    if not form.is_valid():
        return show_ticket(request, ticket, close=form)
    reason = form.cleaned_data["reason"]
    return _tried(
        request,
        ticket,
        lambda: handling.close(ticket, reason=reason, at=request.at, actor=request.actor),
        _("Closed."),
    )


@for_staff
@sent_from("desk:ticket", found)
def reopen(request: PageRequest, number: int) -> HttpResponse:
    """Open a closed ticket again, with the reason: its clock runs on as if it had never been closed."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="reopen")
    if not form.is_valid():
        return show_ticket(request, ticket, reopen=form)
    text = form.cleaned_data["text"]
    return _tried(
        request,
        ticket,
        lambda: handling.reopen_contested(ticket, text=text, at=request.at, actor=request.actor),
        _("Open again: its clock runs on as if it had never been closed."),
    )


@for_staff
@sent_from("desk:ticket", found)
def place(request: PageRequest, number: int) -> HttpResponse:
    """Say which server a ticket is about: its order line gives terms and fee."""
    ticket = found(request, number)
    form = ticketing.PlaceForm(request.POST, prefix="place", servers=servers_of(request, ticket))
    if not form.is_valid():
        return show_ticket(request, ticket, place=form)
    server = form.cleaned_data["server"]
    return _tried(
        request,
        ticket,
        lambda: handling.place(ticket, server=server, at=request.at, actor=request.actor),
        _("The ticket is about %(server)s.") % {"server": server.name},
    )


@for_staff
@sent_from("desk:ticket", found)
def merge(request: PageRequest, number: int) -> HttpResponse:
    """Merge the ticket into another of the same client: the earliest receipt that counts holds (A5.15)."""
    ticket, form = found(request, number), ticketing.MergeForm(request.POST, prefix="merge")
    into = _into(request, ticket, form)
    if into is None:
        return show_ticket(request, ticket, merge=form)
    try:
        handling.merge(ticket, into=into, at=request.at, actor=request.actor)
    except TicketError as error:
        said = merging.refused(error, ticket, into)
        if error.why == "merged":  # since the page was made: the form is no longer on it
            messages.error(request, said)
            return redirect("desk:ticket", number)
        form.add_error("into", said)
        return show_ticket(request, ticket, merge=form)
    done = _("#%(old)d is merged into this ticket. All receipts are kept; the earliest that counts holds.")
    messages.success(request, done % {"old": ticket.number})
    return redirect("desk:ticket", into.number)


def _into(request: PageRequest, ticket: Ticket, form: ticketing.MergeForm) -> Ticket | None:
    if not form.is_valid():
        return None
    number = form.cleaned_data["into"]
    into = Ticket.objects.visible_to(request.actor).filter(number=number, client=ticket.client).first()
    if into is None:
        said = _("#%(number)d is no ticket of %(client)s. Tickets of two clients are never merged.")
        form.add_error("into", ValidationError(said % {"number": number, "client": ticket.client.name}))
    return into
