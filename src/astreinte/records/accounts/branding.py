"""How a brand is shown: its name, its colours, and what its links start with."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.facts import BrandChanged
from astreinte.records.accounts.founding import AccountError
from astreinte.records.accounts.models import Brand
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing

LEGIBLE = 4.5
"""The contrast that WCAG 2.2 asks of text (success criterion 1.4.3)."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@transaction.atomic
def change(
    brand: Brand,
    *,
    at: datetime,
    actor: Actor,
    name: str | None = None,
    origin: str | None = None,
    colour: str | None = None,
    on_colour: str | None = None,
) -> Brand:
    """Change what is given. Colours on which nobody could read are refused; a host is never changed: add a brand."""
    may(actor, "accounts.manage", brand)
    given = {
        "name": None if name is None else _name(name),
        "origin": None if origin is None else _origin(origin),
        "colour": None if colour is None else _colour("colour", colour),
        "on_colour": None if on_colour is None else _colour("on_colour", on_colour),
    }
    changed = {field: value for field, value in given.items() if value is not None}
    if not changed:
        raise AccountError("brand: nothing to change; give a name, an origin or a colour")
    for field, value in changed.items():
        setattr(brand, field, value)
    seen = contrast(brand.colour, brand.on_colour)
    if seen < LEGIBLE:
        raise AccountError(
            f"brand.colour: {brand.on_colour} on {brand.colour} has a contrast of {seen:.1f};"
            f" choose colours with {LEGIBLE} or more"
        )
    brand.save(update_fields=list(changed))
    fact = BrandChanged(at=at, provider_id=brand.provider_id, brand_id=brand.pk)
    writing.append(fact, actor=actor, rows=[brand])
    return brand


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written #rrggbb, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > 200:
        raise AccountError(f"brand.name: {text!r}: write a name of 1 to 200 characters")
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise AccountError(f"brand.origin: {text!r}: write it like https://assistance.kermor.example")
    return f"{parts.scheme}://{parts.netloc}"


def _colour(place: str, text: str) -> str:
    text = text.strip().lower()
    if not _COLOUR.fullmatch(text):
        raise AccountError(f"brand.{place}: {text!r}: write a colour like #0f3b47")
    return text
