"""The forms of the desk: each field with its example, each refusal under its field."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from astreinte.doors import naming
from astreinte.doors.desk import wording
from astreinte.doors.fields import REQUIRED, Asked, EurosField, InstantField, next_minute, offer, timed
from astreinte.engine.probes import kinds
from astreinte.engine.probes.options import OptionError
from astreinte.records.accounts.models import Client
from astreinte.records.contracts.models import OrderLine, Terms
from astreinte.records.inventory.listing import HOST
from astreinte.records.inventory.models import Server

STAFF_ROLES = [
    ("engineer", lazy("Engineer: intervenes, watches")),
    ("manager", lazy("Manager: also binds clients")),
    ("accountant", lazy("Accountant: reads")),
    ("admin", lazy("Administrator: everything")),
]
CLIENT_ROLES = [
    ("technical", lazy("Technical: declares, replies")),
    ("signatory", lazy("Signatory: also commits the client")),
    ("billing", lazy("Billing: reads")),
    ("reader", lazy("Reader: reads")),
]
CHOOSE = {"required": lazy("Choose one."), "invalid_choice": lazy("Choose one of the list.")}


def choice(rows: Any, **options: Any) -> "forms.ModelChoiceField[Any]":
    """Return a choice among rows that the actor may see; anything else is no choice."""
    options.setdefault("empty_label", lazy("Choose…"))
    return forms.ModelChoiceField(queryset=rows, error_messages=CHOOSE, **options)


class ClientForm(Asked):
    """A client is added."""

    name = forms.CharField(label=lazy("Name of the client"), max_length=200, error_messages=REQUIRED)


class InviteForm(Asked):
    """A person is added, and gets a link that works once."""

    name = forms.CharField(label=lazy("Name"), max_length=200, error_messages=REQUIRED)
    email = forms.EmailField(
        label=lazy("E-mail address"),
        error_messages=REQUIRED | {"invalid": lazy("This is no address. Write it like ines@kermor.example.")},
    )
    role = forms.ChoiceField(label=lazy("Role"), choices=(), error_messages=CHOOSE)

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = roles

    def clean_email(self) -> str:
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()


class NumberForm(Asked):
    """An emergency number is defined: a call on it starts the clock (article 5)."""

    number = forms.CharField(
        label=lazy("Emergency number"),
        help_text=lazy("A call received on this number starts the guaranteed delay (art. 5)."),
        error_messages=REQUIRED,
    )


class ServerForm(Asked):
    """A server is taken under management."""

    client = choice(Client.objects.none(), label=lazy("Client"))
    name = forms.CharField(
        label=lazy("Name of the server"),
        help_text=lazy("For example www1.shop.example"),
        error_messages=REQUIRED,
    )
    address = forms.CharField(
        label=lazy("Address"),
        required=False,
        help_text=lazy("What our probes connect to; the name when left empty."),
    )

    def __init__(self, *args: Any, clients: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, client=clients)

    def clean_name(self) -> str:
        """Return the name in small letters; it must be one a machine can have."""
        return _host(self.cleaned_data["name"].lower())

    def clean_address(self) -> str:
        """Return the address, blank when none was given."""
        given: str = self.cleaned_data["address"]
        return _host(given) if given else ""


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValidationError(
            _("“%(text)s” is no host name and no IP address. Write for example “www1.shop.example”.")
            % {"text": text}
        )
    return text


class ServiceForm(Asked):
    """A service is declared on a server."""

    name = forms.CharField(
        label=lazy("Service"),
        max_length=100,
        help_text=lazy("As the client calls it: shop, payment, mail."),
        error_messages=REQUIRED,
    )
    essential = forms.BooleanField(
        label=lazy("Essential or urgent function of the client (art. 5)"), required=False
    )


class CheckForm(Asked):
    """A check is declared by what it looks at: the address of a page, or a port."""

    what = forms.CharField(
        label=lazy("A page or a port"),
        help_text=lazy("For example https://shop.kermor.example/ or 5432"),
        error_messages=REQUIRED,
    )
    name = forms.CharField(label=lazy("Name of the check"), max_length=100, required=False)

    def clean_what(self) -> tuple[str, dict[str, Any]]:
        """Return the kind of the probe and its options."""
        text: str = self.cleaned_data["what"]
        try:
            kind, options = _watched(text)
            kinds.read_options(kind, options)
        except (ValueError, OptionError):
            raise ValidationError(
                _(
                    "“%(text)s” is no page and no port. Write for example “https://shop.kermor.example/” or “5432”."
                )
                % {"text": text}
            ) from None
        return kind, options


def _watched(text: str) -> tuple[str, dict[str, Any]]:
    if text.isdecimal():
        return "tcp", {"port": int(text)}
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(text)
    path = parts.path or "/"
    options: dict[str, Any] = {
        "host": parts.hostname,
        "path": f"{path}?{parts.query}" if parts.query else path,
    }
    if parts.port is not None:
        options["port"] = parts.port
    if parts.scheme == "https":
        options["tls"] = True
    return "http", options


def soonest() -> InstantField:
    """Return the instant from which something begins; the page remembers the one that it offered."""
    return InstantField(label=lazy("From"), midnight=True, error_messages=REQUIRED, show_hidden_initial=True)


class BeginningForm(Asked):
    """A change that begins from now on: the next minute is offered, and left as it is it means "at once"."""

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"from_at": next_minute(now)}} | options)
        self.now = now
        timed(self, now)

    def clean_from_at(self) -> datetime:
        """Return the instant; an offer that nobody changed, and that time has overtaken, is now."""
        begun: datetime = self.cleaned_data["from_at"]
        return begun if "from_at" in self.changed_data else max(begun, self.now)


class ManageForm(BeginningForm):
    """It is said what of a server is managed, from an instant on (A2.13)."""

    infrastructure = forms.BooleanField(
        label=lazy("Infrastructure managed: machine, hypervisor, network, DNS"), required=False
    )
    system = forms.BooleanField(
        label=lazy("System managed: operating system, services, certificates"), required=False
    )
    from_at = soonest()


class CoverForm(BeginningForm):
    """A server is covered by an order line from an instant on: since this morning, when nothing covers it yet."""

    line = choice(OrderLine.objects.none(), label=lazy("Order line"))
    from_at = soonest()

    def __init__(self, *args: Any, lines: Any, covered: bool, now: datetime, **options: Any) -> None:
        first = {} if covered else {"initial": {"from_at": f"{timezone.localdate(now):%Y-%m-%d}"}}
        super().__init__(*args, now=now, **first, **options)
        self.covered = covered
        offer(self, line=lines)

    def clean_from_at(self) -> datetime:
        """Return the instant as it was written when nothing covers the server that could be cut short."""
        begun: datetime = super().clean_from_at() if self.covered else self.cleaned_data["from_at"]
        return begun


class BindForm(Asked):
    """A client is bound by an order line: plan, price, period, terms."""

    client = choice(Client.objects.none(), label=lazy("Client"))
    plan = forms.CharField(
        label=lazy("Plan"),
        max_length=100,
        help_text=lazy("For example “Managed hosting 24/7”"),
        error_messages=REQUIRED,
    )
    price = EurosField(
        label=lazy("Price before tax"), help_text=lazy("For example 500.00"), error_messages=REQUIRED
    )
    period = forms.ChoiceField(label=lazy("Period"), choices=naming.PERIODS, error_messages=CHOOSE)
    terms = choice(Terms.objects.none(), label=lazy("Terms"))
    from_at = InstantField(label=lazy("From"), midnight=True, error_messages=REQUIRED)
    until_at = InstantField(label=lazy("Until"), midnight=True, required=False)
    tacit = forms.BooleanField(
        label=lazy("Renewed by itself at the end of each period"), required=False, initial=True
    )
    requires = forms.MultipleChoiceField(
        label=lazy("What it needs before it promises"),
        choices=naming.CONDITIONS,
        widget=forms.SelectMultiple,
        required=False,
        help_text=lazy("It then waits, and promises nothing until it is activated."),
    )

    def __init__(self, *args: Any, clients: Any, terms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, client=clients, terms=terms)


class PriceForm(BeginningForm):
    """The price of an order line changes from an instant on."""

    price = EurosField(label=lazy("New price before tax"), error_messages=REQUIRED)
    from_at = soonest()


class PatchField(forms.CharField):
    """A JSON object: the keys of the terms that change."""

    widget = forms.Textarea(
        attrs={"rows": 6, "class": "m", "spellcheck": "false", "placeholder": wording.EXAMPLE}
    )

    def __init__(self, **options: Any) -> None:
        hint = format_lazy(
            "{} {}",
            lazy("In JSON, only the keys that change; the others stay. For example"),
            wording.EXAMPLE,
        )
        super().__init__(**{"help_text": hint} | options)

    def clean(self, value: Any) -> Any:
        """Return the object."""
        text = str(super().clean(value))
        try:
            found = json.loads(text or "{}")
        except ValueError as error:
            raise ValidationError(wording.not_json(error)) from None
        if not isinstance(found, dict):
            raise ValidationError(
                _("Write an object, for example %(example)s") % {"example": wording.EXAMPLE}
            )
        return found


class OverlayForm(BeginningForm):
    """A specific contract changes some values of the terms for a while."""

    title = forms.CharField(label=lazy("Title"), max_length=200, error_messages=REQUIRED)
    patch = PatchField(label=lazy("Values that change"), required=False)
    clause = forms.CharField(
        label=lazy("The clause, in words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        required=False,
    )
    servers = forms.ModelMultipleChoiceField(
        queryset=Server.objects.none(),
        to_field_name="public_id",
        label=lazy("On these servers alone"),
        widget=forms.SelectMultiple,
        required=False,
        help_text=lazy("None: on all that the order line covers."),
        error_messages={"invalid_choice": lazy("Choose servers of the list.")},
    )
    from_at = soonest()
    until_at = InstantField(label=lazy("Until"), midnight=True, required=False)
    paper = forms.FileField(label=lazy("The signed paper, a PDF"), required=False)

    def __init__(self, *args: Any, servers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, servers=servers)

    def clean(self) -> dict[str, Any]:
        """Refuse a start that is past and an end that is not after the start, each under its own field."""
        said = super().clean() or {}
        begun, over = said.get("from_at"), said.get("until_at")
        if begun is not None and begun < self.now:
            self.add_error("from_at", _("This is past. Write an instant from now on."))
        elif begun is not None and over is not None and over <= begun:
            self.add_error("until_at", _("The end is not after the start. Write a later instant."))
        return said


class TermsForm(Asked):
    """Terms are written down, as a change of others."""

    name = forms.SlugField(
        label=lazy("Name"),
        max_length=100,
        help_text=lazy("For example infogerance-2027"),
        error_messages=REQUIRED
        | {"invalid": lazy("Small letters, digits and hyphens only, for example infogerance-2027.")},
    )
    extends = forms.ModelChoiceField(
        label=lazy("On the basis of"),
        queryset=Terms.objects.none(),
        required=False,
        empty_label=lazy("the special terms of 2017, built in"),
        error_messages=CHOOSE,
    )
    patch = PatchField(label=lazy("Values that change"), required=False)

    def __init__(self, *args: Any, terms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, extends=terms)
