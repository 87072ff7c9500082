"""The forms about texts: bring one in, print our own, write down what one promises, record a signed paper."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from astreinte.doors import handing
from astreinte.doors.desk.asking import CHOOSE, choice
from astreinte.doors.fields import REQUIRED, Asked, offer
from astreinte.records.accounts.models import Client, Person
from astreinte.records.contracts import documents
from astreinte.records.contracts.models import DocumentVersion, Terms

SPOKEN = [("fr", lazy("French")), ("en-gb", lazy("English"))]


class DayField(forms.DateField):
    """A day: 2026-12-01, or 01/12/2026."""

    def __init__(self, **options: Any) -> None:
        shown: dict[str, Any] = {
            "help_text": lazy("For example 2026-12-01"),
            "error_messages": REQUIRED | {"invalid": lazy("This is no day. Write for example “2026-12-01”.")},
            "input_formats": ["%Y-%m-%d", "%d/%m/%Y"],
            "widget": forms.TextInput(),
        }
        super().__init__(**(shown | options))


class KeptFile(forms.FileField):
    """A file that is kept: its bytes, at most one more than are taken."""

    def __init__(self, **options: Any) -> None:
        missing = {
            "required": lazy("Choose a file."),
            "empty": lazy("This file says nothing. Choose the one that holds the text."),
        }
        super().__init__(error_messages=missing, **options)

    def content(self, said: "UploadedFile[Any]") -> bytes:
        """Return the bytes."""
        return bytes(said.read(documents.LARGEST_PAPER + 1))


class ImportForm(Asked):
    """A version of a text comes in."""

    file = KeptFile(
        label=lazy("The text"), help_text=lazy("Markdown or plain text in UTF-8; it is kept byte for byte.")
    )
    kind = forms.ChoiceField(label=lazy("Kind"), choices=list(handing.KINDS.items()), error_messages=CHOOSE)
    language = forms.ChoiceField(label=lazy("Language"), choices=SPOKEN, error_messages=CHOOSE)
    name = forms.CharField(
        label=lazy("Name of the document"),
        help_text=lazy("The same name for its next version."),
        max_length=200,
        error_messages=REQUIRED,
    )
    effective_on = DayField(label=lazy("Applies from"))
    client = choice(Client.objects.none(), label=lazy("Client, for a specific contract"), required=False)

    def __init__(self, *args: Any, clients: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, client=clients)

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        field = self.fields["file"]
        assert isinstance(field, KeptFile)
        return field.content(self.cleaned_data["file"])


class OwnForm(Asked):
    """Our own texts are printed with the values of some terms."""

    terms = choice(Terms.objects.none(), label=lazy("Terms whose values the texts print"))
    language = forms.ChoiceField(label=lazy("Language"), choices=SPOKEN, error_messages=CHOOSE)
    effective_on = DayField(label=lazy("Applies from"))

    def __init__(self, *args: Any, terms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, terms=terms)


class TranscribeForm(Asked):
    """What a text promises, as data, and the clause of each value."""

    terms = choice(Terms.objects.none(), label=lazy("Terms that the text comes to"))
    mapping = forms.CharField(
        label=lazy("The clause of each value"),
        help_text=lazy("One a line: the key, then its clause. For example: penalty.cap 6.2.1"),
        widget=forms.Textarea,
        required=False,
    )

    def __init__(self, *args: Any, terms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, terms=terms)

    def clean_mapping(self) -> dict[str, str]:
        """Return the clauses by key."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["mapping"].splitlines():
            words = line.replace(":", " ").split()
            if words and len(words) != 2:
                raise ValidationError(
                    _("“%(line)s” is no key with its clause. Write for example “penalty.cap 6.2.1”.")
                    % {"line": line.strip()}
                )
            if words:
                found[words[0]] = words[1]
        return found


def written(mapping: str) -> str:
    """Return a mapping as the form holds it."""
    return "\n".join(f"{key} {anchor}" for key, anchor in json.loads(mapping).items())


class PaperForm(Asked):
    """A paper that the client signed is recorded; the staff never accepts for a client."""

    paper = KeptFile(label=lazy("The signed paper"), help_text=lazy("A PDF of at most 20 MB."))
    person = choice(Person.objects.none(), label=lazy("Who signed for the client"))
    signed_on = DayField(label=lazy("Signed on"))
    texts = forms.ModelMultipleChoiceField(
        queryset=DocumentVersion.objects.none(),
        to_field_name="public_id",
        label=lazy("The texts that the paper speaks of"),
        widget=forms.SelectMultiple,
        error_messages={
            "required": lazy("Choose at least one text."),
            "invalid_choice": lazy("Choose texts of the list."),
        },
    )

    def __init__(self, *args: Any, people: Any, texts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, person=people, texts=texts)

    @property
    def content(self) -> bytes:
        """The bytes of the paper."""
        field = self.fields["paper"]
        assert isinstance(field, KeptFile)
        return field.content(self.cleaned_data["paper"])
