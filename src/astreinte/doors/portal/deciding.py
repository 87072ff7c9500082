"""What the client decides: advice that it follows or sets aside, work that it consents to, and who may do so."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from astreinte.doors import deciding, factors
from astreinte.doors.fields import Asked
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_client
from astreinte.records.accounts.actors import NOBODY
from astreinte.records.contracts import advising, answering, consenting
from astreinte.records.contracts.advising import AdviceError
from astreinte.records.contracts.answering import ConsentRefused
from astreinte.records.contracts.counsel import ConsentLink
from astreinte.records.contracts.models import Advice, ConsentRequest

GONE = 404


class AnswerForm(Asked):
    """A yes or a no to the text that was shown, known by its digest."""

    answer = forms.CharField(max_length=10)
    sha256 = forms.CharField(max_length=64, required=False)
    remark = forms.CharField(
        label=lazy("A remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


@require_safe
@for_client
def decisions(request: PageRequest) -> HttpResponse:
    """List what waits for an answer, what was answered, and who may do what."""
    client = client_of(request)
    page = deciding.of_client(client, actor=request.actor)
    mandates = deciding.who_may(client, actor=request.actor, at=request.at)
    return render(request, "portal/decisions.html", {"client": client, "mandates": mandates, **page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_client
def advice(request: PageRequest, number: int) -> HttpResponse:
    """Show an advice, which is noted as read; a POST follows it or sets it aside."""
    seen = Advice.objects.visible_to(request.actor).select_related("client", "line", "server")
    row: Advice = get_object_or_404(seen, number=number)
    if request.method == "POST":
        return _answer_advice(request, row)
    if request.method == "GET":
        advising.mark_read(row, at=request.at, actor=request.actor)
    return _show_advice(request, row, "")


def _answer_advice(request: PageRequest, row: Advice) -> HttpResponse:
    form = AnswerForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"answer": "", "sha256": "", "remark": ""}
    try:
        advising.answer(
            row,
            answer=said["answer"],
            sha256=said["sha256"],
            remark=said["remark"],
            from_address=factors.address_of(request),
            at=request.at,
            actor=request.actor,
        )
    except AdviceError:
        return _show_advice(
            request, row, _("Your answer was not kept: read the advice again, as it stands here.")
        )
    messages.success(request, _("Your answer is kept, with its date and your name."))
    return redirect("portal:advice", row.number)


def _show_advice(request: PageRequest, row: Advice, error: str) -> HttpResponse:
    page = {
        "client": client_of(request),
        "shown": deciding.advice(row),
        "parts": deciding.advice_parts(row),
        "steps": deciding.advice_steps(row),
        "may_answer": advising.may_answer(row, request.actor, request.at),
        "form": AnswerForm(),
        "error": error,
    }
    return render(request, "portal/advice.html", page, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_client
def consent(request: PageRequest, number: int) -> HttpResponse:
    """Show a request for consent; a POST answers it, signed in with a mandate."""
    seen = ConsentRequest.objects.visible_to(request.actor).select_related("client", "line", "advice")
    row: ConsentRequest = get_object_or_404(seen, number=number)
    if request.method == "POST":
        return _answer_consent(request, row, None)
    return _show_consent(request, row, deciding.hindrance(row, actor=request.actor, at=request.at))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent_link(request: PageRequest, secret: str) -> HttpResponse:
    """Open the link that was sent to one person. Looking does not use it; whoever else tries it is written down."""
    link = answering.find_link(secret)
    if link is None or link.request.provider_id != request.brand.provider_id:
        return _refused(request, "expired")
    signed_in = request.user.is_authenticated
    try:
        answering.look(link, at=request.at, actor=request.actor if signed_in else NOBODY)
    except ConsentRefused as no:
        return _refused(request, no.why)
    if not signed_in:
        return redirect_to_login(request.get_full_path(), "account_login")
    if request.method == "POST":
        return _answer_consent(request, link.request, link)
    return _show_consent(
        request, link.request, deciding.hindrance(link.request, actor=request.actor, at=request.at)
    )


def _answer_consent(request: PageRequest, row: ConsentRequest, link: ConsentLink | None) -> HttpResponse:
    form = AnswerForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"answer": "", "sha256": "", "remark": ""}
    if said["answer"] not in {"given", "refused"}:
        return _show_consent(request, row, _("Say yes or no with one of the two buttons."))
    how: dict[str, Any] = {
        "answer": said["answer"],
        "sha256": said["sha256"],
        "remark": said["remark"],
        "factor": factors.factor_of(request),
        "from_address": factors.address_of(request),
        "at": request.at,
        "actor": request.actor,
    }
    try:
        if link is None:
            answering.answer_request(row, **how)
        else:
            answering.answer_link(link, **how)
    except ConsentRefused as no:
        if no.why == "factor":
            return factors.ask(request)
        return _show_consent(request, row, deciding.why_not(no.why))
    messages.success(request, _("Your answer is kept, with its date, your name and the text it is about."))
    return redirect("portal:consent", row.number)


def _show_consent(request: PageRequest, row: ConsentRequest, hindered: str) -> HttpResponse:
    # A no needs no advice; the page itself says which advice comes before a yes.
    refuse_only = answering.why_not(row, at=request.at, actor=request.actor) == "advice"
    page = {
        "client": client_of(request),
        "shown": deciding.consent(row),
        "hindered": "" if refuse_only and request.method != "POST" else hindered,
        "first": consenting.advice_first(row, request.at),
        "refuse_only": refuse_only,
        "factor_first": row.risky and factors.is_missing(request),
        "factor_page": factors.page(request),
        "form": AnswerForm(),
    }
    return render(request, "portal/consent.html", page, status=422 if request.method == "POST" else 200)


def _refused(request: PageRequest, why: str) -> HttpResponse:
    page: dict[str, Any] = {"why": deciding.why_not(why), "base": "frame.html"}
    if request.actor.is_client:
        page |= {"base": "portal/base.html", "client": client_of(request)}
    return render(request, "portal/consent_refused.html", page, status=GONE)
