"""A person gets in for the first time. Looking at the link does not use it: mail scanners look at links."""

from django import forms
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from astreinte.doors.fields import REQUIRED, Asked
from astreinte.doors.who import PageRequest
from astreinte.records.accounts import inviting
from astreinte.records.accounts.founding import AccountError

BACKEND = "django.contrib.auth.backends.ModelBackend"


class PasswordForm(Asked):
    """A password is chosen, and typed twice: nobody can send it again."""

    password = forms.CharField(
        label=lazy("Password"),
        help_text=lazy("12 characters or more. A sentence is easier to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages=REQUIRED,
    )
    again = forms.CharField(
        label=lazy("The same once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages=REQUIRED,
    )

    def clean(self) -> dict[str, object]:
        """Refuse two passwords that differ."""
        said: dict[str, object] = super().clean() or {}
        if "password" in said and "again" in said and said["password"] != said["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return said


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: PageRequest, secret: str) -> HttpResponse:
    """Show the invitation; a POST uses it, sets the password and signs the person in."""
    found = inviting.open_at(secret, request.at)
    if found is None:
        inviting.note_refused(secret, at=request.at)
    if found is None or found.person.provider_id != request.brand.provider_id:
        return render(request, "portal/invitation_over.html", status=404)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = inviting.accept(secret, password=form.cleaned_data["password"], at=request.at)
        except ValidationError as error:
            form.add_error("password", error)
        except AccountError:
            return render(request, "portal/invitation_over.html", status=404)
        else:
            login(request, person, backend=BACKEND)
            return redirect("portal:home")
    return render(
        request, "portal/invitation.html", {"person": found.person, "form": form, "ends_at": found.ends_at}
    )
