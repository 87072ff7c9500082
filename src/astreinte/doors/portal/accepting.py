"""A client reads its texts and accepts them, all at once and as they were shown (article 1, A1.5)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from astreinte.doors import handing
from astreinte.doors.fields import Asked
from astreinte.doors.portal.texts import spoken
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts import mandates
from astreinte.records.accounts.models import Person
from astreinte.records.accounts.permissions import can
from astreinte.records.contracts import accepting, signing
from astreinte.records.contracts.days import ZONE
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.signing import ReadAgainError, Shown, Where
from astreinte.records.tickets import opening

KEY = r"web:[a-z0-9]{16}"


class AcceptForm(Asked):
    """One tick for all the texts: nothing is accepted in part."""

    agreed = forms.BooleanField(
        label=lazy("I have read these texts, and accept them entirely and without reserve."),
        error_messages={"required": lazy("Tick this box once you have read the texts.")},
    )


class OtherwiseForm(Asked):
    """What a client would like otherwise: it becomes a specific contract, or nothing."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    wish = forms.CharField(
        label=lazy("What you would like otherwise"),
        widget=forms.Textarea,
        max_length=20_000,
        error_messages={
            "required": lazy("Write what you would like, for example “an intervention within 1 h”."),
            "max_length": lazy("Write at most 20,000 characters, and send the rest as a reply."),
        },
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """A text to accept: the version as shown, and its words for this page."""

    shown: Shown
    words: SafeString

    @property
    def said(self) -> str:
        """What the form carries: which version, and the two digests of what was shown."""
        return f"{self.shown.version.public_id} {self.shown.hashes}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_client
def accept(request: PageRequest) -> HttpResponse:
    """Show every text that is to be accepted, whole; a POST accepts what was shown, or asks to read again."""
    if request.method != "POST":
        return show_offer(request, AcceptForm(), _otherwise())
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return show_offer(request, form, _otherwise(), status=422)
    try:
        rows = signing.accept(
            client_of(request),
            read=_read(request.POST.getlist("text")),
            brand=request.brand,
            language=spoken(request),
            where=_where(request),
            at=request.at,
            actor=request.actor,
        )
    except ReadAgainError:
        messages.error(
            request,
            _(
                "Nothing was accepted: a text has changed since this page was shown. Here they are, read them again."
            ),
        )
        return show_offer(request, AcceptForm(), _otherwise(), status=409)
    except DocumentError:
        messages.warning(request, _("Everything is accepted already: nothing was changed."))
        return redirect("portal:texts")
    messages.success(request, _("Recorded. A confirmation is on its way to you by e-mail."))
    return redirect("portal:act", rows[0].act)


@require_POST
@for_client
def ask_otherwise(request: PageRequest) -> HttpResponse:
    """Pass on what a client would like otherwise: a ticket, so that somebody answers."""
    form = OtherwiseForm(request.POST)
    if not form.is_valid():
        return show_offer(request, AcceptForm(), form, status=422)
    receipt = opening.declare(
        client=client_of(request),
        server=None,
        subject=_("A specific contract is asked for"),
        text=form.cleaned_data["wish"],
        priority="low",
        nature="support",
        channel="web",
        key=form.cleaned_data["key"],
        at=request.at,
        actor=request.actor,
    )
    return redirect("portal:receipt", receipt.ticket.number, receipt.public_id)


def show_offer(
    request: PageRequest, form: AcceptForm, otherwise: OtherwiseForm, status: int = 200
) -> HttpResponse:
    """Show the texts that are to be accepted, as they stand."""
    client, actor, at = client_of(request), request.actor, request.at
    offered = [
        Offered(signing.show(version, request.brand), handing.words(version, request.brand))
        for version in accepting.offered(client, at, spoken(request))
    ]
    page = {
        "client": client,
        "offered": offered,
        "form": form,
        "otherwise": otherwise,
        "may_sign": mandates.holds(actor.person_id, client.pk, "sign", at),
        "may_ask": can(actor, "tickets.declare", client),
        "signatories": mandates.holders(client.pk, "sign", at, line_id=None),
    }
    return render(request, "portal/accept.html", page, status=status)


def _otherwise() -> OtherwiseForm:
    return OtherwiseForm(initial={"key": opening.new_key("web")})


def _read(said: list[str]) -> dict[str, str]:
    """Return what a form says was shown, by the public id of the version."""
    return {public_id: hashes for public_id, _blank, hashes in (one.partition(" ") for one in said)}


def _where(request: PageRequest) -> Where:
    zone = request.user.zone if isinstance(request.user, Person) else ZONE
    return Where(request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", ""), zone)
