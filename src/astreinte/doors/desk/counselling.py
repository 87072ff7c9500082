"""The staff advises before the work, and asks consent to it; the client answers on its own pages."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import deciding
from astreinte.doors.desk.asking import CHOOSE, choice
from astreinte.doors.desk.filling import form_page
from astreinte.doors.desk.mandates import of_number
from astreinte.doors.desk.reloading import sent_from
from astreinte.doors.fields import REQUIRED, Asked, EurosField, InstantField, offer, timed, written
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Client
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts import advising, consenting, proposing
from astreinte.records.contracts.advising import AdviceError, Text
from astreinte.records.contracts.consenting import ConsentError, Scope
from astreinte.records.contracts.counsel import RISKS
from astreinte.records.contracts.models import Advice, ConsentRequest, OrderLine
from astreinte.records.inventory.models import Server
from astreinte.words import counsel as words

LONG = forms.Textarea(attrs={"rows": 3})

if TYPE_CHECKING:
    Several = forms.ModelMultipleChoiceField[Server]
else:  # generic for the types alone
    Several = forms.ModelMultipleChoiceField


class AdviceForm(Asked):
    """An advice, in full; what the product proposes for the risk stands in it already."""

    risk = forms.ChoiceField(label=lazy("Risk"), choices=(), error_messages=CHOOSE)
    line = choice(OrderLine.objects.none(), label=lazy("Order line"), required=False)
    server = choice(Server.objects.none(), label=lazy("Server"), required=False)
    title = forms.CharField(label=lazy("Title"), max_length=200, error_messages=REQUIRED)
    needs = forms.CharField(label=lazy("What you need"), widget=LONG, error_messages=REQUIRED)
    options = forms.CharField(label=lazy("What is possible"), widget=LONG, error_messages=REQUIRED)
    recommendation = forms.CharField(label=lazy("What we advise"), widget=LONG, error_messages=REQUIRED)
    risks = forms.CharField(label=lazy("Risks and limits"), widget=LONG, error_messages=REQUIRED)
    not_included = forms.CharField(label=lazy("What is not included"), widget=LONG, error_messages=REQUIRED)
    mandatory = forms.BooleanField(
        label=lazy("The order line does not begin before it is answered"), required=False
    )

    def __init__(self, *args: Any, lines: Any, servers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, line=lines, server=servers)
        risk = self.fields["risk"]
        if isinstance(risk, forms.ChoiceField):
            risk.choices = [(code, words.risk_name(code)) for code in RISKS]

    def clean(self) -> dict[str, Any]:
        """Refuse a mandatory advice about no order line."""
        said = super().clean() or {}
        if said.get("mandatory") and said.get("line") is None:
            self.add_error("line", _("Choose the order line that waits for the answer."))
        return said


class ConsentForm(Asked):
    """Work for which the client's consent is asked."""

    title = forms.CharField(label=lazy("What is to be done"), max_length=200, error_messages=REQUIRED)
    text = forms.CharField(label=lazy("What will be done, in full"), widget=LONG, error_messages=REQUIRED)
    servers = Several(
        label=lazy("Servers"), queryset=Server.objects.none(), required=False, error_messages=CHOOSE
    )
    line = choice(OrderLine.objects.none(), label=lazy("Order line"), required=False)
    starts_at = InstantField(label=lazy("From"), required=False)
    ends_at = InstantField(label=lazy("Until"), required=False)
    price = EurosField(
        label=lazy("Price before tax"), required=False, help_text=lazy("No extra price when left empty.")
    )
    minutes = forms.IntegerField(label=lazy("Minutes of work planned"), required=False, min_value=1)
    advice = choice(Advice.objects.none(), label=lazy("Advice that comes before it"), required=False)
    risky = forms.BooleanField(label=lazy("Risky work: the second factor is asked for"), required=False)
    by_phone = forms.BooleanField(
        label=lazy("They said yes on the telephone: have it read back in writing"), required=False
    )

    def __init__(self, *args: Any, servers: Any, lines: Any, given: Any, now: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, line=lines, advice=given)
        field = self.fields["servers"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = servers
        timed(self, now)

    def scope(self) -> Scope:
        """Return what is asked."""
        said = self.cleaned_data
        return Scope(
            title=said["title"],
            text=said["text"],
            servers=tuple(said["servers"]),
            line=said["line"],
            starts_at=said["starts_at"],
            ends_at=said["ends_at"],
            price_cents=said["price"],
            minutes=said["minutes"],
            risky=said["risky"],
            advice=said["advice"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def advise(request: PageRequest, number: int) -> HttpResponse:
    """Write an advice for a client, and send it. `?risk=&line=&server=` has the product propose its text."""
    client = of_number(request, number)
    lines, servers = _theirs(request, client)
    form = AdviceForm(request.POST or None, lines=lines, servers=servers, initial=_proposed(request, client))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        how = {name: said.pop(name) for name in ("risk", "mandatory", "line", "server")}
        try:
            row = advising.write(client, text=Text(**said), at=request.at, actor=request.actor, **how)
        except AdviceError:
            form.add_error(None, _("Each part says something, in at most 20,000 characters."))
        else:
            _send(request, row)
            return redirect("desk:advice", row.number)
    return form_page(
        request,
        form,
        title=_("Advise %(client)s") % {"client": client.name},
        act=_("Write it down and send it"),
        here="clients",
        hint=_(
            "It holds from now on and is never changed: what is written after an incident is visibly later."
        ),
        back=reverse("desk:decisions", args=[number]),
    )


def _theirs(request: PageRequest, client: Client) -> tuple[Any, Any]:
    lines = OrderLine.objects.visible_to(request.actor).filter(client=client, withdrawn_at=None)
    servers = Server.objects.visible_to(request.actor).as_of(request.at).filter(client=client)
    return lines.order_by("number"), servers.order_by("name")


def _proposed(request: PageRequest, client: Client) -> dict[str, Any]:
    lines, servers = _theirs(request, client)
    wanted, asked = request.GET.get("line", ""), request.GET.get("risk", "")
    line = lines.filter(number=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 10 else None
    line = line or lines.first()
    server = servers.filter(public_id=request.GET.get("server", "")).first()
    likely = proposing.suggested(line, request.at)
    risk = asked if asked in RISKS else (likely[0] if likely else "other")
    parts = proposing.proposed(risk, line=line, server=server, at=request.at)
    return {"risk": risk, "line": line, "server": server, **parts}


def _send(request: PageRequest, row: Advice) -> None:
    try:
        told = advising.deliver(row, at=request.at, actor=request.actor)
    except AdviceError:
        messages.warning(
            request, _("Nobody of the client may answer it yet: give somebody a mandate, then send it.")
        )
    else:
        names = ", ".join(person.name for person in told)
        said = _("Sent to %(names)s.") % {"names": names} if told else _("Everybody who may answer has it.")
        messages.success(request, said)


def _advice(request: PageRequest, number: int) -> Advice:
    seen = Advice.objects.visible_to(request.actor).select_related("client", "line", "server", "provider")
    row: Advice = get_object_or_404(seen, number=number)
    return row


@require_safe
@for_staff
def advice(request: PageRequest, number: int) -> HttpResponse:
    """Show an advice and what became of it."""
    row = _advice(request, number)
    page = {
        "shown": deciding.advice(row),
        "parts": deciding.advice_parts(row),
        "steps": deciding.advice_steps(row),
        "can_send": can(request.actor, "contracts.advise", row),
    }
    return render(request, "desk/advice.html", page)


@for_staff
@sent_from("desk:advice", _advice)
def deliver(request: PageRequest, number: int) -> HttpResponse:
    """Send an advice to those who may answer it and have not had it."""
    row = _advice(request, number)
    _send(request, row)
    return redirect("desk:advice", number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def ask(request: PageRequest, number: int) -> HttpResponse:
    """Ask a client's consent to work."""
    client = of_number(request, number)
    form = _consent_form(request, client, {})
    if request.method == "POST" and form.is_valid():
        try:
            row = consenting.ask(
                client,
                form.scope(),
                by_phone=form.cleaned_data["by_phone"],
                at=request.at,
                actor=request.actor,
            )
            messages.success(request, _("It is asked: each who may consent has a link of their own."))
            return redirect("desk:consent", row.number)
        except ConsentError as error:
            form.add_error(*_not_asked(error))
    return form_page(
        request,
        form,
        title=_("Ask %(client)s to consent to work") % {"client": client.name},
        act=_("Ask for consent"),
        here="clients",
        back=reverse("desk:decisions", args=[number]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def change(request: PageRequest, number: int) -> HttpResponse:
    """Change the scope of what was asked: it is asked anew, and the first no longer holds."""
    found = _consent(request, number)
    form = _consent_form(request, found.client, _as_asked(consenting.scope_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            row = consenting.change(found, form.scope(), at=request.at, actor=request.actor)
            messages.success(request, _("It is asked anew; what was asked before no longer holds."))
            return redirect("desk:consent", row.number)
        except ConsentError as error:
            form.add_error(*_not_asked(error))
    return form_page(
        request,
        form,
        title=_("Change what is asked"),
        act=_("Ask anew"),
        here="clients",
        hint=_("A consent that was given no longer holds, and the client is asked again."),
        back=reverse("desk:consent", args=[number]),
    )


def _consent_form(request: PageRequest, client: Client, initial: dict[str, Any]) -> ConsentForm:
    lines, servers = _theirs(request, client)
    given = Advice.objects.visible_to(request.actor).filter(client=client).order_by("-number")
    return ConsentForm(
        request.POST or None, servers=servers, lines=lines, given=given, now=request.at, initial=initial
    )


def _as_asked(scope: Scope) -> dict[str, Any]:
    cents = scope.price_cents
    return {
        "title": scope.title,
        "text": scope.text,
        "servers": list(scope.servers),
        "line": scope.line,
        "starts_at": "" if scope.starts_at is None else written(scope.starts_at),
        "ends_at": "" if scope.ends_at is None else written(scope.ends_at),
        "price": "" if cents is None else f"{cents // 100}.{cents % 100:02d}",
        "minutes": scope.minutes,
        "risky": scope.risky,
        "advice": scope.advice,
    }


def _consent(request: PageRequest, number: int) -> ConsentRequest:
    seen = ConsentRequest.objects.visible_to(request.actor).select_related(
        "client", "line", "advice", "replaces", "provider"
    )
    row: ConsentRequest = get_object_or_404(seen, number=number)
    return row


@require_safe
@for_staff
def consent(request: PageRequest, number: int) -> HttpResponse:
    """Show a request for consent and its answer."""
    row = _consent(request, number)
    shown = deciding.consent(row)
    links = row.links.select_related("person").order_by("person__name")
    page = {
        "shown": shown,
        "asked": [one.person.name for one in links],
        "can_change": shown.code in {"asked", "given"} and can(request.actor, "contracts.ask_consent", row),
    }
    return render(request, "desk/consent.html", page)


@for_staff
@sent_from("desk:consent", _consent)
def void(request: PageRequest, number: int) -> HttpResponse:
    """Take a request back, or let a consent hold no more."""
    row = _consent(request, number)
    try:
        consenting.void(row, reason=request.POST.get("reason", ""), at=request.at, actor=request.actor)
        messages.success(request, _("It no longer holds. That it was asked and answered stays."))
    except ConsentError:
        messages.error(request, _("Write why it no longer holds; one that holds no more stays as it is."))
    return redirect("desk:consent", number)


def _not_asked(error: ConsentError) -> tuple[str | None, str]:
    place = str(error).partition(":")[0]
    return {
        "consent.title": ("title", _("Write what is to be done.")),
        "consent.text": ("text", _("Write what will be done, in at most 20,000 characters.")),
        "consent.scope": ("servers", _("Choose the servers or the order line that it is about.")),
        "consent.until": ("ends_at", _("This is past, or before it begins. Write a window that is to come.")),
        "consent.advice": (
            "advice",
            _("This advice was not sent yet, and consent comes after advice. Send it first."),
        ),
        "consent.to": (
            None,
            _("Nobody of the client holds a mandate to consent to all of this. Have one given first."),
        ),
    }.get(place, (None, _("Nothing of the scope changes, or it no longer holds.")))
