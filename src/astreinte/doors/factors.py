"""The second factor at the door: who has one, who must, and whether it was shown just now (X.4).

allauth keeps TOTP, recovery codes and passkeys; what is asked of whom is ours, and a dated row of the provider.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from astreinte.records.accounts import second_factor
from astreinte.records.accounts.models import Person
from astreinte.records.contracts.answering import Factor

if TYPE_CHECKING:
    from astreinte.doors.who import PageRequest

FRESH_S = 15 * 60
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(person: object) -> bool:
    """Tell whether somebody has a second factor."""
    return isinstance(person, Person) and is_mfa_enabled(person, list(TYPES))


def shown(request: "PageRequest") -> str:
    """Return the kind of second factor that was shown in this session within a quarter of an hour, or ""."""
    if not isinstance(request.user, Person):
        return ""
    for record in reversed(get_authentication_records(request, request.user)):
        if record.get("method") == "mfa" and request.at.timestamp() - float(record["at"]) < FRESH_S:
            return str(record.get("type", "mfa"))
    return ""


def factor_of(request: "PageRequest") -> Factor:
    """Return what the person showed, and whether they must: whoever has one, or is to have one."""
    wanted = has_one(request.user) or second_factor.is_required(request.actor, request.at)
    return Factor(shown=shown(request), wanted=wanted)


def is_missing(request: "PageRequest") -> bool:
    """Tell whether the second factor has to be shown before an act that wants it."""
    found = factor_of(request)
    return found.wanted and not found.shown


def must_enrol(request: "PageRequest") -> bool:
    """Tell whether the provider's policy wants a second factor of somebody who has none."""
    return second_factor.is_required(request.actor, request.at) and not has_one(request.user)


def page(request: "PageRequest") -> str:
    """Return where the second factor is shown, or enrolled, and from where one comes back to this page."""
    if not has_one(request.user):
        return reverse("mfa_index")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"


def ask(request: "PageRequest") -> HttpResponse:
    """Send somebody to show, or to enrol, the second factor."""
    return redirect(page(request))


def address_of(request: "PageRequest") -> str:
    """Return the address that a request came from, as the connection says it."""
    return str(request.META.get("REMOTE_ADDR", ""))
