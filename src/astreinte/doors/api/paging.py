"""Lists are read page by page: `after` is the id of the last one read, so none is skipped or shown twice."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from ninja import Field, Schema

from astreinte.doors.api.finding import PUBLIC_ID

M = TypeVar("M", bound=Model)


class PageError(ValueError):
    """A page that cannot be told: names the place and the way out."""


class Page(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=200, description="How many at the most.")
    after: str = Field("", max_length=16, description="The `next` of the page before; nothing for the first.")


def refuse_unknown(asked: QueryDict, page: Page) -> None:
    """Raise PageError for a parameter that this list does not have: a mistyped one must not be passed over."""
    known = type(page).model_fields
    for name in asked:
        if name not in known:
            raise PageError(f"{name[:40]}: is no parameter of this list; use {', '.join(known)}")


def cut(seen: QuerySet[M], page: Page, *, by: str) -> tuple[list[M], str | None]:
    """Return the rows of a page in the order of the column `by` (`-` in front: the last first), and what follows.

    Ties are told apart by the primary key. Raises PageError for an `after` that is not in the list.
    """
    name, falls = by.lstrip("-"), by.startswith("-")
    rows = seen.order_by(by, "-pk" if falls else "pk")
    if page.after:
        last: Any = seen.filter(public_id=page.after).first() if PUBLIC_ID.fullmatch(page.after) else None
        if last is None:
            raise PageError(f"after: {page.after!r} is not in this list; send the `next` of the page before")
        beyond = "lt" if falls else "gt"
        here = getattr(last, name)
        rows = rows.filter(Q(**{f"{name}__{beyond}": here}) | Q(**{name: here, f"pk__{beyond}": last.pk}))
    found: list[Any] = list(rows[: page.limit + 1])
    more = len(found) > page.limit
    return found[: page.limit], found[page.limit - 1].public_id if more else None
