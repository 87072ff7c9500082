"""The address of a form alone, when somebody reloads it or comes back to it: the page that the form is on."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from astreinte.doors.who import PageRequest

P = ParamSpec("P")
Page = Callable[Concatenate[PageRequest, P], HttpResponse]


def sent_from(page: str, seen: Callable[Concatenate[PageRequest, P], object]) -> Callable[[Page[P]], Page[P]]:
    """Let a page answer POST alone, and lead who only looks at its address to `page`.

    `seen` finds the object of the address as the actor may see it, or raises Http404: what is somebody else's
    leads nowhere.
    """

    def wrapped(answer: Page[P]) -> Page[P]:
        @wraps(answer)
        def sent(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return answer(request, *args, **kwargs)
            seen(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(reverse(page, args=args, kwargs=kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return sent

    return wrapped
