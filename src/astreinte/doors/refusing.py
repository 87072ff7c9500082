"""The one shape in which the API says no: code, message, and where they are known the place and the way out."""

import re
from typing import Any

from django.http import JsonResponse

CODES = {
    400: "bad_request",
    401: "unauthorised",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "our_fault",
    503: "busy",
}

PREFIX = "/api/"
"""What is under it is answered in this shape, whoever refuses: a view, the address, or the server itself."""

_PLACE = re.compile(r"(?P<place>[A-Za-z_][\w.\[\]\- ]{0,80}): ")


def refusal(status: int, message: str, **headers: str) -> JsonResponse:
    """Return the answer of a refusal.

    Our messages read "place: what is wrong; the way out", or "place: value: the way out": both ends are given
    apart as well.
    """
    error: dict[str, Any] = {"code": CODES[status], "message": message}
    if named := _PLACE.match(message):
        error["place"] = named["place"]
        rest = message[named.end() :]
        for mark in ("; ", ": "):
            before, _, after = rest.rpartition(mark)
            if before:
                error["way_out"] = after
                break
    return JsonResponse(
        {"error": error},
        status=status,
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )
