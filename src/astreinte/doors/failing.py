"""The pages that say no: what is wrong, and the way out. They ask the database nothing: it may be the fault."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from astreinte.doors import refusing

RETRY_S = 5


def is_busy(error: BaseException | None) -> bool:
    """Return whether the database refused because somebody else holds its lock."""
    said = str(error).lower()
    return isinstance(error, OperationalError) and ("locked" in said or "lock timeout" in said)


def page(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    """Return the page of a refusal, in the brand's name when it is known; under /api/, in the API's one shape."""
    if request.path.startswith(refusing.PREFIX):
        return refusing.refusal(status, f"{title}. {said}")
    brand = getattr(request, "brand", None)
    return render(
        None,  # no request: the context processors would ask the database
        "failing.html",
        {"status": status, "title": title, "said": said, "name": brand.name if brand else "Astreinte"},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself could not be read."""
    said = _("Go back to the page where you were, load it again, and try once more.")
    return page(request, 400, _("We could not read this request"), said)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old, or cookies are refused. Nothing was changed."""
    said = _("Nothing was sent. Load the page again, allow its cookie, and send it once more.")
    return page(request, 403, _("This form is too old"), said)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 of a page that this person may see, but not use so."""
    said = _("Your role does not allow this. Ask an administrator of your company.")
    return page(request, 403, _("You may not do this"), said)


def not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    """403 of an activity: the object is in reach, the role is missing."""
    return forbidden(request, error)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or one that is not yours; the two are not told apart."""
    said = _("The address may be wrong, or what it named may not be yours to see.")
    return page(request, 404, _("There is nothing here"), said)


def no_brand(request: HttpRequest) -> HttpResponse:
    """404 of a host name that no brand answers to."""
    said = _("No brand answers to the name %(host)s. Use the address that your provider gave you.")
    return page(request, 404, _("This address is not in use"), said % {"host": request.get_host()})


def busy(request: HttpRequest) -> HttpResponse:
    """503: the database's lock was not free within 3 s. Nothing was changed."""
    said = _("Nothing was recorded. Send it again in a few seconds; in an emergency, call.")
    response = page(request, 503, _("Busy, try again"), said)
    response.headers["Retry-After"] = str(RETRY_S)
    return response


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault, logged. A busy database met outside a view is told apart."""
    if is_busy(sys.exc_info()[1]):
        return busy(request)
    said = _("The fault is ours and is in our log. Try again; in an emergency, call.")
    return page(request, 500, _("Something broke on our side"), said)
