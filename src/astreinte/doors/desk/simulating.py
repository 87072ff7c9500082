"""What would other terms have cost? The real tickets of a year under two sets of terms. Nothing is changed by it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from astreinte.doors import bars, promises, simulating
from astreinte.doors.desk import wording
from astreinte.doors.desk.asking import choice
from astreinte.doors.fields import REQUIRED, Asked, offer
from astreinte.doors.who import PageRequest, for_staff
from astreinte.records.accounts.models import Client
from astreinte.records.commitments import exporting
from astreinte.records.contracts.models import Terms
from astreinte.records.tickets.models import Ticket
from astreinte.rules.sla.simulating import Changed, Comparison
from astreinte.rules.sla.terms import TermsError
from astreinte.words import hearer, simulations
from astreinte.words.typography import NB

Json = dict[str, Any]

MOST = 2_000
"""Tickets that a page reads: more are for the command line, which nobody waits for."""
SHOWN = 50
CHANGES = {
    "critical": ("targets", "critical", "business"),
    "critical_night": ("targets", "critical", "non_business"),
    "urgent": ("targets", "urgent", "business"),
    "multiplier": ("penalty", "multiplier"),
}


class SimulationForm(Asked):
    """Which tickets, under which two sets of terms."""

    year = forms.IntegerField(
        label=lazy("Year of the deadlines"),
        min_value=2000,
        max_value=2098,
        error_messages=REQUIRED
        | {"invalid": lazy("Write a year such as 2026."), "min_value": lazy("Write a year such as 2026.")}
        | {"max_value": lazy("Write a year such as 2026.")},
    )
    client = choice(
        Client.objects.none(), label=lazy("Client"), required=False, empty_label=lazy("All clients")
    )
    first = choice(
        Terms.objects.none(), label=lazy("Compare"), required=False, empty_label=lazy("The terms that held")
    )
    second = choice(Terms.objects.none(), label=lazy("with these terms"))
    critical = forms.CharField(
        label=lazy("Critical, business hours"), required=False, help_text=lazy("For example 1h or 1h30m")
    )
    critical_night = forms.CharField(label=lazy("Critical, other hours"), required=False)
    urgent = forms.CharField(label=lazy("Urgent, business hours"), required=False)
    multiplier = forms.CharField(
        label=lazy("Multiplier of the penalty"), required=False, help_text=lazy("For example 10")
    )

    def __init__(self, *args: Any, clients: Any, terms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, client=clients, first=terms, second=terms)

    @property
    def change(self) -> Json:
        """What is changed in the second terms, as a patch of terms."""
        patch: Json = {}
        for name, path in CHANGES.items():
            value = self.cleaned_data.get(name)
            if value:
                inner = patch
                for key in path[:-1]:
                    inner = inner.setdefault(key, {})
                inner[path[-1]] = value.strip()
        return patch


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: how it is called, its promises in words, the share that was kept, late tickets, cents due."""

    name: str
    rows: tuple[tuple[str, str], ...]
    late: int
    kept: str
    due_cents: int


@require_safe
@for_staff
def simulation(request: PageRequest) -> HttpResponse:
    """Ask for two sets of terms, and show what they come to once they are chosen."""
    terms = Terms.objects.visible_to(request.actor).order_by("-written_at", "-pk")
    asked = SimulationForm(
        request.GET if "year" in request.GET else None,
        initial={"year": f"{request.at:%Y}"},
        clients=Client.objects.visible_to(request.actor).filter(internal=False).order_by("name"),
        terms=terms,
    )
    page: dict[str, Any] = {"form": asked, "any_terms": terms.exists()}
    if asked.is_bound and asked.is_valid():
        page |= _worked_out(request, asked)
    return render(
        request, "desk/simulation.html", page, status=422 if asked.is_bound and asked.errors else 200
    )


def _worked_out(request: PageRequest, asked: SimulationForm) -> Mapping[str, Any]:
    said = asked.cleaned_data
    seen = Client.objects.visible_to(request.actor).filter(internal=False)
    clients = [said["client"]] if said["client"] else list(seen)
    if exporting.count(clients, said["year"]) > MOST:
        asked.add_error(
            "year", _("There are too many tickets for a page. Choose one client, or use the command line.")
        )
        return {}
    try:
        first = exporting.tried(said["first"], {}, said["year"]) if said["first"] else None
        second = exporting.tried(said["second"], asked.change, said["year"])
        export = exporting.of_year(clients, said["year"], at=request.at)
        found = simulating.compare(export.lines(), first, second, now=request.at)
    except TermsError as error:
        asked.add_error(_field_of(error), wording.no_terms(error))
        return {}
    except simulating.SimulationError as error:
        asked.add_error("second", _why_not(error))
        return {}
    return {
        "found": found,
        "sentence": simulations.sentence(found),
        "apart": {one.within for one in export.differences()} if first is None else set(),
        "sides": _sides(asked, found, second),
        "chart": bars.by_month([(one.month, one.due_cents) for one in found.months], _("Sums due by month")),
        "changed": _changed(request, found),
        "more_changed": max(0, len(found.changed) - SHOWN),
    }


def _why_not(error: simulating.SimulationError) -> str:
    if not error.place:
        return _("It took too long. Choose one client, or use the command line.")
    said = _("%(place)s “%(value)s” cannot be judged under these terms. Choose others.")
    return said % {"place": error.place, "value": error.value}


def _field_of(error: TermsError) -> str:
    place = tuple(error.place.split("."))
    return next((name for name, path in CHANGES.items() if path == place), "second")


def _sides(asked: SimulationForm, found: Comparison, second: Json) -> list[Side]:
    said = asked.cleaned_data
    names = [said["first"].name if said["first"] else _("The terms that held"), said["second"].name]
    if asked.change:
        names[1] = _("%(terms)s, changed") % {"terms": names[1]}
    rows = [(), tuple(promises.changes(json.dumps(asked.change)))]
    return [
        Side(name, changes, one.late, _percent(one.kept, one.judged), one.due_cents)
        for name, changes, one in zip(names, rows, found.sides, strict=True)
    ]


def _percent(kept: int, judged: int) -> str:
    """Return a share cut to hundredths: what was missed once is never 100 %."""
    if not judged:
        return "–"
    share = Decimal(kept * 10_000 // judged) / 100
    said = format_decimal(share, format="0.##", locale=hearer().locale)
    return f"{said}{NB}%" if hearer().language == "fr" else f"{said}%"


def _changed(request: PageRequest, found: Comparison) -> list[tuple[Changed, Ticket | None]]:
    """Return the tickets that change, the greatest difference first, each with its own row."""
    several = found.changed[:SHOWN]
    numbers = {int(one.ticket.partition("/")[0]) for one in several}
    rows = Ticket.objects.visible_to(request.actor).filter(number__in=numbers).select_related("client")
    by_number = {row.number: row for row in rows}
    return [(one, by_number.get(int(one.ticket.partition("/")[0]))) for one in several]
