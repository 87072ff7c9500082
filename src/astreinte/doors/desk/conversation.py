"""What is said about a ticket: to the client, or among the staff."""

from django.http import HttpResponse
from django.shortcuts import redirect

from astreinte.doors.desk import ticketing
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.tickets import found, show_ticket
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.tickets import conversation


@for_staff
@sent_from("desk:ticket", found)
def reply(request: PageRequest, number: int) -> HttpResponse:
    """Write to the client."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="reply")
    if form.is_valid():
        conversation.reply(ticket, form.cleaned_data["text"], at=request.at, actor=request.actor)
        return redirect("desk:ticket", number)
    return show_ticket(request, ticket, reply=form)


@for_staff
@sent_from("desk:ticket", found)
def note(request: PageRequest, number: int) -> HttpResponse:
    """Write a note that the staff alone reads."""
    ticket, form = found(request, number), ticketing.TextForm(request.POST, prefix="note")
    if form.is_valid():
        conversation.note(ticket, form.cleaned_data["text"], at=request.at, actor=request.actor)
        return redirect("desk:ticket", number)
    return show_ticket(request, ticket, note=form)
