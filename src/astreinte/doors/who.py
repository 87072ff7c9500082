"""Who asks, under which brand, in which language: set on each request before any page is made.

`BrandMiddleware` comes before the locale (the host gives the brand), `ActorMiddleware` after the session
(the person gives language and zone). Pages find `request.brand`, `request.actor` and `request.at`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as lazy

from astreinte import words
from astreinte.doors import enrolling, factors, failing
from astreinte.loops import clock
from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import NOBODY, Actor
from astreinte.records.accounts.models import Brand, EmergencyNumber, Person
from astreinte.records.accounts.permissions import NotAllowed, can

WAIT_S = 3
ZONE = "Europe/Paris"


class PageRequest(HttpRequest):
    """A request as the pages see it: under a brand, by an actor, at one instant."""

    brand: Brand
    actor: Actor
    at: datetime
    user: Person | AnonymousUser


Answer = Callable[[PageRequest], HttpResponse]


class BrandMiddleware:
    """Finds the brand by the host's name; an unknown host is the only brand there is, or a page that says so."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        try:
            _wait_briefly()
            brand = brand_of(request.get_host())
        except OperationalError as error:
            return _busy_or_raise(request, error)
        if brand is None:
            return failing.no_brand(request)
        request.brand = brand
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a page cannot help into its own page: a busy database (503), a refused act (403)."""
        if isinstance(error, NotAllowed):
            return failing.not_allowed(request, error)
        if isinstance(error, OperationalError) and failing.is_busy(error):
            return failing.busy(request)
        return None


def brand_of(host: str) -> Brand | None:
    """Return the brand whose host this is (the port does not count), or the only one of the installation."""
    name = host.rsplit("]", 1)[0].lstrip("[") if host.startswith("[") else host.rsplit(":", 1)[0]
    brands = list(Brand.objects.select_related("provider").order_by("pk")[:2])
    if len(brands) == 1:
        return brands[0]
    return Brand.objects.select_related("provider").filter(host__in=[name.lower(), host.lower()]).first()


def _wait_briefly() -> None:
    """A page waits 3 s for a lock, then says so: a person who waits longer believes that nothing happens."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute(f"PRAGMA busy_timeout = {WAIT_S * 1000}")
    elif connection.in_atomic_block or not getattr(connection.connection, "waits_briefly", False):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{WAIT_S}s'")
        # Set once a connection; inside a transaction a rollback would take it back unseen.
        connection.connection.waits_briefly = not connection.in_atomic_block


def _busy_or_raise(request: HttpRequest, error: OperationalError) -> HttpResponse:
    if not failing.is_busy(error):
        raise error
    return failing.busy(request)


class ActorMiddleware:
    """Says who acts, and speaks to them in their language and zone for the length of the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        person = request.user
        request.at = clock.now()
        request.actor = _actor(person, request.brand, request.at)
        language = person.language if isinstance(person, Person) else translation.get_language() or "fr"
        zone = person.zone if isinstance(person, Person) else ZONE
        with translation.override(language), timezone.override(zone), words.speaking(language, zone):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


def _actor(person: object, brand: Brand, at: datetime) -> Actor:
    """A person under the host of another provider's brand is nobody there."""
    if not isinstance(person, Person) or person.provider_id != brand.provider_id:
        return NOBODY
    return actors.of_person(person, at)


def context(request: HttpRequest) -> Mapping[str, Any]:
    """Give every template the brand, the actor, the instant, and the emergency numbers (asked only when shown)."""
    brand: Brand | None = getattr(request, "brand", None)
    at = getattr(request, "at", None)

    def emergency() -> list[str]:
        if brand is None or at is None:
            return []
        numbers = EmergencyNumber.objects.as_of(at).filter(brand=brand)
        return list(numbers.order_by("from_at", "pk").values_list("number", flat=True))

    actor = getattr(request, "actor", NOBODY)
    declares = can(actor, "tickets.declare")
    return {"brand": brand, "actor": actor, "at": at, "emergency": emergency, "can_declare": declares}


class AccountAdapter(DefaultAccountAdapter):
    """People are invited; nobody signs up by themselves."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": lazy("No account has this e-mail address with this password.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that it is closed."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a password's reset under the brand's stored address, whatever Host was sent."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        brand: Brand = self.request.brand
        return brand.origin + path.replace("UID-KEY", quote(key))

    def format_email_subject(self, subject: str) -> str:
        """Return the subject with the brand's name before it."""
        brand: Brand = self.request.brand
        return f"[{brand.name}] {subject}"

    def send_notification_mail(
        self,
        template_prefix: str,
        user: object,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Write down that a second factor was added or removed, and tell its person by a notice of ours."""
        enrolling.changed(template_prefix, user, clock.now())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the home of whoever signed in: the portal's first page sends staff on to the desk."""
        return "/"


P = ParamSpec("P")
Page = Callable[Concatenate[PageRequest, P], HttpResponse]


def for_staff(page: Page[P]) -> Page[P]:
    """Let the provider's staff in; nobody is asked to sign in, anyone else finds nothing there (404)."""
    return _for(page, lambda actor: actor.is_staff)


def for_client(page: Page[P]) -> Page[P]:
    """Let the people of a client in; nobody is asked to sign in, anyone else finds nothing there (404)."""
    return _for(page, lambda actor: actor.is_client)


def for_members(page: Page[P]) -> Page[P]:
    """Let in whoever has a role: of the staff, or of a client."""
    return _for(page, lambda actor: actor.is_staff or actor.is_client)


def _for(page: Page[P], admits: Callable[[Actor], bool]) -> Page[P]:
    @wraps(page)
    def answer(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "account_login")
        if not admits(request.actor):
            raise Http404
        if factors.must_enrol(request):
            return redirect("mfa_index")
        response = page(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer
