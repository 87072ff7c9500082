"""The texts of a client: readable and downloadable at any time, and what was accepted, with its certificate."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from astreinte.doors import handing
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts.models import Person
from astreinte.records.contracts import accepting, documents, inviting, signing
from astreinte.records.contracts.models import Acceptance, DocumentVersion
from astreinte.records.evidence import keeping
from astreinte.words import acceptances
from astreinte.words.printing import PrintingError


@dataclass(frozen=True, slots=True)
class Act:
    """What was accepted by one click or on one paper."""

    first: Acceptance
    rows: list[Acceptance]


@require_safe
@for_client
def texts(request: PageRequest) -> HttpResponse:
    """List the texts that govern, those that are to be accepted, and every acceptance."""
    client, at = client_of(request), request.at
    seen = _acceptances(request).order_by("-at", "version__document__kind", "pk")
    page = {
        "client": client,
        "governing": accepting.governing(client, at),
        "offered": accepting.offered(client, at, spoken(request)),
        "acts": [Act(rows[0], rows) for rows in inviting.act_of(seen).values()],
    }
    return render(request, "portal/texts.html", page)


@require_safe
@for_client
def text(request: PageRequest, public_id: str) -> HttpResponse:
    """Show a text to read, whole."""
    version = _found(request, public_id)
    page = {
        "client": client_of(request),
        "version": version,
        "kind": handing.KINDS[version.document.kind],
        "status": handing.STATUSES[documents.status(version, request.at)],
        "words": handing.words(version, request.brand),
    }
    return render(request, "portal/text.html", page)


@require_safe
@for_client
def raw(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out the very bytes of a text."""
    return handing.raw(_found(request, public_id))


@require_safe
@for_client
def page(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out a text as a page that stands alone."""
    return handing.page(request, signing.show(_found(request, public_id), request.brand).page)


@require_safe
@for_client
def pdf(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out a text as a PDF; where none can be made, say so on its page."""
    version = _found(request, public_id)
    try:
        return handing.pdf_of(version, signing.show(version, request.brand).page)
    except PrintingError:
        messages.error(request, handing.no_pdf())
        return redirect("portal:text", public_id)


@require_safe
@for_client
def show_act(request: PageRequest, act: str) -> HttpResponse:
    """Show what was accepted by one act: who, when, which texts, by which digests."""
    rows = _of_act(request, act)
    page = {"client": client_of(request), "accepted": inviting.accepted(rows), "rows": rows, "first": rows[0]}
    return render(request, "portal/act.html", page | {"how": acceptances.how(rows[0].how)})


@require_safe
@for_client
def certificate(request: PageRequest, act: str) -> HttpResponse:
    """Hand out the certificate of an act as a PDF; where none can be made, as a page."""
    html = acceptances.certificate(inviting.accepted(_of_act(request, act)))
    try:
        return handing.pdf(html, f"acceptation-{act}.pdf")
    except PrintingError:
        return handing.page(request, html)


@require_safe
@for_client
def accepted(request: PageRequest, act: str, public_id: str) -> HttpResponse:
    """Hand out a text as it was shown when it was accepted, whatever the brand is called by now."""
    for row in _of_act(request, act):
        if row.version.public_id == public_id:
            return handing.page(request, keeping.read(row.rendered).decode("utf-8"))
    raise Http404


def spoken(request: PageRequest) -> str:
    """Return the language in which texts are offered to who asks."""
    return request.user.language if isinstance(request.user, Person) else "fr"


def _found(request: PageRequest, public_id: str) -> DocumentVersion:
    seen = DocumentVersion.objects.visible_to(request.actor)
    row: DocumentVersion = get_object_or_404(
        seen.select_related("document__provider", "file"), public_id=public_id
    )
    return row


def _acceptances(request: PageRequest) -> QuerySet[Acceptance]:
    return Acceptance.objects.visible_to(request.actor).select_related(
        "client__provider", "person", "version__document", "rendered", "paper"
    )


def _of_act(request: PageRequest, act: str) -> list[Acceptance]:
    rows = list(_acceptances(request).filter(act=act).order_by("pk"))
    if not rows:
        raise Http404
    return rows
