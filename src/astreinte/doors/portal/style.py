"""The brand's two colours as a stylesheet of our own origin: the pages hold no style of their own (CSP)."""

import re

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from astreinte.doors.who import PageRequest

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@require_safe
def brand_style(request: PageRequest) -> HttpResponse:
    """Return the brand's colours as custom properties; a colour that is none is left to the house's own."""
    pairs = (("--brand", request.brand.colour), ("--on-brand", request.brand.on_colour))
    said = "".join(f"{name}:{colour};" for name, colour in pairs if COLOUR.fullmatch(colour))
    response = HttpResponse(
        f"@media not all and (prefers-color-scheme: dark){{:root{{{said}}}}}\n",
        content_type="text/css; charset=utf-8",
    )
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
