"""The forms about tickets: what reached the staff, what is said, done and decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from astreinte.doors import naming
from astreinte.doors.desk.asking import CHOOSE, choice
from astreinte.doors.fields import REQUIRED, Asked, InstantField, offer, timed
from astreinte.records.accounts.models import Client, Person
from astreinte.records.inventory.models import Server
from astreinte.records.worklog.intervening import ENOUGH

NATURES = [("incident", lazy("Incident")), ("support", lazy("Support request"))]


class ReceivedForm(Asked):
    """What reached the staff otherwise than by the portal."""

    key = forms.RegexField(r"(?:desk|phone):[a-z0-9]{16}", widget=forms.HiddenInput)
    client = choice(Client.objects.none(), label=lazy("Client"))
    server = choice(
        Server.objects.none(), label=lazy("Server"), required=False, empty_label=lazy("none in particular")
    )
    subject = forms.CharField(label=lazy("Subject"), max_length=200, error_messages=REQUIRED)
    priority = forms.ChoiceField(label=lazy("Priority"), choices=naming.PRIORITIES, error_messages=CHOOSE)
    text = forms.CharField(label=lazy("What is known"), widget=forms.Textarea, error_messages=REQUIRED)

    def __init__(self, *args: Any, clients: Any, servers: Any, tickets: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, client=clients, server=servers)
        self.tickets = tickets

    def clean(self) -> dict[str, Any]:
        """Refuse a server of somebody else."""
        said = super().clean() or {}
        client, server = said.get("client"), said.get("server")
        if client and server and server.client_id != client.pk:
            self.add_error(
                "server",
                _("%(server)s is not a server of %(client)s. Choose one of theirs, or none.")
                % {"server": server.name, "client": client.name},
            )
        return said


class EnterForm(ReceivedForm):
    """The staff writes a ticket down: its own channel, which starts no contractual clock."""

    nature = forms.ChoiceField(label=lazy("Nature"), choices=NATURES, error_messages=CHOOSE)
    field_order = ("key", "client", "server", "subject", "priority", "nature", "text")


class CallForm(ReceivedForm):
    """A call is written down, at the call's own instant."""

    rang_at = InstantField(
        label=lazy("When it rang"),
        help_text=lazy(
            "The first ring, even unanswered: it starts the guaranteed time. For example 11:30, or 2026-12-01 11:30."
        ),
        error_messages=REQUIRED,
    )
    number = forms.CharField(label=lazy("Number that was called"), max_length=20, error_messages=REQUIRED)
    caller = forms.CharField(label=lazy("Who called"), max_length=200, error_messages=REQUIRED)
    answered = forms.ChoiceField(
        label=lazy("Answered?"),
        choices=[("yes", lazy("Yes")), ("no", lazy("No, missed or voicemail"))],
        error_messages=CHOOSE,
    )
    ticket = forms.IntegerField(
        label=lazy("About ticket number"),
        required=False,
        min_value=1,
        help_text=lazy("Leave empty to open a ticket; with a number, subject and text are not needed."),
        error_messages={"invalid": lazy("Write the number of the ticket, for example 4812.")},
    )
    field_order = (
        "key",
        "rang_at",
        "number",
        "caller",
        "answered",
        "client",
        "server",
        "ticket",
        "subject",
        "priority",
        "text",
    )

    def __init__(self, *args: Any, now: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        timed(self, now)
        if self.data.get("ticket"):
            self.fields["subject"].required = self.fields["text"].required = False

    def clean_rang_at(self) -> Any:
        """Refuse an instant to come."""
        at = self.cleaned_data["rang_at"]
        if at > self.now:
            raise ValidationError(_("This is still to come. Write the instant of the first ring."))
        return at

    def clean(self) -> dict[str, Any]:
        """Refuse a ticket that is not an open one of that client."""
        said = super().clean()
        number, client = said.get("ticket"), said.get("client")
        if number and client and not self.tickets.filter(number=number, client=client).exists():
            self.add_error(
                "ticket",
                _("#%(number)d is no open ticket of %(client)s. Leave it empty to open one.")
                % {"number": number, "client": client.name},
            )
        return said


class TextForm(Asked):
    """A few words: a reply, a note, a diagnostic, the end of an intervention."""

    text = forms.CharField(
        label=lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
        max_length=20_000,
    )


class DiagnosticForm(TextForm):
    """A diagnostic: long enough to say what is wrong and what will be done; "we are looking into it" is none."""

    text = forms.CharField(
        label=lazy("Diagnostic, which the client reads"),
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=40,
        max_length=20_000,
        error_messages=REQUIRED
        | {
            "min_length": lazy(
                "Too short to be a diagnostic: write what is wrong and what will be done, in 40 characters or more."
            )
        },
    )


class AssignForm(Asked):
    """A ticket is given to somebody of the staff."""

    person = choice(Person.objects.none(), label=lazy("To whom"))

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, person=people)


class CloseForm(Asked):
    """A ticket is closed; with a running clock the client sees why."""

    reason = forms.CharField(
        label=lazy("Reason, which the client reads"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": lazy(
                "Nobody has intervened: write the reason that the client will read,"
                " for example “false alarm, our probe was at fault”."
            )
        },
    )

    def __init__(self, *args: Any, intervened: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = not intervened


class MergeForm(Asked):
    """A ticket is merged into another of the same client."""

    into = forms.IntegerField(
        label=lazy("Into ticket number"),
        min_value=1,
        error_messages=REQUIRED | {"invalid": lazy("Write the number of the ticket, for example 4812.")},
    )


class StartForm(Asked):
    """An intervention begins now; or it began before, after somebody reported, with its evidence."""

    started_at = InstantField(
        label=lazy("It began earlier, at"), required=False, help_text=lazy("Leave empty when it begins now.")
    )
    evidence = forms.CharField(
        label=lazy("Evidence of that instant"),
        required=False,
        help_text=lazy("The log of the session, the call, the mail."),
    )

    def __init__(self, *args: Any, now: Any = None, since: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now, self.since = now, since
        timed(self, now)

    def clean(self) -> dict[str, Any]:
        """Refuse an instant to come or before anybody reported, and a past one without evidence."""
        said = super().clean() or {}
        begun = said.get("started_at")
        if begun is None:
            return said
        if self.now is not None and begun > self.now:
            self.add_error("started_at", _("This is still to come. Leave it empty to begin now."))
        elif self.since is not None and begun < self.since:
            self.add_error(
                "started_at", _("Nobody and nothing had reported this then. Write when the work on it began.")
            )
        elif len(said.get("evidence", "")) < ENOUGH:
            self.add_error(
                "evidence",
                _(
                    "What is written down afterwards needs its evidence, in 20 characters or more,"
                    " for example “session s-88213, first command at 11:58:20”."
                ),
            )
        return said


class PlaceForm(Asked):
    """A ticket that came without a server is told which one it is about."""

    server = choice(Server.objects.none(), label=lazy("Which server it is about"))

    def __init__(self, *args: Any, servers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, server=servers)
