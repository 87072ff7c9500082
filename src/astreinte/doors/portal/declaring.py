"""A declaration in four questions, in the contract's words (A5.2). It works without JavaScript (A4.17, X.16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from astreinte.doors import naming
from astreinte.doors.fields import Asked, PhoneField, offer
from astreinte.doors.portal import forecast
from astreinte.doors.portal.tickets import place_of
from astreinte.doors.portal.whose import client_of
from astreinte.doors.watched import Watched, watched
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts.actors import Actor
from astreinte.records.contracts import resolving
from astreinte.records.inventory.models import Server, Service
from astreinte.records.journal import publishing
from astreinte.records.tickets import opening, qualifying
from astreinte.records.tickets.models import Receipt, Ticket

ANOTHER = "another"
KEY = r"web:[a-z0-9]{16}"


class DeclareForm(Asked):
    """The four questions, and the key that makes a double click one ticket (A5.6)."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    server = forms.ModelMultipleChoiceField(
        queryset=Server.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": lazy(
                "Tick at least one server. If you do not know which, tick the one you use most."
            ),
            "invalid_choice": lazy("Tick servers of the list."),
            "invalid_pk_value": lazy("Tick servers of the list."),
        },
    )
    blocked = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", ""), ("unknown", "")],
        error_messages={
            "required": lazy(
                "Choose one answer. “I do not know” is one: we take the gravest case and check."
            ),
            "invalid_choice": lazy("Choose one of the three answers."),
        },
    )
    essential = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", "")],
        error_messages={
            "required": lazy("Choose one answer: yes, or no."),
            "invalid_choice": lazy("Choose one of the two answers."),
        },
    )
    text = forms.CharField(
        label=lazy("What you see, since when, what you had just done"),
        widget=forms.Textarea,
        max_length=20_000,
        error_messages={
            "required": lazy(
                "Write what you see, for example “the shop answers 502 on every page since 11:20”."
            ),
            "max_length": lazy("Write at most 20,000 characters, and send the rest as a reply."),
        },
    )
    telephone = PhoneField(
        label=lazy("Telephone on which to call you back"),
        required=False,
        help_text=lazy("We call when the ticket is not precise enough."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    which = forms.CharField(required=False)

    def __init__(
        self, said: QueryDict | None, *, actor: Actor, at: datetime, initial: dict[str, Any]
    ) -> None:
        super().__init__(said, initial=initial)
        self.servers = Server.objects.visible_to(actor).as_of(at).order_by("name")
        offer(self, server=self.servers)
        self.actor = actor
        self.open = open_on(list(self.servers), actor)
        which = said.get("which", "") if said is not None else initial["which"]
        self.chosen = next((ticket for ticket in self.open if str(ticket.number) == which), None)
        self.fields["server"].required = self.chosen is None and self.servers.exists()
        self.picked = set(said.getlist("server") if said is not None else initial["server"])
        if said is None and self.servers.count() == 1:
            self.picked = {self.servers[0].public_id}
        if self.chosen is not None and self.chosen.server is not None and not self.picked:
            self.picked = {self.chosen.server.public_id}

    def clean(self) -> dict[str, Any]:
        """Ask which incident it is when one is open on a chosen server: this one, or another.

        Who picks an incident need not tick its server.
        """
        said: dict[str, Any] = super().clean() or {}
        there = open_on(list(said.get("server") or ()), self.actor)
        if there and not self.errors and not said["which"]:
            raise ValidationError(
                {"which": _("An incident is open on this server. Is it this one, or another?")}
            )
        if said.get("which") and said["which"] != ANOTHER:
            self._check_chosen(said, there)
        return said

    def _check_chosen(self, said: dict[str, Any], there: list[Ticket]) -> None:
        if self.chosen is None:
            raise ValidationError({"which": _("This incident is not open any more. Choose again.")})
        if said.get("server") and self.chosen not in there:
            text = _(
                "Incident #%(number)d is on another server than what you ticked."
                " Tick its server, or choose “No, another”."
            )
            raise ValidationError({"which": text % {"number": self.chosen.number}})

    def refused(self, priority: str) -> None:
        """Say why the chosen incident does not take this declaration, as it stands by now; or that the key is used."""
        if self.chosen is None:
            self.add_error("key", "used")
            return
        self.chosen.refresh_from_db()
        if self.chosen.state not in {"open", "waiting"}:
            self.add_error("which", _("This incident is not open any more. Choose again."))
            return
        text = _(
            "Ticket #%(number)d was received with the priority “%(held)s”, and what you describe is “%(asked)s”."
            " Choose “No, another”: a new ticket will be opened for it."
        )
        held, asked = naming.priority(self.chosen.priority), naming.priority(priority)
        self.add_error("which", text % {"number": self.chosen.number, "held": held, "asked": asked})


def open_on(servers: list[Server], actor: Actor) -> list[Ticket]:
    """Return the open incidents that the actor may see on these servers, the oldest first."""
    mine = Ticket.objects.visible_to(actor).open().filter(nature="incident")
    if not servers:
        return []
    on = mine.filter(server__in=servers) | mine.filter(mentions__server__in=servers)
    return list(on.select_related("server").distinct().order_by("opened_at"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_client
def declare(request: PageRequest) -> HttpResponse:
    """Ask the four questions; a POST that answers them is received, then its receipt is shown."""
    actor = request.actor
    initial = {
        "key": opening.new_key("web"),
        "server": request.GET.getlist("server"),
        "which": request.GET.get("which", ""),
    }
    sent = _sent_before(request)
    if sent is not None:
        return redirect("portal:receipt", sent.ticket.number, sent.public_id)
    form = DeclareForm(request.POST or None, actor=actor, at=request.at, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = received(request, form)
        except opening.TicketError:
            form.refused(priority_said(form))
            return show_form(request, form)
        publishing.publish(receipt.ticket.provider_id, at=request.at, where=place_of(receipt))
        return redirect("portal:receipt", receipt.ticket.number, receipt.public_id)
    return show_form(request, form)


def _sent_before(request: PageRequest) -> Receipt | None:
    """Return what this very form gave already: a double click shows its receipt, and asks nothing more."""
    key = request.POST.get("key", "")
    return Receipt.objects.visible_to(request.actor).select_related("ticket").filter(key=key).first()


def received(request: PageRequest, form: DeclareForm) -> Receipt:
    """Receive what the form says, by the instant of our own clock."""
    said, actor, at = form.cleaned_data, request.actor, request.at
    priority = priority_said(form)
    if form.chosen is not None:
        return opening.join(
            form.chosen,
            text=said["text"],
            priority=priority,
            channel="web",
            key=said["key"],
            at=at,
            actor=actor,
        )
    servers = resolving.principal_first(said["server"], at)
    return opening.declare(
        client=client_of(request),
        server=servers[0] if servers else None,
        mentioned=servers[1:],
        subject=subject_of(said["text"]),
        text=said["text"],
        priority=priority,
        channel="web",
        key=said["key"],
        call_back=said["telephone"],
        at=at,
        actor=actor,
    )


def priority_said(form: DeclareForm) -> str:
    """Return the priority of article 5 that the answers give."""
    said = form.cleaned_data
    return qualifying.priority_of(blocked=said["blocked"], essential=said["essential"] == "yes")


def subject_of(text: str) -> str:
    """Return the first sentence, cut at a word: nobody in a hurry is asked for a title."""
    first = text.strip().splitlines()[0].split(". ")[0].strip().rstrip(".")
    return first if len(first) <= 80 else first[:80].rsplit(" ", 1)[0] + "…"


def show_form(request: PageRequest, form: DeclareForm) -> HttpResponse:
    """Show the four questions as they stand."""
    actor, at = request.actor, request.at
    servers = list(form.servers)
    services: dict[int, list[Service]] = {}
    for service in Service.objects.visible_to(actor).as_of(at).filter(server__in=servers).order_by("name"):
        services.setdefault(service.server_id, []).append(service)
    rows = [
        Row(row, services.get(row.server.pk, []), row.server.public_id in form.picked)
        for row in watched(servers, actor=actor, at=at)
    ]
    page = {
        "form": form,
        "client": client_of(request),
        "rows": rows,
        "essentials": [one for held in services.values() for one in held if one.essential],
        "open": form.open,
        "forecast": forecast.of_servers(servers, at),
    }
    return render(request, "portal/declare.html", page, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Row:
    """One server to tick: how our probes see it, and what it does for the client."""

    row: Watched
    services: list[Service]
    picked: bool
