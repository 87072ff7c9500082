"""Who may sign, consent and claim for a client: given with its paper, ended at a date, never rewritten."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import deciding
from astreinte.doors.desk.asking import CHOOSE, BeginningForm, choice, soonest
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.fields import offer
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts import mandates
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Client, Mandate, Person, Role
from astreinte.records.accounts.permissions import can, may
from astreinte.records.contracts.models import OrderLine
from astreinte.records.evidence import keeping
from astreinte.records.evidence.models import StoredFile
from astreinte.records.inventory.models import Server

LONGEST_PAPER = 10_000_000

if TYPE_CHECKING:
    Servers = forms.ModelMultipleChoiceField[Server]
    Lines = forms.ModelMultipleChoiceField[OrderLine]
else:  # generic for the types alone
    Servers = Lines = forms.ModelMultipleChoiceField


class MandateForm(BeginningForm):
    """A person of the client is given a mandate."""

    person = choice(Person.objects.none(), label=lazy("Person"))
    verb = forms.ChoiceField(label=lazy("May"), choices=deciding.MAY, error_messages=CHOOSE)
    servers = Servers(
        label=lazy("Only these servers"),
        queryset=Server.objects.none(),
        required=False,
        help_text=lazy("Everything of the client, when neither servers nor order lines are chosen."),
        error_messages=CHOOSE,
    )
    lines = Lines(
        label=lazy("Only these order lines"),
        queryset=OrderLine.objects.none(),
        required=False,
        error_messages=CHOOSE,
    )
    from_at = soonest()
    given_by = forms.CharField(
        label=lazy("Given by"),
        max_length=200,
        required=False,
        help_text=lazy("Who at the client gave it, and how: for example “Y. Kermor, manager, by letter”."),
    )
    paper = forms.FileField(label=lazy("The signed paper"), required=False, max_length=200)

    def __init__(self, *args: Any, people: Any, servers: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, person=people)
        for name, rows in (("servers", servers), ("lines", lines)):
            field = self.fields[name]
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.queryset = rows

    def clean_paper(self) -> Any:
        """Refuse a paper that is too large to be one."""
        paper = self.cleaned_data["paper"]
        if paper is not None and paper.size > LONGEST_PAPER:
            raise forms.ValidationError(_("This file is larger than 10 MB. Scan the paper again, smaller."))
        return paper


def of_number(request: PageRequest, number: int) -> Client:
    """Return the client of this number that the actor may see, or raise 404."""
    return get_object_or_404(Client.objects.visible_to(request.actor), number=number)


@require_safe
@for_staff
def decisions(request: PageRequest, number: int) -> HttpResponse:
    """Show what a client decides: consents, advice, and who may."""
    client = of_number(request, number)
    page = {
        "found": client,
        "mandates": deciding.who_may(client, actor=request.actor, at=request.at),
        "can_end": can(request.actor, "accounts.give_mandate", client),
        "can_advise": can(request.actor, "contracts.advise", client) and not client.internal,
        **deciding.of_client(client, actor=request.actor),
    }
    return render(request, "desk/decisions.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def give(request: PageRequest, number: int) -> HttpResponse:
    """Give a person of the client a mandate."""
    client, actor, at = of_number(request, number), request.actor, request.at
    roles = Role.objects.visible_to(actor).as_of(at).filter(client=client)
    form = MandateForm(
        request.POST or None,
        request.FILES or None,
        now=at,
        people=Person.objects.visible_to(actor).filter(pk__in=roles.values("person_id")).order_by("name"),
        servers=Server.objects.visible_to(actor).as_of(at).filter(client=client).order_by("name"),
        lines=OrderLine.objects.visible_to(actor).as_of(at).filter(client=client).order_by("number"),
    )
    if request.method == "POST" and form.is_valid():
        may(actor, "accounts.give_mandate", client)
        try:
            row = _given(request, client, form.cleaned_data)
        except AccountError as error:
            form.add_error(*_not_given(error))
        else:
            messages.success(request, _("Mandate n° %(number)s is given.") % {"number": row.number})
            return redirect("desk:decisions", number)
    page = {"found": client, "form": form}
    return render(request, "desk/give_mandate.html", page, status=422 if form.errors else 200)


def _given(request: PageRequest, client: Client, said: dict[str, Any]) -> Mandate:
    return mandates.give(
        said["person"],
        client=client,
        verb=said["verb"],
        scope=mandates.Scope(
            line_ids=frozenset(one.pk for one in said["lines"]),
            server_ids=frozenset(one.pk for one in said["servers"]),
        ),
        from_at=said["from_at"],
        given_by=said["given_by"],
        paper=_kept(request, said["paper"]),
        at=request.at,
        actor=request.actor,
    )


def _kept(request: PageRequest, paper: Any) -> StoredFile | None:
    if paper is None:
        return None
    return keeping.keep(
        paper.read(),
        name=paper.name,
        media_type=paper.content_type or "application/octet-stream",
        provider_id=request.brand.provider_id,
        at=request.at,
        actor=request.actor,
    )


def _not_given(error: AccountError) -> tuple[str, str]:
    if str(error).startswith("mandate.from"):
        return "from_at", _("This is past, and nobody consents backwards. Write an instant from now on.")
    if "already" in str(error):
        return "person", _("This person holds this mandate already. End that one first.")
    return "person", _("This person is none of the client’s people then. Choose one of theirs.")


def _mandate(request: PageRequest, number: int) -> Mandate:
    seen = Mandate.objects.visible_to(request.actor).select_related("client", "person", "paper")
    row: Mandate = get_object_or_404(seen, number=number)
    return row


@require_safe
@for_staff
def mandate(request: PageRequest, number: int) -> HttpResponse:
    """Show a mandate."""
    row = _mandate(request, number)
    page = {
        "row": row,
        "may": deciding.MAY[row.verb],
        "over": deciding.over(mandates.Scope.read(row.scope), actor=request.actor),
        "can_end": row.until_at is None
        and row.withdrawn_at is None
        and can(request.actor, "accounts.give_mandate", row),
    }
    return render(request, "desk/mandate.html", page)


@require_safe
@for_staff
def paper(request: PageRequest, number: int) -> HttpResponse:
    """Hand out the signed paper of a mandate, as it was kept."""
    row = _mandate(request, number)
    if row.paper is None:
        raise Http404
    response = HttpResponse(keeping.read(row.paper), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="mandate-{row.number}"'
    return response


@for_staff
@sent_from("desk:mandate", _mandate)
def end(request: PageRequest, number: int) -> HttpResponse:
    """End a mandate now; what was done under it stays."""
    row = _mandate(request, number)
    try:
        mandates.end(row, until_at=request.at, at=request.at, actor=request.actor)
        messages.success(request, _("The mandate has ended. What was done under it stays."))
    except AccountError:
        messages.error(request, _("It has an end already."))
    return redirect("desk:mandate", number)
