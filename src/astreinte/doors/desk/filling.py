"""The page of a form that stands alone: what it is for, its fields, the act, the way back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from astreinte.doors.fields import Asked
from astreinte.doors.who import PageRequest


def form_page(
    request: PageRequest,
    form: Asked,
    *,
    title: str,
    act: str,
    here: str,
    hint: str = "",
    empty: str = "",
    back: str = "",
) -> HttpResponse:
    """Show the form as it stands. `here`: the section, which is the way `back` if no other is named.

    `empty` says what must be done first, instead of the fields.
    """
    page = {"form": form, "title": title, "act": act, "here": here, "hint": hint, "empty": empty}
    return render(request, "desk/form.html", page | {"back": back or reverse(f"desk:{here}")})
