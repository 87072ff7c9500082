"""Clients, their servers, order lines, people and tickets."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors.desk import asking, people
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts import founding
from astreinte.records.accounts.models import Client, Role
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts.models import OrderLine
from astreinte.records.inventory.models import Server
from astreinte.records.tickets.models import Ticket

RECENT = 20


def _found(request: PageRequest, number: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.actor), number=number)


@require_safe
@for_staff
def clients(request: PageRequest) -> HttpResponse:
    """List the clients, the house last."""
    found = Client.objects.visible_to(request.actor).order_by("internal", "name")
    return render(
        request, "desk/clients.html", {"clients": found, "can_add": can(request.actor, "accounts.add_client")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def add(request: PageRequest) -> HttpResponse:
    """Add a client."""
    form = asking.ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            client = founding.add_client(
                request.brand.provider, name=form.cleaned_data["name"], at=request.at, actor=request.actor
            )
            return redirect("desk:client", client.number)
        except founding.AccountError:
            form.add_error("name", _("There is a client of this name already. Write another name."))
    return form_page(request, form, title=_("Add a client"), act=_("Add the client"), here="clients")


@require_safe
@for_staff
def client(request: PageRequest, number: int) -> HttpResponse:
    """Show a client."""
    return show_client(request, _found(request, number), asking.InviteForm(roles=asking.CLIENT_ROLES))


@for_staff
@sent_from("desk:client", _found)
def invite(request: PageRequest, number: int) -> HttpResponse:
    """Add a person of the client, and show the link that lets them in once."""
    found = _found(request, number)
    form = asking.InviteForm(request.POST, roles=asking.CLIENT_ROLES)
    if form.is_valid():
        link = people.invited(request, form, client=found)
        if link:
            back = reverse("desk:client", args=[number])
            return people.show_link(request, link, form.cleaned_data["name"], back)
    messages.error(request, _("Nobody was added: see below."))
    return show_client(request, found, form)


def show_client(request: PageRequest, found: Client, form: asking.InviteForm) -> HttpResponse:
    """Show a client's page with the form as it stands."""
    actor, at = request.actor, request.at
    page = {
        "found": found,
        "form": form,
        "servers": Server.objects.visible_to(actor).as_of(at).filter(client=found).order_by("name"),
        "lines": OrderLine.objects.visible_to(actor).as_of(at).filter(client=found).order_by("number"),
        "roles": Role.objects.visible_to(actor)
        .as_of(at)
        .filter(client=found)
        .select_related("person")
        .order_by("person__name"),
        "tickets": Ticket.objects.visible_to(actor).filter(client=found).order_by("-opened_at")[:RECENT],
        "can_invite": can(actor, "accounts.add_client", found),
        "can_bind": can(actor, "contracts.change", found) and not found.internal,
    }
    return render(request, "desk/client.html", page)
