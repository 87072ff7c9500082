"""The pieces that show a promise: countdown, bar, card, and the sentences made of them. Built-ins of all templates."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astreinte.doors import saying
from astreinte.doors.cards import Card, usual_terms
from astreinte.doors.drawing import Track, clock_track, day_bar
from astreinte.doors.pieces import state
from astreinte.records.commitments.models import Clock, Verdict
from astreinte.rules.sla.calendar import spans_between
from astreinte.words import hearer

register = template.Library()


@register.simple_tag(takes_context=True)
def countdown(context: template.Context, card: Card) -> SafeString:
    """Show the time that is left (or late), ticking where there is JavaScript, right where there is none.

    A clock that counts business hours stands when they are over, and never ticks: the wall's hours are not its own.
    """
    now, due = context["at"], card.run.deadline
    ticking = due is not None and card.ticks and (card.status == "running" or now >= due)
    running = (
        format_html(
            ' data-due="{}" data-now="{}" data-late="{}"',
            due.isoformat(),
            now.isoformat(),
            _("Intervention late"),
        )
        if ticking and due
        else ""
    )
    shown = _large(card.seconds, ticking=True) if ticking else length_large(timedelta(seconds=card.seconds))
    return format_html('<p class="clock-left"{}>{}</p>', running, shown)


def _large(seconds: int, *, ticking: bool) -> SafeString:
    if not ticking:
        return format_html(
            "{}<small>h</small>{}<small>min</small>", seconds // 3600, f"{seconds // 60 % 60:02}"
        )
    # What is zero is hidden, not left out: the script shows it when a late clock comes to its first hour.
    hidden = SafeString(" hidden")
    return format_html(
        "<span{}><span data-h>{}</span><small>h</small></span><span{}><span data-m>{}</span><small>min</small></span>"
        '<span class="{}" data-s>{}</span><small data-unit>{}</small>',
        "" if seconds >= 3600 else hidden,
        seconds // 3600,
        "" if seconds >= 60 else hidden,
        f"{seconds // 60 % 60:02}" if seconds >= 3600 else seconds // 60,
        "sec" if seconds >= 60 else "",
        f"{seconds % 60:02}" if seconds >= 60 else seconds,
        "" if seconds >= 60 else "s",
    )


@register.simple_tag
def ticking(due: datetime, now: datetime) -> SafeString:
    """Show the time from now to `due` in a sentence, ticking where there is JavaScript."""
    return format_html(
        '<span data-due="{}" data-now="{}">{}</span>',
        due.isoformat(),
        now.isoformat(),
        saying.lasting(due - now),
    )


@register.simple_tag
def length_large(length: timedelta) -> SafeString:
    """Show a length of time as the subject of the page."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return format_html("{}<small>s</small>", seconds)
    if seconds < 3600:
        return format_html("{}<small>min</small>", seconds // 60)
    return _large(seconds, ticking=False)


@register.simple_tag
def track(card: Card) -> SafeString:
    """Draw the delay as a bar over business and other hours."""
    if card.run.deadline is None:
        return SafeString("")
    marks = card.marks if card.open else ()
    return clock_track(Track(card.run.receipt.at, card.run.deadline, card.until, card.spans, marks))


@register.simple_tag
def kept(card: Card) -> SafeString:
    """Show how a promise stands, by shape and word."""
    if card.status == "running":
        return format_html(
            '<span class="nb">{}</span>', _("%(time)s left") % {"time": saying.lasting(card.left)}
        )
    words = {
        "late": ("critical", _("late")),
        "met": ("ok", _("kept")),
        "closed": ("none", _("closed in time")),
        "missed": ("critical", _("missed")),
    }
    return state(*words[card.status])


@register.simple_tag
def left_cell(card: Card) -> SafeString:
    """Show the time left to intervene in a row: the number, and under it what it counts."""
    if card.status in {"met", "closed"}:
        said = _("Kept") if card.status == "met" else _("Closed")
        more = _("%(used)s of %(allowed)s") % {
            "used": saying.lasting(card.used),
            "allowed": saying.lasting(card.allowed),
        }
        return format_html('<span class="left good">{}<small>{}</small></span>', said, more)
    if card.status == "missed":
        said = _("%(time)s late") % {"time": saying.exactly_lasting(card.late)}
        return format_html('<span class="left">{}<small>{}</small></span>', said, _("clock stopped"))
    how = _("counted in business hours") if card.counts_business else _("counted day and night")
    if card.status == "running":
        return format_html('<span class="left">{}<small>{}</small></span>', saying.lasting(card.left), how)
    said = _("%(time)s late") % {"time": saying.exactly_lasting(card.late)}
    return format_html('<span class="left late">{}<small>{}</small></span>', said, how)


@register.inclusion_tag("pieces/card.html", takes_context=True)
def clock_card(context: template.Context, card: Card) -> Mapping[str, Any]:
    """Show a promise whole: time, regime, deadline, what is at stake. The desk sees who has it."""
    return {"card": card, "ticket": card.ticket, "at": context["at"], "staff": context["actor"].is_staff}


@register.simple_tag(takes_context=True)
def portal_sentence(context: template.Context, card: Card) -> SafeString:
    """Say the one sentence of the client's home when something is down."""
    at, received, due = context["at"], saying.near(card.clock.started_at, context["at"]), card.run.deadline
    first = _("We received your declaration at %(at)s.") % {"at": received}
    if card.verdict is not None and card.verdict.intervention is not None:
        second = _("%(name)s intervened at %(at)s.") % {
            "name": card.verdict.intervention.person.name,
            "at": saying.exactly(card.verdict.stopped_at, at),
        }
        return format_html("{}<br>{}{}", first, second, _was_late(card, at))
    if due is None:
        return format_html("{}", first)
    said = (
        _("A person had to intervene before {due}, and nobody has.")
        if card.status == "late"
        else _("A person must intervene before {due}.")
    )
    before, after = said.split("{due}")
    return format_html("{}<br>{}<b>{}</b>{}", first, before, saying.exactly(due, at), after)


def _was_late(card: Card, at: datetime) -> str:
    """Say once, in the sentence after, that an intervention came late, by how much, and what that owes."""
    due = card.run.deadline
    if card.status != "missed" or due is None:
        return ""
    said = _("It was late by %(late)s: a person had to intervene before %(due)s.") % {
        "late": saying.exactly_lasting(card.late),
        "due": saying.exactly(due, at),
    }
    if card.stake is None or not card.stake.due_cents:
        return f" {said}"
    return (
        " "
        + said
        + " "
        + _("We owe you %(sum)s if you ask for it.") % {"sum": saying.amount(card.stake.due_cents)}
    )


@register.simple_tag(takes_context=True)
def breach_sentence(context: template.Context, card: Card, owed: Any) -> str:
    """Say the admission: what was missed, and what is owed on request (article 6)."""
    if card.run.deadline is None:
        return ""
    due = saying.exactly(card.run.deadline, context["at"])
    if owed is None:
        return _("We missed our promise: nobody intervened before %(due)s.") % {"due": due}
    said = _("We missed our promise: nobody intervened before %(due)s. We owe you %(sum)s if you ask for it.")
    return said % {"due": due, "sum": saying.amount(owed.due_cents)}


@register.inclusion_tag("pieces/steps.html", takes_context=True)
def portal_steps(context: template.Context, card: Card) -> Mapping[str, Any]:
    """Show the four steps of an incident: received, taken, intervention, restored."""
    return {"card": card, "ticket": card.ticket, "at": context["at"]}


@register.simple_tag
def now_title(board: Any) -> str:
    """Say in one line what the desk must know first."""
    late, running = len(board.late), len(board.running)
    missed = ngettext("%(n)d deadline is past", "%(n)d deadlines are past", late) % {"n": late}
    left = ngettext("%(n)d delay is running", "%(n)d delays are running", running) % {"n": running}
    if late and running:
        return f"{missed}, {left}"
    return capfirst(missed if late else left) if late or running else _("No deadline is running")


@register.inclusion_tag("pieces/strip.html", takes_context=True)
def strip(context: template.Context) -> Mapping[str, Any]:
    """Show on top of each desk page: today's hours, the regime now, and the nearest deadline."""
    at, actor = context["at"], context["actor"]
    midnight = at.astimezone(hearer().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = spans_between(usual_terms(), midnight, midnight + timedelta(days=1))
    inside, until = _regime(at)
    judged = Verdict.objects.visible_to(actor).filter(replaced_at=None)
    running = (
        Clock.objects.visible_to(actor)
        .current()
        .contractual()
        .filter(ticket__state__in=("open", "waiting"))
        .exclude(pk__in=judged.values("clock_id"))
    )
    nearest = running.filter(deadline_at__gt=at).select_related("ticket").order_by("deadline_at").first()
    return {
        "brand": context["brand"],
        "day": day_bar(at, spans),
        "inside": inside,
        "until": until,
        "at": at,
        "nearest": nearest,
        "late": running.filter(deadline_at__lte=at).count(),
    }


def _regime(at: datetime) -> tuple[bool, datetime]:
    """Return whether `at` is in business hours of the general terms, and until when that holds."""
    stretches = spans_between(usual_terms(), at, at + timedelta(days=10))
    return stretches[0][2], stretches[0][1]
