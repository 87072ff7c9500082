"""How the API answers when it says no: one shape, exact words, nothing of ours given away."""

import json
import logging
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError, ValidationErrorContext
from ninja.parser import Parser

from astreinte.doors import failing
from astreinte.doors.api import wording
from astreinte.doors.api.paging import PageError
from astreinte.doors.refusing import refusal
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.accounts.repeating import RepeatError
from astreinte.records.contracts.binding import ContractError
from astreinte.records.inventory.listing import InventoryError
from astreinte.records.tickets.opening import TicketError

log = logging.getLogger(__name__)

Answer = Callable[..., HttpResponse]


class Malformed(ValueError):
    """A body that is no JSON: says where and why."""


class Api(NinjaAPI):
    """Django Ninja, with our refusals instead of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parser=StrictParser(), **options)
        for kind, answer in REFUSALS.items():
            self.add_exception_handler(kind, answer)

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Keep the first thing that is wrong, in our words, with the value that was sent."""
        first = error_contexts[0]
        source = str(first.model.__ninja_param_source__)
        error = first.pydantic_validation_error.errors(include_url=False)[0]
        return ValidationError([{"message": wording.of(source, dict(error))}])

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super()._get_urls()
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback = _in_our_shape(url.callback)
        return urls


class StrictParser(Parser):
    """JSON as RFC 8259 has it: neither NaN nor a key that is said twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the value of the body; raises Malformed."""
        try:
            text = request.body.decode("utf-8")
            return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once_each)
        except UnicodeDecodeError:
            raise Malformed("body: is not UTF-8; send JSON in UTF-8") from None
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise Malformed(f"body: not JSON at {where} ({error.msg}); correct it there") from None
        except RecursionError:
            raise Malformed("body: is nested too deeply; send a flat object") from None


def _no_number(name: str) -> float:
    raise Malformed(f"body: {name} is no JSON number; leave the field out")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(f"body: {name[:40]!r} is said twice; send it once")
        found[name] = value
    return found


def _in_our_shape(view: Answer) -> Answer:
    """Give what Ninja refuses before any of our code runs (a method that is not there) our shape too.

    No answer is kept on the way: it is for one bearer, and true for a moment.
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response
        allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
        return refusal(405, f"{request.method}: not a method of this address; use {allowed}", Allow=allowed)

    update_wrapper(answer, view, updated=())
    answer.csrf_exempt = True  # type: ignore[attr-defined]  # as Ninja's own views: a token is no cookie
    return answer


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    return refusal(error.status_code, str(cause) if isinstance(cause, Malformed) else str(error))


def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = "Authorization: no token that opens anything here; send `Authorization: Bearer TOKEN`"
    return refusal(401, said, **{"WWW-Authenticate": "Bearer"})


def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    return refusal(429, "too many requests with this token; wait as long as Retry-After says")


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refusal(422, error.errors[0]["message"])


def _refused(request: HttpRequest, error: ValueError) -> HttpResponse:
    return refusal(422, str(error))


def _repeated(request: HttpRequest, error: RepeatError) -> HttpResponse:
    return refusal(409, str(error))


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    said = str(error) if isinstance(error, Http404) and error.args else "there is nothing here"
    return refusal(404, said)


def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return refusal(403, f"{error}; ask an administrator for a token of somebody who may")


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refusal(413, "body: is larger than 2.5 MB; send less, and the rest in replies")


def _cut_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return refusal(400, "body: ended before it was whole; send it again")


def _not_now(request: HttpRequest, error: OperationalError) -> HttpResponse:
    if not failing.is_busy(error):
        return _our_fault(request, error)
    said = "busy: somebody else is writing, and nothing was changed; send it again as Retry-After says"
    return refusal(503, said, **{"Retry-After": str(failing.RETRY_S)})


def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api: %s %s failed", request.method, request.path, exc_info=error)
    return refusal(500, "the fault is ours, and is in our log; send it again with the same key")


REFUSALS: dict[type[Exception], Any] = {
    Exception: _our_fault,
    HttpError: _http,
    AuthenticationError: _no_token,
    Throttled: _too_many,
    ValidationError: _invalid,
    TicketError: _refused,
    ContractError: _refused,
    InventoryError: _refused,
    PageError: _refused,
    RepeatError: _repeated,
    Http404: _not_found,
    ObjectDoesNotExist: _not_found,
    NotAllowed: _not_allowed,
    RequestDataTooBig: _too_large,
    UnreadablePostError: _cut_off,
    OperationalError: _not_now,
}
