"""How a person is spoken to: the language and the zone of every page, mail and receipt."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from astreinte.doors.fields import REQUIRED, Asked
from astreinte.doors.portal.whose import client_of
from astreinte.doors.who import PageRequest, for_members
from astreinte.records.accounts import people
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Person

LANGUAGES = [("fr", "français"), ("en-gb", "British English")]


class MeForm(Asked):
    """Name, language and zone."""

    name = forms.CharField(label=lazy("Name"), max_length=200, error_messages=REQUIRED)
    language = forms.ChoiceField(label=lazy("Language"), choices=LANGUAGES)
    zone = forms.CharField(
        label=lazy("Time zone"),
        max_length=64,
        help_text=lazy(
            "For example Europe/Paris. The contract keeps its own zone; this is how hours are shown to you."
        ),
        error_messages=REQUIRED,
    )

    def clean_zone(self) -> str:
        """Refuse a zone that is none."""
        zone: str = self.cleaned_data["zone"]
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            said = _("“%(zone)s” is no time zone. Write for example “Europe/Paris”.")
            raise ValidationError(said % {"zone": zone}) from None
        return zone


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def me(request: PageRequest) -> HttpResponse:
    """Show how the person is spoken to, and change it."""
    actor = request.actor
    person = get_object_or_404(Person.objects.visible_to(actor).distinct(), pk=actor.person_id)
    now = {"name": person.name, "language": person.language, "zone": person.zone}
    form = MeForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            changed = people.change(person, at=request.at, actor=actor, **form.cleaned_data)
        except AccountError:
            form.add_error("zone", _("This zone is not known here. Write for example “Europe/Paris”."))
        else:
            with translation.override(changed.language):
                messages.success(request, _("From now on you are spoken to like this."))
            return redirect("portal:me")
    page: dict[str, Any] = {"form": form, "person": person, "base": "desk/base.html"}
    if actor.is_client:
        page |= {"base": "portal/base.html", "client": client_of(request)}
    return render(request, "portal/me.html", page)
