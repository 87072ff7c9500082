"""The address of a form alone, when somebody reloads it or comes back to it: the page that the form is on."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from astreinte.doors.who import PageRequest

P = ParamSpec("P")
Page = Callable[Concatenate[PageRequest, P], HttpResponse]


def sent_from(
    page: str, seen: Callable[Concatenate[PageRequest, P], object] | None = None
) -> Callable[[Page[P]], Page[P]]:
    """Let a page answer POST alone, and lead who only looks at its address to `page`.

    `seen` finds the object of the address as the actor may see it, or raises Http404: what is somebody else's
    leads nowhere.
    """

    def wrapped(answer: Page[P]) -> Page[P]:
        @wraps(answer)
        def sent(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return answer(request, *args, **kwargs)
            if seen is not None:
                seen(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return redirect(page, *args, **kwargs)
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return sent

    return wrapped
