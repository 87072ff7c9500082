"""What an order line must have, where its values come from, why it stops, and what nothing governs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from astreinte.doors import naming, origins
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.stipulating import AtForm, SuspendForm, WaiveForm
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.contracts import orders, orphans, overlaying, renewing
from astreinte.records.contracts.models import OrderLine, Overlay
from astreinte.records.contracts.orders import Condition
from astreinte.records.contracts.refusing import ContractError


def found(request: PageRequest, number: int) -> OrderLine:
    """Return the order line of this number, within what the actor may see."""
    lines = OrderLine.objects.visible_to(request.actor).select_related("client")
    row: OrderLine = get_object_or_404(lines, number=number)
    return row


@require_safe
@for_staff
def show_origins(request: PageRequest, number: int) -> HttpResponse:
    """Show where each value of an order line comes from, at an instant."""
    line = found(request, number)
    form = AtForm(request.GET if request.GET else None, now=request.at)
    said = form.cleaned_data["at"] if form.is_bound and form.is_valid() else None
    at = said or request.at
    (governed,) = origins.of_lines([line], at)
    page = {"line": line, "governed": governed, "form": form, "shown_at": at}
    return render(request, "desk/origins.html", page)


@require_safe
@for_staff
def show_orphans(request: PageRequest) -> HttpResponse:
    """Show the servers under no order line, and the order lines under no accepted text (A1.1)."""
    page = {
        "servers": orphans.servers(request.actor, request.at),
        "lines": orphans.lines(request.actor, request.at),
    }
    return render(request, "desk/orphans.html", page)


@for_staff
@sent_from("desk:contract", found)
def activate(request: PageRequest, number: int) -> HttpResponse:
    """Let an order line promise; say what is missing when something is."""
    line = found(request, number)
    lacking = orders.missing(line, request.at)
    if lacking:
        named = {"missing": ", ".join(naming.condition(one.kind) for one in lacking)}
        messages.error(request, _("Not yet. This is missing: %(missing)s.") % named)
    elif _done(request, lambda: orders.activate(line, at=request.at, actor=request.actor)):
        messages.success(request, _("The order line is active: it promises from now on."))
    return redirect("desk:contract", number)


@for_staff
@sent_from("desk:contract", found)
def waive(request: PageRequest, number: int) -> HttpResponse:
    """Let an order line begin without a condition, for a written reason."""
    line = found(request, number)
    form = WaiveForm(request.POST, kinds=waivable(orders.conditions(line, request.at)))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("desk:contract", number)
    said = form.cleaned_data
    orders.waive(line, said["kind"], reason=said["reason"], at=request.at, actor=request.actor)
    messages.success(request, _("The line may begin without it; the reason stays written."))
    return redirect("desk:contract", number)


@for_staff
@sent_from("desk:contract", found)
def suspend(request: PageRequest, number: int) -> HttpResponse:
    """Suspend an order line from now on."""
    line, form = found(request, number), SuspendForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("desk:contract", number)
    reason, at, actor = form.cleaned_data["reason"], request.at, request.actor
    if _done(request, lambda: renewing.suspend(line, reason=reason, from_at=at, at=at, actor=actor)):
        messages.success(request, _("The order line is suspended: it promises nothing."))
    return redirect("desk:contract", number)


@for_staff
@sent_from("desk:contract", found)
def resume(request: PageRequest, number: int) -> HttpResponse:
    """End the suspension of an order line, now."""
    line, at = found(request, number), request.at
    if _done(request, lambda: renewing.resume(line, until_at=at, at=at, actor=request.actor)):
        messages.success(request, _("The order line promises again."))
    return redirect("desk:contract", number)


@for_staff
@sent_from("desk:contract", found)
def approve(request: PageRequest, number: int) -> HttpResponse:
    """Agree, as the second person, to a specific contract that is worse for the client."""
    line = found(request, number)
    _done(request, lambda: _approve(request, line))
    return redirect("desk:contract", number)


@dataclass(frozen=True, slots=True)
class Needed:
    """A condition as the page shows it."""

    name: str
    met: bool
    waived: bool
    evidence: str
    lacking: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who may approve a specific contract that waits: whether the actor may, what to say, its digest."""

    may: bool
    why: str
    sha256: str


def shown(one: Condition) -> Needed:
    """Return a condition with its words."""
    return Needed(naming.condition(one.kind), one.met, one.waived, one.evidence, ", ".join(one.lacking))


def scope(row: Overlay) -> str:
    """Return the servers that a specific contract is about; "" for all of its line."""
    return ", ".join(sorted(each.server.name for each in row.scopes.all()))


def reader(row: Overlay, request: PageRequest) -> Reader | None:
    """Return who may approve it; None for one that waits for nobody."""
    if not overlaying.is_pending(row) or (row.until_at is not None and row.until_at <= request.at):
        return None
    found = overlaying.readers(row, request.at)
    worse = ", ".join(json.loads(row.worse))
    said = [_("Worse for the client, or nobody can say: %(keys)s.") % {"keys": worse}]
    if not found.colleagues:
        said.append(
            _("Nobody else manages contracts here: it is for who signs for the client to approve it.")
        )
    elif row.written_by_id == request.actor.person_id:
        names = ", ".join(person.name for person in found.colleagues)
        said.append(
            _("You wrote it: %(names)s may approve it, or who signs for the client.") % {"names": names}
        )
    mine = request.actor.person_id in {person.pk for person in found.colleagues}
    return Reader(mine, " ".join(said), overlaying.digest(row))


def goes_on(line: OrderLine, at: datetime) -> str:
    """Say how an order line goes on at the end of its period; "" for a one-off order."""
    period, ends = renewing.period_at(line, at), renewing.ends_when_noticed(line, at)
    if period is None:
        return ""
    if ends is None:
        return _("It ends with its period, and is renewed by another order line.")
    return _("Renewed by itself on %(renewed)s; with notice given today it ends on %(ends)s.") % {
        "renewed": date_format(period.ends),
        "ends": date_format(ends),
    }


def waivable(conditions: list[Condition]) -> list[str]:
    """Return the kinds that are missing and may be waived: nobody waives what the client accepts."""
    return [one.kind for one in conditions if not one.met and one.kind not in orders.OF_TEXTS]


def _approve(request: PageRequest, line: OrderLine) -> None:
    row = overlaying.as_read(line, request.POST.get("sha256", ""), request.at)
    if row.written_by_id == request.actor.person_id:
        messages.error(request, _("You wrote it yourself: somebody else approves it."))
        return
    overlaying.approve(row, at=request.at, actor=request.actor)
    messages.success(request, _("Approved: “%(title)s” holds.") % {"title": row.title})


def _done(request: PageRequest, act: Callable[[], object]) -> bool:
    """Do it; say that the page was out of date when it cannot be done any more."""
    try:
        act()
    except ContractError:
        messages.error(request, _("This has changed since the page was shown. Look at it again."))
        return False
    return True
