"""Servers: how they stand, who promised what for them, what was done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import measures, promises, quiet, responsible
from astreinte.doors.desk import asking
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.watched import watched
from astreinte.doors.who import PageRequest, for_staff
from astreinte.engine.probes import kinds
from astreinte.records.accounts.models import Client
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts import binding, resolving
from astreinte.records.contracts.models import Coverage, OrderLine
from astreinte.records.inventory import listing, managing
from astreinte.records.inventory.models import Server, Service
from astreinte.records.monitoring import checking
from astreinte.records.monitoring.models import Transition
from astreinte.records.tickets.models import Ticket

RECENT = 20


def a_server(request: PageRequest, public_id: str) -> Server:
    """Return the server of this id that the actor may see, or raise 404."""
    servers = Server.objects.visible_to(request.actor).select_related("client")
    row: Server = get_object_or_404(servers, public_id=public_id)
    return row


@require_safe
@for_staff
def servers(request: PageRequest) -> HttpResponse:
    """List the servers, what goes wrong first."""
    actor, at = request.actor, request.at
    found = (
        Server.objects.visible_to(actor).as_of(at).select_related("client").order_by("client__name", "name")
    )
    rows = sorted(
        watched(found, actor=actor, at=at), key=lambda row: -(row.level.badness() if row.level else -1)
    )
    held = Coverage.objects.visible_to(actor).as_of(at).select_related("line")
    lines = {row.server_id: row.line for row in held}
    page = {
        "rows": [(row, lines.get(row.server.pk)) for row in rows],
        "hushed": quiet.hushed_servers(found, actor=actor, at=at),
        "can_add": can(actor, "inventory.change"),
    }
    return render(request, "desk/servers.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def add(request: PageRequest) -> HttpResponse:
    """Take a server under management."""
    clients = Client.objects.visible_to(request.actor).order_by("internal", "name")
    form = asking.ServerForm(
        request.POST or None, initial={"client": request.GET.get("client")}, clients=clients
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            server = listing.add_server(
                client=said["client"],
                name=said["name"],
                address=said["address"],
                at=request.at,
                actor=request.actor,
            )
            return redirect("desk:server", server.public_id)
        except listing.InventoryError:
            form.add_error(
                "name", _("A server of this name is under management already. Write another name.")
            )
    return form_page(
        request, form, title=_("Add a server"), act=_("Take it under management"), here="servers"
    )


@require_safe
@for_staff
def server(request: PageRequest, public_id: str) -> HttpResponse:
    """Show a server."""
    return show_server(request, a_server(request, public_id))


@for_staff
@sent_from("desk:server", a_server)
def cover(request: PageRequest, public_id: str) -> HttpResponse:
    """Cover the server by an order line of its client."""
    found = a_server(request, public_id)
    form = _cover_form(request, found, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            binding.cover(
                line=said["line"], server=found, from_at=said["from_at"], at=request.at, actor=request.actor
            )
            done = _("%(server)s is covered by order line %(number)d.")
            messages.success(request, done % {"server": found.name, "number": said["line"].number})
            return redirect("desk:server", public_id)
        except binding.ContractError:
            form.add_error(
                "from_at",
                _("It begins from now on, and after what is written already. Write a later instant."),
            )
    return show_server(request, found, cover_form=form)


@for_staff
@sent_from("desk:server", a_server)
def manage(request: PageRequest, public_id: str) -> HttpResponse:
    """Say what of the server is managed, from an instant on."""
    found = a_server(request, public_id)
    form = asking.ManageForm(request.POST, prefix="manage", now=request.at)
    if form.is_valid():
        said = form.cleaned_data
        try:
            managing.state(found, **said, at=request.at, actor=request.actor)
            messages.success(request, _("It holds from then on. Alerts before it keep what held before."))
            return redirect("desk:server", public_id)
        except listing.InventoryError:
            form.add_error("from_at", _("It begins from now on. Write a later instant."))
    return show_server(request, found, manage_form=form)


@for_staff
@sent_from("desk:server", a_server)
def add_service(request: PageRequest, public_id: str) -> HttpResponse:
    """Declare a service on the server."""
    found, form = a_server(request, public_id), asking.ServiceForm(request.POST, prefix="service")
    if form.is_valid():
        said = form.cleaned_data
        try:
            listing.add_service(
                server=found,
                name=said["name"],
                essential=said["essential"],
                at=request.at,
                actor=request.actor,
            )
            return redirect("desk:server", public_id)
        except listing.InventoryError:
            form.add_error("name", _("This service is declared already. Write another name."))
    return show_server(request, found, service_form=form)


@for_staff
@sent_from("desk:server", a_server)
def add_check(request: PageRequest, public_id: str) -> HttpResponse:
    """Watch one more thing on the server."""
    found, form = a_server(request, public_id), asking.CheckForm(request.POST, prefix="check")
    if form.is_valid():
        kind, options = form.cleaned_data["what"]
        pace = kinds.kind_of(kind).pace
        try:
            checking.add(
                server=found,
                kind=kind,
                name=form.cleaned_data["name"] or str(form["what"].value()),
                options=options,
                every_s=pace.every_s,
                retry_s=pace.retry_s,
                attempts=pace.attempts,
                recoveries=pace.recoveries,
                at=request.at,
                actor=request.actor,
            )
            messages.success(
                request, _("It is watched from now on. Until a result comes it is stale, never normal.")
            )
            return redirect("desk:server", public_id)
        except checking.CheckError:
            form.add_error("name", _("A check of this name exists already. Write another name."))
    return show_server(request, found, check_form=form)


def show_server(
    request: PageRequest,
    found: Server,
    *,
    cover_form: asking.CoverForm | None = None,
    service_form: asking.ServiceForm | None = None,
    check_form: asking.CheckForm | None = None,
    manage_form: asking.ManageForm | None = None,
) -> HttpResponse:
    """Show a server's page with its forms as they stand."""
    actor, at = request.actor, request.at
    (row,) = watched([found], actor=actor, at=at)
    bound = resolving.in_force(found, at)
    transitions = (
        Transition.objects.visible_to(actor).filter(check_ref__server=found).select_related("check_ref")
    )
    page = {
        "row": row,
        "found": found,
        "promise": promises.of_line(bound.line, at, found) if bound else None,
        "services": Service.objects.visible_to(actor).as_of(at).filter(server=found).order_by("name"),
        "transitions": transitions.order_by("-at", "-pk")[:RECENT],
        "measures": measures.shown(row, actor=actor, at=at, asked=request.GET),
        "tickets": Ticket.objects.visible_to(actor).for_server(found).order_by("-opened_at")[:RECENT],
        "cover_form": cover_form or _cover_form(request, found),
        "service_form": service_form or asking.ServiceForm(prefix="service"),
        "check_form": check_form or asking.CheckForm(prefix="check"),
        "hush": quiet.quiet(found, actor=actor, at=at),
        "layers": responsible.of_server(found, request.brand, actor=actor, at=at),
        "manage_form": manage_form or _manage_form(request, found),
        "can_manage": can(actor, "contracts.change", found),
        "can_silence": can(actor, "monitoring.silence", found),
        "can_announce": can(actor, "agenda.announce", found),
        "can_change": can(actor, "inventory.change", found),
        "can_cover": can(actor, "contracts.change", found) and not found.client.internal,
    }
    return render(request, "desk/server.html", page)


def _manage_form(request: PageRequest, found: Server) -> asking.ManageForm:
    flags = managing.at(found, request.at)
    said = {} if flags is None else {"infrastructure": flags.infrastructure, "system": flags.system}
    form = asking.ManageForm(prefix="manage", now=request.at)
    form.initial.update(said)
    return form


def _cover_form(request: PageRequest, found: Server, said: object = None) -> asking.CoverForm:
    lines = OrderLine.objects.visible_to(request.actor).as_of(request.at).filter(client_id=found.client_id)
    covered = Coverage.objects.visible_to(request.actor).as_of(request.at).filter(server=found).exists()
    return asking.CoverForm(
        said, prefix="cover", now=request.at, covered=covered, lines=lines.order_by("number")
    )
