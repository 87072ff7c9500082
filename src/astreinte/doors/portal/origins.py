"""Where each value of the client's contract comes from, and what waits for its signature (A1.2, A1.3)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from astreinte.doors import origins, promises
from astreinte.doors.fields import Asked, InstantField
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts import mandates
from astreinte.records.contracts import overlaying
from astreinte.records.contracts.models import OrderLine, Overlay
from astreinte.records.contracts.refusing import ContractError


class AtForm(Asked):
    """The instant at which the contract is looked at."""

    at = InstantField(label=lazy("As it stood at"), midnight=True, required=False)


class WhichForm(Asked):
    """A specific contract, by its order line and the digest of what was shown of it."""

    line = forms.IntegerField(min_value=1)
    sha256 = forms.CharField(max_length=64)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A specific contract that is worse for the client, and waits for a second person: what it changes."""

    overlay: Overlay
    sha256: str
    changes: list[tuple[str, str]]
    scope: str
    may: bool


@require_safe
@for_client
def show_origins(request: PageRequest) -> HttpResponse:
    """Show each value of each order line in force at an instant: who says it, where, and over what."""
    form = AtForm(request.GET if request.GET else None)
    said = form.cleaned_data["at"] if form.is_bound and form.is_valid() else None
    at = said or request.at
    lines = OrderLine.objects.visible_to(request.actor).as_of(at).order_by("number")
    page = {
        "client": client_of(request),
        "form": form,
        "shown_at": at,
        "lines": origins.of_lines(lines, at),
        "waiting": waiting(request),
    }
    return render(request, "portal/origins.html", page)


@require_POST
@for_client
def approve(request: PageRequest) -> HttpResponse:
    """Agree to a specific contract that is worse for the client, by somebody with a mandate to sign."""
    form = WhichForm(request.POST)
    if not form.is_valid():
        return redirect("portal:origins")
    said = form.cleaned_data
    line: OrderLine = get_object_or_404(OrderLine.objects.visible_to(request.actor), number=said["line"])
    try:
        row = overlaying.as_read(line, said["sha256"], request.at)
        overlaying.approve(row, at=request.at, actor=request.actor)
        messages.success(request, _("Approved: “%(title)s” holds.") % {"title": row.title})
    except ContractError:
        messages.error(request, _("This has changed since the page was shown. Look at it again."))
    return redirect("portal:origins")


def waiting(request: PageRequest) -> list[Waiting]:
    """Return what waits for a second person on the client's order lines."""
    actor, at = request.actor, request.at
    found = []
    for line in OrderLine.objects.visible_to(actor).standing().exclude(until_at__lte=at).order_by("number"):
        may = mandates.holds(actor.person_id, line.client_id, "sign", at, line_id=line.pk)
        for row in overlaying.pending(line, at):
            scope = ", ".join(row.scopes.order_by("server__name").values_list("server__name", flat=True))
            found.append(Waiting(row, overlaying.digest(row), promises.changes(row.patch), scope, may))
    return found
