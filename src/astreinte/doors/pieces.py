"""The pieces of every page: states, tags, countdowns, instants, amounts. Loaded as built-ins of all templates.

What a piece looks like is shown in the design page of the screens: shape + colour + word, never one alone.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from astreinte.doors import naming, saying
from astreinte.words import hearer

register = template.Library()
SPRITE = "astreinte/sprite.svg"
NONE = "–"

register.filter("amount", saying.amount)
register.filter("hour", saying.hour)
register.filter("month", saying.month)
register.filter("spoken_number", saying.telephone)
register.filter("level_name", naming.level)
register.filter("role_name", naming.role)
register.filter("day", saying.day)
register.filter("lasting", saying.lasting)
register.filter("lasted", saying.exactly_lasting)
register.filter("priority_name", naming.priority)
register.filter("channel_name", naming.channel)
register.filter("state_name", naming.ticket_state)

SHAPES = {
    "ok": "ok",
    "warning": "warn",
    "critical": "crit",
    "unknown": "unknown",
    "inconclusive": "inconclusive",
    "stale": "stale",
    "silenced": "silenced",
    "none": "none",
    "maintenance": "maint",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one symbol of the sprite, silent to screen readers: its word stands beside it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static(SPRITE), name)


@register.simple_tag
def state(level: str, word: str = "") -> SafeString:
    """Show a level by shape, colour and word. No data is never green."""
    shape = SHAPES[level]
    word = {"restored": _("Restored"), "not_watched": _("Not watched")}.get(word, word)
    return format_html(
        '<span class="st st-{}">{}{}</span>', shape, icon(f"s-{shape}"), word or naming.level(level)
    )


@register.simple_tag
def level_shape(level: str) -> SafeString:
    """Draw the shape of a level in a timeline; its word stands beside it."""
    return format_html('<svg aria-hidden="true"><use href="{}#s-{}"/></svg>', static(SPRITE), SHAPES[level])


@register.simple_tag
def window_state(stands: str) -> SafeString:
    """Show how far announced work is."""
    if stands == "under_way":
        return format_html('<span class="st st-maint">{}{}</span>', icon("s-maint"), _("Under way"))
    words = {"to_come": _("To come"), "over": _("Over"), "called_off": _("Called off")}
    css = "tag" if stands == "to_come" else "tag tag-off"
    return format_html('<span class="{}">{}</span>', css, words[stands])


@register.simple_tag
def outcome(code: str | None) -> str:
    """Say what came of an alert that was held back."""
    return {
        None: _("held back"),
        "told": _("told when it was over"),
        "declared": _("told when the client declared it"),
        "over": _("over before: nobody was told"),
        "again": _("held back by something else"),
    }[code]


@register.simple_tag
def prio(priority: str) -> SafeString:
    """Show a priority; Critical alone is filled."""
    css = {"critical": " tag-crit", "urgent": " tag-urgent"}.get(priority, "")
    return format_html('<span class="tag{}">{}</span>', css, naming.priority(priority))


@register.simple_tag
def regime(
    name: str, allowed: timedelta | None = None, *, contractual: bool = True, business_only: bool = False
) -> SafeString:
    """Show in which hours the clock started, and what it allows: sun HO, moon HNO, always with the letters."""
    length = saying.lasting(allowed) if allowed is not None else ""
    if not contractual:
        return format_html('<span class="tag tag-off">{}</span>', _("internal target"))
    if business_only:
        return format_html('<span class="nb">{} {}</span>', length, _letters(business=True))
    business = name == "business"
    return format_html(
        '<span class="tag tag-{}">{}{} {}</span>',
        "ho" if business else "hno",
        icon("i-sun" if business else "i-moon"),
        _letters(business=business),
        length,
    )


def _letters(*, business: bool) -> SafeString:
    said = (_("business hours"), _("BH")) if business else (_("non-business hours"), _("NBH"))
    return format_html('<abbr title="{}">{}</abbr>', *said)


@register.simple_tag
def telephone(number: str) -> SafeString:
    """Show a number that can be called by touching it."""
    return format_html('<a class="tel" href="tel:{}">{}</a>', number, saying.telephone(number))


@register.filter
def clock_time(at: datetime) -> str:
    """Return the hour to the second."""
    return saying.hour(at, seconds=True)


@register.filter
def clock_millis(at: datetime) -> str:
    """Return the hour to the thousandth: the instant that counts."""
    return f"{saying.hour(at, seconds=True)},{at.microsecond // 1000:03}"


@register.filter
def near_seconds(at: datetime | None, now: datetime) -> str:
    """Return an instant as near as `near`, to the second."""
    return saying.near(at, now, seconds=True) if at else NONE


@register.filter
def exactly(at: datetime | None, now: datetime) -> str:
    """Return an instant that a promise hangs on: as near as `near`, with its seconds when there are any."""
    return saying.exactly(at, now) if at else NONE


@register.filter
def near_short(at: datetime | None, now: datetime) -> str:
    """Return an instant for a narrow column: the hour today, the day and month otherwise."""
    return saying.short(at, now) if at else NONE


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was."""
    return _("%(time)s ago") % {"time": saying.lasting(now - at)}


@register.filter
def since(at: datetime) -> str:
    """Return the instant from which something holds: the day, and the hour unless it is midnight."""
    said = saying.hour(at)
    return saying.day(at) if said == "00:00" else f"{saying.day(at)} {said}"


@register.simple_tag
def stretch(start: datetime, end: datetime) -> str:
    """Return from when until when something lasts; its day once when it begins and ends on the same."""
    said = {"day": saying.day(start), "from": saying.hour(start), "until": saying.hour(end)}
    if saying.day(end) == said["day"]:
        return _("on %(day)s from %(from)s until %(until)s") % said
    said["last"] = saying.day(end)
    return _("from %(day)s at %(from)s until %(last)s at %(until)s") % said


@register.filter
def near(at: datetime | None, now: datetime) -> str:
    """Return an instant as short as `now` allows: the hour today, with its day otherwise."""
    return saying.near(at, now) if at else NONE


@register.inclusion_tag("pieces/field.html")
def field(bound: BoundField | BaseForm, words: str = "") -> Mapping[str, Any]:
    """Show a form field: label, help, input, and under it what is wrong with an example of what is right.

    A form of one text may be given whole, with the words of its label by a name.
    """
    one = bound if isinstance(bound, BoundField) else bound["text"]
    labels = {
        "reply": _("Reply to the client"),
        "note": _("Internal note"),
        "end": _("What was done, which the client reads"),
        "wait": _("What you ask of the client"),
        "reopen": _("Why it is not over"),
        "code": _("Code"),
        "login": _("E-mail address"),
        "key_name": _("Name of the key"),
    }
    tick = isinstance(one.field.widget, CheckboxInput)
    return {"field": one, "label": labels.get(words, one.label), "tick": tick}


@register.inclusion_tag("pieces/emergency.html", takes_context=True)
def emergency_strip(context: template.Context) -> Mapping[str, Any]:
    """Show the emergency number: on every page of the portal (A5.14)."""
    return {"emergency": context.get("emergency"), "client": context.get("client")}


DESK = (
    ("now", "i-now"),
    ("tickets", "i-ticket"),
    ("servers", "i-server"),
    ("clients", "i-people"),
    ("contracts", ""),
    ("agenda", ""),
    ("simulations", ""),
    ("people", ""),
)
PORTAL = (("home", ""), ("tickets", ""), ("servers", ""), ("contract", ""))
WITHIN = {
    "ticket": "tickets", "enter": "tickets", "call": "tickets", "receipt": "tickets", "declare": "tickets",
    "server": "servers", "add_server": "servers", "declare_check": "servers",
    "client": "clients", "add_client": "clients", "invite_to_client": "clients",
    "bind": "contracts", "write_terms": "contracts", "terms": "contracts",
    "silence_server": "servers", "silence": "agenda", "window": "agenda", "announce": "agenda",
    "texts": "contract", "text": "contract", "accept": "contract", "act": "contract",
    "documents": "contracts", "document": "contracts", "import_text": "contracts", "own_texts": "contracts",
    "invite": "people", "set_number": "people",
}  # fmt: skip
"""Pages that belong to a section of another name."""


def _nav(
    context: template.Context, door: str, sections: tuple[tuple[str, str], ...], more: str
) -> SafeString:
    match = context["request"].resolver_match if "request" in context else None
    name = match.url_name if match else ""
    here = WITHIN.get(name, name)
    if door == "desk" and name == "contract":
        here = "contracts"
    words = _section_words() | ({"tickets": _("Incidents")} if door == "portal" else {})
    items = format_html_join(
        "",
        '<li><a href="{}"{}>{}{}</a></li>',
        (
            (
                reverse(f"{door}:{key}"),
                SafeString(' aria-current="page"') if key == here else "",
                icon(shape) if shape else "",
                words[key],
            )
            for key, shape in sections
        ),
    )
    return format_html('<nav class="nav" aria-label="{}"><ul>{}{}</ul></nav>', _("Sections"), items, more)


def _section_words() -> dict[str, str]:
    return {
        "now": _("Now"),
        "tickets": _("Tickets"),
        "servers": _("Servers"),
        "clients": _("Clients"),
        "contracts": _("Contracts"),
        "agenda": _("Agenda"),
        "simulations": _("Simulations"),
        "people": _("Team"),
        "home": _("Home"),
        "contract": _("Contract"),
    }


@register.simple_tag(takes_context=True)
def desk_nav(context: template.Context) -> SafeString:
    """Show the sections of the desk; on a phone the last ones are behind "More"."""
    more = format_html(
        '<li class="more"><a href="{}">{}{}</a></li>', reverse("desk:more"), icon("i-more"), _("More")
    )
    return _nav(context, "desk", DESK, more)


@register.simple_tag(takes_context=True)
def portal_nav(context: template.Context) -> SafeString:
    """Show the sections of the portal."""
    return _nav(context, "portal", PORTAL, "")


@register.simple_tag
def reader_zone() -> str:
    """Return the zone in which the page speaks."""
    return hearer().timezone
