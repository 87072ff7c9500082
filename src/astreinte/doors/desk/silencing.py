"""For a while nobody is told of a server, or of one check of it, for a reason; all is recorded."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import quiet
from astreinte.doors.desk.asking import choice
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.servers import a_server
from astreinte.doors.fields import Asked, InstantField, offer, timed, written
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.permissions import can
from astreinte.records.monitoring import silencing
from astreinte.records.monitoring.models import Check, HeldAlert, Silence
from astreinte.records.monitoring.silencing import SilenceError

AN_HOUR = timedelta(hours=1)


class SilenceForm(Asked):
    """Nobody is told of a server, or of one check of it: reason and end are mandatory."""

    check_ref = choice(
        Check.objects.none(), label=lazy("What"), required=False, empty_label=lazy("all of this server")
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=silencing.LONGEST_REASON,
        help_text=lazy("Why nobody shall be told; the staff alone reads it."),
        error_messages={"required": lazy("A silence has a reason. Write it here.")},
    )
    until_at = InstantField(
        label=lazy("Until"),
        help_text=lazy("Seven days at most. For example 11:30, or 2026-12-01 11:30"),
        error_messages={"required": lazy("A silence has an end. Write it here.")},
    )

    def __init__(self, *args: Any, checks: Any, now: datetime, **options: Any) -> None:
        first = {"initial": {"until_at": written(now + AN_HOUR)}}
        super().__init__(*args, **first | options)
        offer(self, check_ref=checks)
        timed(self, now)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def silence(request: PageRequest, public_id: str) -> HttpResponse:
    """Tell nobody of a server, or of one check of it, from now on."""
    server = a_server(request, public_id)
    checks = Check.objects.visible_to(request.actor).as_of(request.at).filter(server=server)
    form = SilenceForm(request.POST or None, checks=checks.order_by("name"), now=request.at)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = silencing.silence(
                server,
                check=said["check_ref"],
                reason=said["reason"],
                until_at=said["until_at"],
                at=request.at,
                actor=request.actor,
            )
            messages.success(request, _("Nobody is told from now on; all is recorded."))
            return redirect("desk:silence", row.number)
        except SilenceError as error:
            form.add_error(*_silence_refused(error.why))
    return form_page(
        request,
        form,
        title=_("Silence %(server)s") % {"server": server.name},
        hint=_(
            "Nobody is told of faults that our probes see on it; all is recorded. What is still down at the end"
            " is told then. What a client declares is told at once."
        ),
        act=_("Silence it"),
        here="servers",
        back=reverse("desk:server", args=[public_id]),
    )


def _silence_refused(why: str) -> tuple[str | None, str]:
    return {
        "reason": ("reason", _("A silence has a reason. Write it here.")),
        "past": ("until_at", _("This is past. Write a later instant.")),
        "long": (
            "until_at",
            _("This is more than seven days ahead. Write an earlier end; another silence can follow it."),
        ),
        "left": (None, _("This server left management: nobody is told of it anyway.")),
        "check": ("check_ref", _("This check is no longer watched. Choose another one.")),
    }[why]


def _silence(request: PageRequest, number: int) -> Silence:
    silences = Silence.objects.visible_to(request.actor).select_related("server__client", "check_ref")
    row: Silence = get_object_or_404(silences, number=number)
    return row


@require_safe
@for_staff
def show_silence(request: PageRequest, number: int) -> HttpResponse:
    """Show a silence, and the alerts that it held back."""
    found = _silence(request, number)
    held = HeldAlert.objects.visible_to(request.actor).filter(silence=found)
    page = {
        "found": found,
        "held": quiet.with_tickets(held.order_by("-pk"), actor=request.actor),
        "in_force": found.over_at > request.at,
        "can_end": can(request.actor, "monitoring.silence", found) and found.over_at > request.at,
    }
    return render(request, "desk/silence.html", page)


@for_staff
@sent_from("desk:silence", _silence)
def end_silence(request: PageRequest, number: int) -> HttpResponse:
    """End a silence early: what it holds back and is still down is told at once."""
    found = _silence(request, number)
    try:
        silencing.end(found, at=request.at, actor=request.actor)
    except SilenceError:
        messages.error(request, _("It was over already."))
    else:
        messages.success(
            request, _("It is over: people are told of %(server)s again.") % {"server": found.server.name}
        )
    return redirect("desk:silence", number)
