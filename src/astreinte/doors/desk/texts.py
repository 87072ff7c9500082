"""The texts of the provider: brought in, compared, published, put to the clients, and who has answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import handing
from astreinte.doors.desk import stating
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Brand, Client
from astreinte.records.accounts.permissions import NotAllowed, can
from astreinte.records.contracts import documents, inviting, owning, signing, transcribing
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import DocumentVersion, Terms
from astreinte.records.evidence import keeping
from astreinte.rules.documents import comparing, dates, flaws
from astreinte.words import hearer
from astreinte.words.anchors import cite
from astreinte.words.flaws import told
from astreinte.words.printing import PrintingError


@require_safe
@for_staff
def listed(request: PageRequest) -> HttpResponse:
    """List the documents with their versions."""
    seen = DocumentVersion.objects.visible_to(request.actor).select_related("document__client")
    rows = [
        (row, handing.KINDS[row.document.kind], _status(row, request.at))
        for row in seen.order_by("document__client__name", "document__name", "-number")
    ]
    return render(request, "desk/documents.html", {"rows": rows, "can_change": _may_change(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def bring_in(request: PageRequest) -> HttpResponse:
    """Take a version of a text in, as a draft."""
    clients = Client.objects.visible_to(request.actor).filter(internal=False).order_by("name")
    today = {"effective_on": f"{timezone.localdate(request.at):%Y-%m-%d}", "kind": "special"}
    form = stating.ImportForm(request.POST or None, request.FILES or None, clients=clients, initial=today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = documents.import_version(
                request.brand.provider,
                content=form.content,
                file_name=said["file"].name,
                name=said["name"],
                kind=said["kind"],
                language=said["language"],
                effective_on=said["effective_on"],
                client=said["client"],
                at=request.at,
                actor=request.actor,
            )
            return redirect("desk:document", row.public_id)
        except DocumentError as error:
            place = {"client": "client", "name": "name"}.get(error.why, "file")
            form.add_error(place, handing.refused(error))
    page = {"form": form, "title": _("Bring a text in"), "act": _("Keep it as a draft")}
    return render(request, "desk/stated.html", page | {"back": reverse("desk:documents")})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def print_own(request: PageRequest) -> HttpResponse:
    """Keep our own texts with the values of some terms, as drafts."""
    terms = Terms.objects.visible_to(request.actor).order_by("-written_at")
    today = {"effective_on": f"{timezone.localdate(request.at):%Y-%m-%d}"}
    form = stating.OwnForm(request.POST or None, terms=terms, initial=today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            owning.import_own(
                request.brand.provider,
                terms=said["terms"],
                language=said["language"],
                effective_on=said["effective_on"],
                at=request.at,
                actor=request.actor,
            )
            messages.success(request, _("The three texts are kept as drafts. Read them before you publish."))
            return redirect("desk:documents")
        except DocumentError as error:
            form.add_error("effective_on", handing.refused(error))
    page = {"form": form, "title": _("Use our own texts"), "act": _("Keep them as drafts")}
    return render(request, "desk/stated.html", page | {"back": reverse("desk:documents")})


def found(request: PageRequest, public_id: str) -> DocumentVersion:
    """Return the version of this id that the actor may see."""
    seen = DocumentVersion.objects.visible_to(request.actor)
    row: DocumentVersion = get_object_or_404(
        seen.select_related("document__provider", "document__client", "file"), public_id=public_id
    )
    return row


@require_safe
@for_staff
def document(request: PageRequest, public_id: str) -> HttpResponse:
    """Show a version: its words, what it promises as data, who has accepted it."""
    return show_document(request, found(request, public_id))


@for_staff
@sent_from("desk:document", found)
def publish(request: PageRequest, public_id: str) -> HttpResponse:
    """Publish a version."""
    version = found(request, public_id)

    def act() -> str:
        as_signed = request.POST.get("as_signed") == "on"
        documents.publish(version, at=request.at, actor=request.actor, as_signed=as_signed)
        return _("Published. Clients read it from now on; invite them to accept it.")

    return _done(request, version, act)


@for_staff
@sent_from("desk:document", found)
def invite(request: PageRequest, public_id: str) -> HttpResponse:
    """Ask by e-mail whoever may sign for the clients that have not accepted a version."""
    version = found(request, public_id)

    def act() -> str:
        sent = inviting.invite(version, brand=request.brand, at=request.at, actor=request.actor)
        if sent.unsigned:
            names = ", ".join(client.name for client in sent.unsigned)
            messages.warning(request, _("Nobody holds a mandate to sign for: %(names)s.") % {"names": names})
        count = len(sent.invitations)
        return ngettext("%(count)d person was asked.", "%(count)d people were asked.", count) % {
            "count": count
        }

    return _done(request, version, act)


@for_staff
@sent_from("desk:document", found)
def transcribe(request: PageRequest, public_id: str) -> HttpResponse:
    """Write down what a version promises as data."""
    version = found(request, public_id)
    form = stating.TranscribeForm(request.POST, terms=Terms.objects.visible_to(request.actor))
    if form.is_valid():
        said = form.cleaned_data
        try:
            transcribing.transcribe(
                version, terms=said["terms"], mapping=said["mapping"], at=request.at, actor=request.actor
            )
            messages.success(
                request, _("Written down. It counts as unchecked until a colleague has read both.")
            )
            return redirect("desk:document", public_id)
        except DocumentError as error:
            form.add_error("mapping", handing.refused(error))
    return show_document(request, version, form)


@for_staff
@sent_from("desk:document", found)
def check(request: PageRequest, public_id: str) -> HttpResponse:
    """Say that text and values were read side by side by a second person."""
    version = found(request, public_id)
    promised = transcribing.current(version, request.at)
    if promised is None:
        raise Http404

    def act() -> str:
        transcribing.check(promised, at=request.at, actor=request.actor)
        return _("Text and values were found alike.")

    return _done(request, version, act)


@require_safe
@for_staff
def changes(request: PageRequest, public_id: str) -> HttpResponse:
    """Show what a version changes of the one before it."""
    version = found(request, public_id)
    before = DocumentVersion.objects.visible_to(request.actor).filter(
        document=version.document_id, number__lt=version.number
    )
    last = before.select_related("file", "document").order_by("-number").first()
    if last is None:
        raise Http404
    rows = comparing.difference(documents.text(last), documents.text(version))
    shown = [(row, comparing.pieces(row.old, row.new)) for row in rows]
    page = {"version": version, "before": last, "rows": shown}
    return render(request, "desk/document_changes.html", page)


@require_safe
@for_staff
def raw(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out the very bytes of a version."""
    return handing.raw(found(request, public_id))


@require_safe
@for_staff
def page(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out a version as its page under a brand of the provider: `?brand=` names its host."""
    return handing.page(request, signing.show(found(request, public_id), _brand(request)).page)


@require_safe
@for_staff
def pdf(request: PageRequest, public_id: str) -> HttpResponse:
    """Hand out a version as a PDF under a brand of the provider."""
    version = found(request, public_id)
    try:
        return handing.pdf_of(version, signing.show(version, _brand(request)).page)
    except PrintingError:
        messages.error(request, handing.no_pdf())
        return redirect("desk:document", public_id)


def show_document(
    request: PageRequest, version: DocumentVersion, form: stating.TranscribeForm | None = None
) -> HttpResponse:
    """Show a version's page with its form as it stands."""
    actor, at = request.actor, request.at
    promised = transcribing.current(version, at)
    status = documents.status(version, at)
    page: dict[str, Any] = {
        "version": version,
        "kind": handing.KINDS[version.document.kind],
        "state": status,
        "status": _status(version, at),
        "words": _words(version, request),
        "brands": Brand.objects.visible_to(actor).order_by("pk"),
        "promised": promised,
        "clauses": stating.written(promised.mapping) if promised else "",
        "disagreements": transcribing.disagreements(promised) if promised else [],
        "alone": promised is not None
        and transcribing.others(version.document.provider_id, promised.by_person_id, at) == 0,
        "answers": inviting.answers(version, at) if status != "draft" else [],
        "past": version.effective_on < timezone.localdate(at),
        "can_change": can(actor, "contracts.change", version.document),
        "form": form or _transcribe_form(request, promised),
    }
    page["accepted"] = sum(one.acceptance is not None for one in page["answers"])
    return render(request, "desk/document.html", page | _odd(version))


def _odd(version: DocumentVersion) -> dict[str, Any]:
    """What a reader should know before anything rests on the text: its flaws by kind, and another day of its own."""
    content = keeping.read(version.file)
    found = flaws.flaws(content)
    said = [one for one in dates.effective(flaws.read(content)) if one.day != version.effective_on]
    return {
        "odd": told(found),
        "odd_count": len(found),
        "other_days": [{"clause": cite(one.anchor, hearer().language), "day": one.day} for one in said],
    }


def _transcribe_form(request: PageRequest, promised: Any) -> stating.TranscribeForm:
    known = (
        {} if promised is None else {"terms": promised.terms_id, "mapping": stating.written(promised.mapping)}
    )
    terms = Terms.objects.visible_to(request.actor).order_by("-written_at")
    return stating.TranscribeForm(terms=terms, initial=known)


def _words(version: DocumentVersion, request: PageRequest) -> str:
    """Return the words under this brand; a draft whose places cannot be filled says so instead."""
    try:
        return handing.words(version, request.brand)
    except ValueError as error:
        return str(error)


def _done(request: PageRequest, version: DocumentVersion, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what came of it or why not, and go back to the version."""
    try:
        messages.success(request, act())
    except DocumentError as error:
        messages.error(request, handing.refused(error))
    except NotAllowed:
        if not can(request.actor, "contracts.change", version.document):
            raise
        messages.error(
            request, _("A second person checks it. Without one, it stays in use and is shown as unchecked.")
        )
    return redirect("desk:document", version.public_id)


def _brand(request: PageRequest) -> Brand:
    brands = Brand.objects.visible_to(request.actor).select_related("provider")
    return get_object_or_404(brands, host=request.GET.get("brand", request.brand.host))


def _may_change(request: PageRequest) -> bool:
    return can(request.actor, "contracts.change")


def _status(version: DocumentVersion, at: datetime) -> str:
    return str(handing.STATUSES[documents.status(version, at)])
