"""A text is handed out: its bytes as they came, its page under a brand, its PDF. And why one was refused, in words."""

import re

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from astreinte.records.accounts.models import Brand
from astreinte.records.contracts import documents
from astreinte.records.contracts.documents import DocumentError
from astreinte.records.contracts.models import DocumentVersion
from astreinte.records.evidence import keeping
from astreinte.words import printing
from astreinte.words.documents import fragment, style_source

HEADING = re.compile(r"<(/?)h([1-5])\b")

KINDS = {
    "specific": lazy("Specific contract"),
    "special": lazy("Special terms"),
    "general_sale": lazy("General terms of sale"),
    "general_service": lazy("General terms of service"),
}
STATUSES = {
    "draft": pgettext_lazy("text", "Draft"),
    "published": pgettext_lazy("text", "Published"),
    "superseded": pgettext_lazy("text", "Superseded"),
}
REFUSED = {
    "places": lazy(
        "A placeholder of this text is unknown. Only {{company.name}} and {{company.legal_name}} are."
    ),
    "long": lazy("This file is too long. A text has at most 2 MB, a scan at most 20 MB."),
    "binary": lazy(
        "This file is no text in UTF-8. Import the text itself; a signed PDF goes with its acceptance."
    ),
    "empty": lazy("This file says nothing. Choose the one that holds the text."),
    "client": lazy(
        "A specific contract is that of one client, the other texts are those of all. Choose again."
    ),
    "name": lazy("There is a text of this kind and language under another name. Write that name."),
    "same": lazy("This very file is there already for this very day."),
    "published": lazy("This version is published already."),
    "day": lazy("Another version is published for this day. Import this text again with another day."),
    "before": lazy("Nothing is put before what is published. Import this text again with a later day."),
    "past": lazy(
        "The day is past, and a text does not hold backwards."
        " If it was signed on paper before you came here, tick that; else import it again with a later day."
    ),
    "not past": lazy("The day is not past: nothing was signed before. Leave the box unticked."),
    "since": lazy(
        "The day is past, and clients have accepted this document here. Import it with a later day."
    ),
    "draft": lazy("This version is a draft. Publish it first."),
}


def refused(error: DocumentError) -> str:
    """Return in the reader's language why a text was refused."""
    return str(REFUSED[error.why]) if error.why in REFUSED else str(error)


def words(version: DocumentVersion, brand: Brand) -> SafeString:
    """Return the words of a version under a brand, for a page of the house: its headings below that of the page."""
    shown = fragment(documents.text(version), values=documents.values(brand))
    shown = HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", shown)
    return mark_safe(shown)  # noqa: S308  (escaped and cleaned by words.documents: the one place that makes it)


def raw(version: DocumentVersion) -> HttpResponse:
    """Return the very bytes of a version, to be kept: what its SHA-256 is of."""
    return _attached(keeping.read(version.file), "text/markdown; charset=utf-8", _name(version, "md"))


def page(request: HttpRequest, html: str) -> HttpResponse:
    """Return a whole page that brings its own style, and allow that style alone."""
    response = HttpResponse(html)
    csp_update({"style-src": [style_source(html)]})(lambda _request: response)(request)
    return response


def pdf(html: str, name: str) -> HttpResponse:
    """Return a page as a PDF to be kept; it is drawn in a process of its own. Raises printing.PrintingError."""
    return _attached(printing.pdf(html), "application/pdf", name)


def pdf_of(version: DocumentVersion, html: str) -> HttpResponse:
    """Return a version as a PDF to be kept. Raises printing.PrintingError."""
    return pdf(html, _name(version, "pdf"))


def no_pdf() -> str:
    """Say that this machine draws no PDF just now, and what to do."""
    return _("The PDF cannot be made just now. The page itself can be read, kept and printed.")


def _name(version: DocumentVersion, ending: str) -> str:
    return f"{slugify(version.document.name) or 'texte'}-v{version.number}.{ending}"


def _attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
