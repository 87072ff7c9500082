"""Order lines and terms: who is promised what, from when, at which price."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import promises, saying
from astreinte.doors.desk import asking, ordering, wording
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.desk.stipulating import SuspendForm, WaiveForm
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Client
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts import accepting, binding, orders, overlaying, renewing
from astreinte.records.contracts.models import Binding, Coverage, OrderLine, Overlay, Price, Terms
from astreinte.records.evidence.models import StoredFile
from astreinte.records.inventory.models import Server
from astreinte.rules.sla.terms import TermsError


def _found(request: PageRequest, number: int) -> OrderLine:
    lines = OrderLine.objects.visible_to(request.actor).select_related("client")
    row: OrderLine = get_object_or_404(lines, number=number)
    return row


@require_safe
@for_staff
def contracts(request: PageRequest) -> HttpResponse:
    """List the order lines in force and the terms that were written."""
    lines = OrderLine.objects.visible_to(request.actor).as_of(request.at).select_related("client")
    page = {
        "lines": lines.order_by("client__name", "number"),
        "terms": Terms.objects.visible_to(request.actor).order_by("-written_at"),
        "can_change": can(request.actor, "contracts.change"),
    }
    return render(request, "desk/contracts.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def bind(request: PageRequest) -> HttpResponse:
    """Bind a client by an order line."""
    actor = request.actor
    form = asking.BindForm(
        request.POST or None,
        initial={
            "client": request.GET.get("client"),
            "from_at": f"{timezone.localdate(request.at):%Y-%m-%d}",
        },
        clients=Client.objects.visible_to(actor).filter(internal=False).order_by("name"),
        terms=Terms.objects.visible_to(actor).order_by("-written_at"),
    )
    if request.method == "POST" and form.is_valid():
        line = _bound(request, form)
        if line is not None:
            return redirect("desk:contract", line.number)
    there = Terms.objects.visible_to(actor).exists()
    return form_page(
        request,
        form,
        title=_("Bind a client"),
        act=_("Bind the client"),
        here="contracts",
        empty="" if there else _("Write terms down first: a client is bound to them."),
    )


def _bound(request: PageRequest, form: asking.BindForm) -> OrderLine | None:
    """Bind the client, or say under a field why not."""
    said = form.cleaned_data
    try:
        return binding.bind(
            client=said["client"],
            plan=said["plan"],
            price_cents=said["price"],
            period=said["period"],
            terms=said["terms"],
            from_at=said["from_at"],
            until_at=said["until_at"],
            tacit=said["tacit"],
            requires=said["requires"],
            at=request.at,
            actor=request.actor,
        )
    except binding.ContractError as error:
        form.add_error(*_not_bound(error, said["client"], request))
        return None


def _not_bound(error: binding.ContractError, client: Client, request: PageRequest) -> tuple[str, str]:
    if str(error).startswith("client:"):
        missing = ", ".join(one.name for one in accepting.missing(client, request.at))
        refused = _(
            "This client has not accepted: %(texts)s. Let it accept, or let the line wait for it, below."
        )
        return "client", refused % {"texts": missing}
    if str(error).startswith("price"):
        return "price", _("Write an amount above zero: article 6 counts a penalty by it.")
    return "until_at", _("The end is not after the start. Write a later instant.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def write_terms(request: PageRequest) -> HttpResponse:
    """Write terms down, as a change of others; they never change afterwards."""
    form = asking.TermsForm(
        request.POST or None, terms=Terms.objects.visible_to(request.actor).order_by("-written_at")
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = binding.write_terms(
                request.brand.provider,
                name=said["name"],
                patch=said["patch"],
                extends=said["extends"],
                at=request.at,
                actor=request.actor,
            )
            return redirect("desk:terms", row.pk)
        except TermsError as error:
            form.add_error("patch", wording.no_terms(error))
        except binding.ContractError as error:
            unusable = wording.not_usable(error)
            if unusable:
                form.add_error("patch", unusable)
            else:
                taken = _("There are terms of this name already, and terms never change. Write another name.")
                form.add_error("name", taken)
    return form_page(
        request, form, title=_("Write terms down"), act=_("Write these terms down"), here="contracts"
    )


@require_safe
@for_staff
def terms(request: PageRequest, pk: int) -> HttpResponse:
    """Show terms: the values that a clock reads."""
    row = get_object_or_404(Terms.objects.visible_to(request.actor), pk=pk)
    page = {
        "terms": row,
        "values": promises.values(json.loads(row.body)),
        "changes": promises.changes(row.patch),
    }
    return render(request, "desk/terms.html", page)


@require_safe
@for_staff
def contract(request: PageRequest, number: int) -> HttpResponse:
    """Show an order line."""
    line = _found(request, number)
    return show_contract(request, line, _price_form(request), _overlay_form(request, line))


@for_staff
@sent_from("desk:contract", _found)
def change_price(request: PageRequest, number: int) -> HttpResponse:
    """Change the price from an instant on."""
    line, form = _found(request, number), _price_form(request, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            binding.change_price(
                line=line,
                price_cents=said["price"],
                from_at=said["from_at"],
                at=request.at,
                actor=request.actor,
            )
            done = _("New price: %(sum)s, from %(at)s on.")
            named = {"sum": saying.amount(said["price"]), "at": saying.near(said["from_at"], request.at)}
            messages.success(request, done % named)
            return redirect("desk:contract", number)
        except binding.ContractError:
            form.add_error(
                "from_at",
                _("It begins from now on, and after what is written already. Write a later instant."),
            )
    return show_contract(request, line, form, _overlay_form(request, line))


@for_staff
@sent_from("desk:contract", _found)
def overlay(request: PageRequest, number: int) -> HttpResponse:
    """Lay a specific contract over the terms."""
    line = _found(request, number)
    form = _overlay_form(request, line, request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            laid = overlaying.lay(
                line=line,
                title=said["title"],
                patch=said["patch"],
                from_at=said["from_at"],
                until_at=said["until_at"],
                servers=list(said["servers"]),
                clause=said["clause"],
                file=_paper(request, line, said["paper"]),
                at=request.at,
                actor=request.actor,
            )
            _say_laid(request, laid)
            return redirect("desk:contract", number)
        except TermsError as error:
            form.add_error("patch", wording.no_terms(error))
        except binding.ContractError as error:
            form.add_error(*_not_laid(error))
    return show_contract(request, line, _price_form(request), form)


def show_contract(
    request: PageRequest, line: OrderLine, price: asking.PriceForm, laid: asking.OverlayForm
) -> HttpResponse:
    """Show an order line's page with its forms as they stand."""
    actor = request.actor
    overlays = Overlay.objects.visible_to(actor).filter(line=line, withdrawn_at=None)
    needed = orders.conditions(line, request.at)
    kinds = ordering.waivable(needed)
    page: dict[str, Any] = {
        "line": line,
        "promise": promises.of_line(line, request.at),
        "prices": Price.objects.visible_to(actor).filter(line=line, withdrawn_at=None).order_by("-from_at"),
        "bindings": Binding.objects.visible_to(actor)
        .filter(line=line, withdrawn_at=None)
        .select_related("terms")
        .order_by("-from_at"),
        "overlays": [
            (row, promises.changes(row.patch), ordering.scope(row), ordering.reader(row, request))
            for row in overlays.prefetch_related("scopes__server").order_by("-from_at")
        ],
        "held": {"suspension": renewing.suspended(line, request.at)},
        "conditions": [ordering.shown(one) for one in needed],
        "waits": orders.is_waiting(line),
        "waive_form": WaiveForm(kinds=kinds) if kinds else None,
        "suspend_form": SuspendForm(),
        "goes_on": ordering.goes_on(line, request.at),
        "coverages": Coverage.objects.visible_to(actor)
        .filter(line=line, withdrawn_at=None)
        .select_related("server")
        .order_by("-from_at"),
        "price_form": price,
        "overlay_form": laid,
        "can_change": can(actor, "contracts.change", line),
    }
    return render(request, "desk/contract.html", page)


def _paper(request: PageRequest, line: OrderLine, sent: Any) -> StoredFile | None:
    if sent is None:
        return None
    return overlaying.keep_paper(line, sent.read(), name=sent.name, at=request.at, actor=request.actor)


def _say_laid(request: PageRequest, laid: Overlay) -> None:
    if overlaying.is_pending(laid):
        worse = ", ".join(json.loads(laid.worse))
        waits = _(
            "“%(title)s” is worse for the client (%(keys)s): it holds once a second person approved it."
        )
        messages.warning(request, waits % {"title": laid.title, "keys": worse})
        return
    done = _("“%(title)s” holds from %(at)s on.")
    messages.success(request, done % {"title": laid.title, "at": saying.near(laid.from_at, request.at)})


def _not_laid(error: binding.ContractError) -> tuple[str, str]:
    unusable = wording.not_usable(error)
    if unusable:
        return "patch", unusable
    text = str(error)
    if text.startswith("overlay.paper:"):
        return "paper", _("This is no PDF of at most 20 MB. Scan the signed paper to one.")
    if text.startswith("overlay:") and "says nothing" in text:
        return "patch", _("This says nothing. Write the values that change, or a clause in words.")
    if text.startswith("overlay:"):
        return "from_at", _(
            "Another specific contract of this name, or about the same values, is in force in that time."
            " Write other instants, values or servers."
        )
    return "from_at", _("No terms govern this line at that instant. Write a later instant.")


def _price_form(request: PageRequest, said: object = None) -> asking.PriceForm:
    return asking.PriceForm(said, prefix="price", now=request.at)


def _overlay_form(
    request: PageRequest, line: OrderLine, said: object = None, files: object = None
) -> asking.OverlayForm:
    servers = Server.objects.visible_to(request.actor).as_of(request.at).filter(client=line.client_id)
    return asking.OverlayForm(said, files, prefix="overlay", now=request.at, servers=servers.order_by("name"))
