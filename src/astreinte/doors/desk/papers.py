"""A client signed on paper: the staff records it, with the paper. It never accepts for a client (A1.5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from astreinte.doors import handing
from astreinte.doors.desk import stating
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Client, Person, Role
from astreinte.records.accounts.permissions import NotAllowed, can
from astreinte.records.contracts import signing
from astreinte.records.contracts.days import beginning
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import Acceptance, DocumentVersion

REFUSED = {
    "paper": lazy("This is no PDF of at most 20 MB. Scan the signed paper to one."),
    "to come": lazy("This day is to come. Write the day on the paper."),
    "accepted": lazy("One of these texts is accepted already. Leave it out."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def record(request: PageRequest, number: int) -> HttpResponse:
    """Record a paper that a client signed."""
    client = get_object_or_404(Client.objects.visible_to(request.actor), number=number)
    form = _form(request, client)
    if request.method == "POST" and form.is_valid() and _recorded(request, client, form):
        messages.success(request, _("Recorded, and the PDF is kept. A confirmation is on its way by e-mail."))
        return redirect("desk:client", number)
    page = {"form": form, "title": _("Record a signed paper"), "act": _("Record it")}
    return render(request, "desk/stated.html", page | {"back": reverse("desk:client", args=[number])})


def _form(request: PageRequest, client: Client) -> stating.PaperForm:
    actor = request.actor
    done = Acceptance.objects.visible_to(actor).filter(client=client).values("version_id")
    texts = DocumentVersion.objects.visible_to(actor).filter(publication__isnull=False).exclude(pk__in=done)
    everybodys = texts.filter(document__client=None)
    roles = Role.objects.visible_to(actor).as_of(request.at).filter(client=client)
    return stating.PaperForm(
        request.POST or None,
        request.FILES or None,
        people=Person.objects.visible_to(actor).filter(pk__in=roles.values("person_id")).order_by("name"),
        texts=(everybodys | texts.filter(document__client=client))
        .select_related("document__provider", "file")
        .order_by("document__name", "-number"),
    )


def _recorded(request: PageRequest, client: Client, form: stating.PaperForm) -> bool:
    """Record it, or say under a field why not."""
    said = form.cleaned_data
    try:
        signing.record_signed(
            client,
            versions=list(said["texts"]),
            person=said["person"],
            paper=form.content,
            paper_name=said["paper"].name,
            signed_at=beginning(said["signed_on"]),
            brand=request.brand,
            at=request.at,
            actor=request.actor,
        )
    except DocumentError as error:
        place = {"paper": "paper", "to come": "signed_on"}.get(error.why, "texts")
        form.add_error(place, str(REFUSED.get(error.why, handing.refused(error))))
        return False
    except NotAllowed:
        if not can(request.actor, "contracts.change", client):
            raise
        form.add_error("person", _("This person holds no mandate to sign, neither on that day nor today."))
        return False
    return True
