"""What is hushed, and what is announced: people are not told meanwhile, the record is whole."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import quiet
from astreinte.doors.desk.asking import CHOOSE
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.fields import REQUIRED, Asked, InstantField, offer, timed
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.permissions import can
from astreinte.records.agenda import announcing
from astreinte.records.agenda.announcing import WindowError
from astreinte.records.agenda.models import Window
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring.models import Check, HeldAlert, Silence

RECENT = 20


if TYPE_CHECKING:
    Several = forms.ModelMultipleChoiceField[Server]
else:  # generic for the types alone
    Several = forms.ModelMultipleChoiceField


class ServersField(Several):
    """Servers, each told with its client."""

    def label_from_instance(self, obj: Server) -> str:
        """Return how a server is offered."""
        return f"{obj.client.name} · {obj.name}"


class AnnounceForm(Asked):
    """Work is announced on servers of one client, before it begins."""

    servers = ServersField(
        label=lazy("Servers"),
        queryset=Server.objects.none(),
        help_text=lazy("Of one client: no client reads of another."),
        error_messages=CHOOSE,
    )
    checks = forms.CharField(
        label=lazy("Only these checks"),
        required=False,
        help_text=lazy("Their names, with commas between them; all checks when left empty."),
    )
    title = forms.CharField(
        label=lazy("What is done"),
        max_length=200,
        help_text=lazy("The client reads it on its pages."),
        error_messages=REQUIRED,
    )
    from_at = InstantField(label=lazy("From"), error_messages=REQUIRED)
    until_at = InstantField(
        label=lazy("Until"), help_text=lazy("At most 24 hours later."), error_messages=REQUIRED
    )

    def __init__(self, *args: Any, servers: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, servers=servers)
        timed(self, now)


@require_safe
@for_staff
def agenda(request: PageRequest) -> HttpResponse:
    """List what is announced, what is silenced, and what was lately."""
    actor, at = request.actor, request.at
    windows = Window.objects.visible_to(actor).select_related("client")
    silences = Silence.objects.visible_to(actor).select_related("server", "check_ref")
    to_come = windows.to_come(at)
    in_force = silences.in_force(at)
    page = {
        "windows": quiet.announced(to_come.order_by("from_at", "pk"), at),
        "silences": in_force.order_by("until_at", "pk"),
        "past_windows": quiet.announced(
            windows.exclude(pk__in=to_come.values("pk")).order_by("-until_at", "-pk")[:RECENT], at
        ),
        "past_silences": silences.exclude(pk__in=in_force.values("pk")).order_by("-until_at", "-pk")[:RECENT],
        "can_announce": can(actor, "agenda.announce"),
    }
    return render(request, "desk/agenda.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def announce(request: PageRequest) -> HttpResponse:
    """Announce work on servers."""
    servers = Server.objects.visible_to(request.actor).as_of(request.at).select_related("client")
    servers = servers.order_by("client__name", "name")
    chosen = servers.filter(public_id=request.GET.get("server", ""))
    form = AnnounceForm(
        request.POST or None, servers=servers, now=request.at, initial={"servers": [one.pk for one in chosen]}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        covers = _covers(request, form)
        try:
            if covers is not None:
                window = announcing.announce(
                    covers=covers,
                    title=said["title"],
                    from_at=said["from_at"],
                    until_at=said["until_at"],
                    at=request.at,
                    actor=request.actor,
                )
                messages.success(request, _("Announced: the client reads it on its pages."))
                return redirect("desk:window", window.number)
        except WindowError as error:
            form.add_error(*_window_refused(error.why))
    return form_page(
        request,
        form,
        title=_("Announce work"),
        hint=_(
            "Nobody is told meanwhile of faults that our probes see on it. What a client declares is told."
        ),
        act=_("Announce it"),
        here="agenda",
    )


def _covers(request: PageRequest, form: AnnounceForm) -> dict[Server, list[str]] | None:
    """Return the checks that are meant of each server; None when a name is that of no check of theirs."""
    servers = list(form.cleaned_data["servers"])
    names = [one.strip() for one in form.cleaned_data["checks"].split(",") if one.strip()]
    there = Check.objects.visible_to(request.actor).as_of(request.at).filter(server__in=servers)
    known = set(there.values_list("server_id", "name"))
    for name in names:
        if all((server.pk, name) not in known for server in servers):
            form.add_error("checks", _("None of these servers has a check “%(name)s”.") % {"name": name})
    covers = {server: [name for name in names if (server.pk, name) in known] for server in servers}
    for server, meant in covers.items():
        if names and not meant:
            said = _("%(server)s has none of these checks. Leave it out, or announce it by itself.")
            form.add_error("servers", said % {"server": server.name})
    return None if form.errors else covers


def _window_refused(why: str) -> tuple[str, str]:
    return {
        "title": ("title", _("Say in at most 200 characters what is done.")),
        "past": (
            "from_at",
            _(
                "This is past. Work is announced before it begins; what has begun already is a silence,"
                " on the page of the server."
            ),
        ),
        "far": ("from_at", _("This is more than a year ahead. Announce it later.")),
        "order": ("until_at", _("The end is not after the start. Write a later instant.")),
        "long": ("until_at", _("This is longer than 24 hours. Announce it in several parts.")),
        "none": ("servers", _("Choose at least one server.")),
        "clients": ("servers", _("These are servers of several clients. Announce it to each by itself.")),
        "left": ("servers", _("One of these servers has left management by then. Leave it out.")),
    }[why]


def _window(request: PageRequest, number: int) -> Window:
    windows = Window.objects.visible_to(request.actor).select_related("client")
    row: Window = get_object_or_404(windows, number=number)
    return row


@require_safe
@for_staff
def window(request: PageRequest, number: int) -> HttpResponse:
    """Show what was announced, and the alerts that it held back."""
    found = _window(request, number)
    (shown,) = quiet.announced([found], request.at)
    held = HeldAlert.objects.visible_to(request.actor).filter(window=found)
    page = {
        "found": found,
        "shown": shown,
        "held": quiet.with_tickets(held.order_by("-pk"), actor=request.actor),
        "can_end": can(request.actor, "agenda.announce", found) and shown.stands in {"to_come", "under_way"},
    }
    return render(request, "desk/window.html", page)


@for_staff
@sent_from("desk:window", _window)
def end_window(request: PageRequest, number: int) -> HttpResponse:
    """Call off what has not begun, or end early what has."""
    found = _window(request, number)
    begun = found.from_at <= request.at
    try:
        if begun:
            announcing.end(found, at=request.at, actor=request.actor)
        else:
            announcing.withdraw(found, at=request.at, actor=request.actor)
    except WindowError:
        messages.error(request, _("It was over already."))
    else:
        done = _("It is over: people are told of these servers again.") if begun else _("It is called off.")
        messages.success(request, done)
    return redirect("desk:window", number)
