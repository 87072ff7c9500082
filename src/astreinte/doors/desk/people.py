"""The provider's own people, and the numbers on which clients call."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from astreinte.doors.desk import asking
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts import founding, inviting
from astreinte.records.accounts import people as accounts_people
from astreinte.records.accounts.models import Client, EmergencyNumber, Role
from astreinte.records.accounts.permissions import can


@require_safe
@for_staff
def people(request: PageRequest) -> HttpResponse:
    """List the team and the emergency numbers."""
    return show_people(request, asking.InviteForm(roles=asking.STAFF_ROLES), asking.NumberForm())


@for_staff
@sent_from("desk:people", lambda request: None)
def invite(request: PageRequest) -> HttpResponse:
    """Add a person to the team, and show the link that lets them in once."""
    form = asking.InviteForm(request.POST, roles=asking.STAFF_ROLES)
    if form.is_valid():
        link = invited(request, form, client=None)
        if link:
            return show_link(request, link, form.cleaned_data["name"], reverse("desk:people"))
    messages.error(request, _("Nobody was added: see below."))
    return show_people(request, form, asking.NumberForm())


@for_staff
@sent_from("desk:people", lambda request: None)
def set_number(request: PageRequest) -> HttpResponse:
    """Define one more emergency number, from now on."""
    form = asking.NumberForm(request.POST)
    if form.is_valid():
        try:
            founding.set_emergency_number(
                request.brand,
                number=form.cleaned_data["number"],
                from_at=request.at,
                at=request.at,
                actor=request.actor,
            )
            messages.success(request, _("The number is defined: a call on it counts from now on."))
            return redirect("desk:people")
        except founding.AccountError:
            said = _(
                "This is no telephone number, or one that is defined already. Write for example +33 2 61 91 00 24."
            )
            form.add_error("number", said)
    return show_people(request, asking.InviteForm(roles=asking.STAFF_ROLES), form)


def show_people(request: PageRequest, form: asking.InviteForm, number: asking.NumberForm) -> HttpResponse:
    """Show the team's page with its forms as they stand."""
    actor, at = request.actor, request.at
    roles = Role.objects.visible_to(actor).as_of(at).filter(client=None).select_related("person")
    page = {
        "form": form,
        "number_form": number,
        "roles": roles.order_by("person__name"),
        "numbers": EmergencyNumber.objects.visible_to(actor)
        .as_of(at)
        .select_related("brand")
        .order_by("from_at"),
        "can_manage": can(actor, "accounts.manage"),
    }
    return render(request, "desk/people.html", page)


def invited(request: PageRequest, form: asking.InviteForm, *, client: Client | None) -> str:
    """Add the person and make the link, both or none; "" when the form says why not."""
    try:
        return _invited(request, form.cleaned_data, client=client)
    except founding.AccountError:
        form.add_error("email", _("Somebody has this address already. Write another one."))
        return ""


@transaction.atomic
def _invited(request: PageRequest, said: dict[str, Any], *, client: Client | None) -> str:
    person = accounts_people.add_person(
        request.brand.provider,
        email=said["email"],
        name=said["name"],
        role=said["role"],
        client=client,
        at=request.at,
        actor=request.actor,
    )
    secret = inviting.invite(person, at=request.at, actor=request.actor)
    return request.brand.origin + reverse("portal:invitation", args=[secret])


def show_link(request: PageRequest, link: str, name: str, back: str) -> HttpResponse:
    """Show the link once: what we keep of it is a digest."""
    return render(request, "desk/invited.html", {"link": link, "name": name, "back": back})
