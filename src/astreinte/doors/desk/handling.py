"""A ticket is taken, given, merged, closed; an intervention starts and ends. Only the last stops a clock."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from astreinte.doors.desk import merging, ticketing
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.tickets import found, servers_of, show_ticket, team
from astreinte.doors.fields import Asked
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.tickets import handling
from astreinte.records.tickets.models import Ticket
from astreinte.records.tickets.opening import TicketError
from astreinte.records.worklog import intervening
from astreinte.records.worklog.models import Intervention


def _tried(request: PageRequest, ticket: Ticket, act: Callable[..., object], done: str) -> HttpResponse:
    """Do an act that no field of a form can refuse: what stands in its way is said on top of the page."""
    try:
        act(at=request.at, actor=request.actor)
    except TicketError:
        said = _("This cannot be done to ticket #%(number)d as it stands now: see below.")
        messages.error(request, said % {"number": ticket.number})
    else:
        messages.success(request, done)
    return redirect("desk:ticket", ticket.number)


def _asked(
    request: PageRequest, ticket: Ticket, form: Asked, act: Callable[..., object], done: str
) -> HttpResponse:
    """Do an act with what its form says, by the names of its fields; a form that will not do is shown again."""
    if not form.is_valid():
        return show_ticket(request, ticket, **{str(form.prefix): form})
    said = form.cleaned_data
    return _tried(request, ticket, partial(act, **said), done % said)


@for_staff
@sent_from("desk:ticket", found)
def take(request: PageRequest, number: int) -> HttpResponse:
    """Take the ticket; the clock runs on."""
    ticket = found(request, number)
    done = _("It is yours. The clock still runs: only an intervention stops it.")
    return _tried(request, ticket, partial(handling.take, ticket), done)


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
    return _tried(request, ticket, partial(handling.assign, ticket, person=person), done)


@for_staff
@sent_from("desk:ticket", found)
def wait(request: PageRequest, number: int) -> HttpResponse:
    """Ask the client something and wait; nothing in article 5 suspends the delay (A5.13)."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="wait")
    done = _("The client is asked. Waiting does not stop the clock: nothing in article 5 suspends the delay.")
    return _asked(request, ticket, form, partial(handling.wait_for_client, ticket), done)


@for_staff
@sent_from("desk:ticket", found)
def resume(request: PageRequest, number: int) -> HttpResponse:
    """Stop waiting for the client."""
    ticket = found(request, number)
    return _tried(request, ticket, partial(handling.resume, ticket), _("No longer waiting for the client."))


@for_staff
@sent_from("desk:ticket", found)
def start(request: PageRequest, number: int) -> HttpResponse:
    """Begin an intervention: it stops the clock (A5.10)."""
    ticket = found(request, number)
    since = intervening.known_since(ticket)
    form = ticketing.StartForm(request.POST, prefix="start", now=request.at, since=since)
    done = _("Your intervention has begun. Say at its end what was done: the client reads it.")
    return _asked(request, ticket, form, partial(intervening.start, ticket), done)


@for_staff
@sent_from("desk:ticket", found)
def end(request: PageRequest, number: int) -> HttpResponse:
    """End one's intervention with what was done."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="end")
    running = Intervention.objects.visible_to(request.actor).filter(
        ticket=ticket, kind="session", ended_at=None
    )
    mine = get_object_or_404(running, person_id=request.actor.person_id)
    return _asked(request, ticket, form, partial(intervening.end, mine), _("Your intervention is over."))


@for_staff
@sent_from("desk:ticket", found)
def diagnose(request: PageRequest, number: int) -> HttpResponse:
    """Write a diagnostic: a first technical act, it stops the clock (A5.10)."""
    ticket, form = found(request, number), ticketing.DiagnosticForm(request.POST, prefix="diagnostic")
    done = _("Your diagnostic is written, and the client reads it.")
    return _asked(request, ticket, form, partial(intervening.diagnose, ticket), done)


@for_staff
@sent_from("desk:ticket", found)
def close(request: PageRequest, number: int) -> HttpResponse:
    """Close the ticket; without an intervention, with a reason that the client reads."""
    ticket = found(request, number)
    form = ticketing.CloseForm(request.POST, prefix="close", intervened=ticket.intervened_at is not None)
    return _asked(request, ticket, form, partial(handling.close, ticket), _("Closed."))


@for_staff
@sent_from("desk:ticket", found)
def reopen(request: PageRequest, number: int) -> HttpResponse:
    """Open a closed ticket again, with the reason: its clock runs on as if it had never been closed."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="reopen")
    done = _("Open again: its clock runs on as if it had never been closed.")
    return _asked(request, ticket, form, partial(handling.reopen_contested, ticket), done)


@for_staff
@sent_from("desk:ticket", found)
def place(request: PageRequest, number: int) -> HttpResponse:
    """Say which server a ticket is about: its order line gives terms and fee."""
    ticket = found(request, number)
    form = ticketing.PlaceForm(request.POST, prefix="place", servers=servers_of(request, ticket))
    done = _("The ticket is about %(server)s.")
    return _asked(request, ticket, form, partial(handling.place, ticket), done)


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
