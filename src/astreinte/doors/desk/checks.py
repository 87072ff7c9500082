"""A check is declared: first what is looked at, then the options of that kind, each in its own field."""

import dataclasses
import math
from types import UnionType
from typing import Any, get_args, get_type_hints

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from astreinte.doors import offering
from astreinte.doors.desk import probing
from astreinte.doors.desk.asking import CHOOSE
from astreinte.doors.desk.servers import a_server
from astreinte.doors.fields import REQUIRED, Asked
from astreinte.doors.who import PageRequest, for_staff
from astreinte.engine.probes import icmp, kinds
from astreinte.engine.probes.options import LONGEST_TIMEOUT_S, OptionError
from astreinte.records.inventory.models import Server
from astreinte.records.monitoring import checking
from astreinte.records.monitoring.checking import LONGEST_S, MOST_ATTEMPTS

BOUNDS: dict[str, tuple[float, float]] = {
    "port": (1, 65535),
    "packets": (icmp.FEWEST, icmp.MOST),
    "timeout_s": (0.1, LONGEST_TIMEOUT_S),
}
PACE = {
    "every_s": (lazy("Every (seconds)"), LONGEST_S),
    "retry_s": (lazy("After a fault, every (seconds)"), LONGEST_S),
    "attempts": (lazy("Faults in a row that make it sure"), MOST_ATTEMPTS),
    "recoveries": (lazy("Right results in a row that end it"), MOST_ATTEMPTS),
}


class NumberField(forms.CharField):
    """A number, with a comma or a point; the value is None when it is left empty."""

    def __init__(
        self, *, whole: bool = False, least: float = 0, most: float = math.inf, **options: Any
    ) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric" if whole else "decimal"})
        super().__init__(**{"widget": widget} | options)
        self.whole, self.least, self.most = whole, least, most

    def prepare_value(self, value: Any) -> Any:
        """Return a number as the reader writes it; what somebody wrote stays as it is."""
        if not isinstance(value, int | float):
            return value
        plain = f"{value:.12g}"
        return plain.replace(".", ",") if (get_language() or "").startswith("fr") else plain

    def clean(self, value: Any) -> Any:
        """Return the number, or None."""
        text = str(super().clean(value))
        if not text:
            return None
        number = _number(text, whole=self.whole)
        if number is None:
            example = self.prepare_value(3 if self.whole else 2.5)
            raise ValidationError(
                _("“%(text)s” is no number here. Write for example “%(example)s”.")
                % {"text": text, "example": example}
            )
        if not self.least <= number <= self.most:
            raise ValidationError(self._bounds())
        return number

    def _bounds(self) -> str:
        least, most = self.prepare_value(self.least), self.prepare_value(self.most)
        if self.most == math.inf:
            return _("Write %(least)s or more.") % {"least": least}
        return _("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most}


def _number(text: str, *, whole: bool) -> int | float | None:
    plain = "".join(text.split()).replace(",", ".")
    try:
        number = float(plain)
        if not math.isfinite(number) or (whole and number != int(number)):
            return None
        return int(number) if whole else number
    except ValueError:
        return None


class CheckForm(Asked):
    """What is asked of one kind: its options, the name of the check, its pace. Left as it is, the kind's own."""

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, known = kind, kinds.kind_of(kind)
        self.types = get_type_hints(known.schema)
        self.asked = {one.name: one for one in dataclasses.fields(known.schema) if one.init}
        for one in sorted(self.asked.values(), key=lambda one: one.name in probing.FINER):
            self.fields[_option(one.name)] = _field(kind, one, self.types[one.name])
        self.fields["name"] = forms.CharField(
            label=lazy("Name of the check"),
            max_length=100,
            required=False,
            help_text=lazy("Made of what is looked at when left empty."),
        )
        for name, (label, most) in PACE.items():
            self.fields[_pace(name)] = NumberField(
                label=label,
                initial=getattr(known.pace, name),
                whole=True,
                least=1,
                most=most,
                error_messages=REQUIRED,
            )

    def clean(self) -> dict[str, Any]:
        """Ask the kind itself: what it refuses is told beside the field that it names."""
        said = super().clean() or {}
        if not self.errors:
            try:
                kinds.read_options(self.kind, self.options)
            except OptionError as error:
                named = str(error).partition(":")[0].split(",")[0].strip()
                place = probing.BESIDE.get(named, named)
                self.add_error(_option(place) if place in self.asked else None, self._refusal(named))
        return said

    def _refusal(self, named: str) -> str:
        if named not in self.asked:
            return _("These values do not go together.")
        words = probing.words(self.kind, named)
        if isinstance(self.fields[_option(named)], NumberField) and not words.right:
            return _("This does not go with the other limits: the warning comes before the critical level.")
        return str(words.right or words.hint)

    @property
    def options(self) -> dict[str, Any]:
        """The options that differ from the kind's own; only of a form that is valid."""
        found = {}
        for name, one in self.asked.items():
            value = self.cleaned_data[_option(name)]
            if value == "" and type(None) in get_args(self.types[name]):
                value = None
            if value != one.default:
                found[name] = value
        return found

    @property
    def pace(self) -> dict[str, int]:
        """The pace; only of a form that is valid."""
        return {name: self.cleaned_data[_pace(name)] for name in PACE}

    @property
    def first(self) -> list[BoundField]:
        """The fields that everybody looks at."""
        return [one for one in self if not _folded(one.name)]

    @property
    def rest(self) -> list[BoundField]:
        """The fields behind the fold."""
        return [one for one in self if _folded(one.name)]

    @property
    def unfolded(self) -> bool:
        """Whether something behind the fold is wrong."""
        return any(one.errors for one in self.rest)


def _option(name: str) -> str:
    """Return the name of an option's field; `name` alone is that of the check."""
    return f"option-{name}"


def _pace(name: str) -> str:
    return f"pace-{name}"


def _folded(field: str) -> bool:
    return field.startswith("pace-") or field.removeprefix("option-") in probing.FINER


def _field(kind: str, one: "dataclasses.Field[Any]", taken: Any) -> forms.Field:
    """Return the field of an option, by the type that the probe takes."""
    words = probing.words(kind, one.name)
    types = get_args(taken) if isinstance(taken, UnionType) else (taken,)
    unset = one.default is dataclasses.MISSING
    about: dict[str, Any] = {
        "label": words.label,
        "help_text": words.hint,
        "required": unset or (type(None) not in types and one.default != ""),
        "initial": None if unset else one.default,
    }
    if bool in types:
        return forms.BooleanField(**about | {"required": False})
    if one.name in probing.CHOICES:
        return forms.ChoiceField(**about, choices=probing.CHOICES[one.name], error_messages=CHOOSE)
    if str in types:
        return forms.CharField(**about, error_messages=REQUIRED)
    least, most = BOUNDS.get(one.name, (0, math.inf))
    return NumberField(**about, whole=int in types, least=least, most=most, error_messages=REQUIRED)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def declare(request: PageRequest, public_id: str) -> HttpResponse:
    """Choose a kind of check, then fill its fields and watch it."""
    found = a_server(request, public_id)
    offered, kind = offering.kinds_for(found.address), request.GET.get("kind", "")
    if kind not in offered:
        return _choose(request, found, offered, wanted=kind)
    form = CheckForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid() and _declared(request, found, form):
        messages.success(
            request, _("It is watched from now on. Until a result comes it is stale, never normal.")
        )
        return redirect("desk:server", public_id)
    page = {"form": form, "found": found, "title": probing.KINDS[kind], "kind": kind}
    return render(request, "desk/check.html", page)


def _declared(request: PageRequest, found: Server, form: CheckForm) -> bool:
    """Watch what the form says; False, with a word in the form, when the server cannot have it."""
    options = form.options
    try:
        checking.add(
            server=found,
            kind=form.kind,
            name=form.cleaned_data["name"] or offering.name_of(form.kind, options),
            options=options,
            **form.pace,
            at=request.at,
            actor=request.actor,
        )
    except checking.CheckError as error:
        if str(error).startswith("check.name"):
            form.add_error("name", _("A check of this name exists already. Write another name."))
        else:
            form.add_error(None, _("This server left management: nothing is watched on it any more."))
        return False
    return True


def _choose(request: PageRequest, found: Server, offered: tuple[str, ...], *, wanted: str) -> HttpResponse:
    def listed(*, remote: bool) -> list[tuple[str, Any]]:
        return [(name, probing.KINDS[name]) for name, one in kinds.KINDS.items() if one.remote is remote]

    page = {
        "found": found,
        "far": listed(remote=True),
        "near": listed(remote=False),
        "is_here": any(not kinds.kind_of(name).remote for name in offered),
        "refused": wanted in kinds.KINDS,
    }
    return render(request, "desk/kinds.html", page)
