"""The forms about what an order line must have, and about its stops: each refusal under its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from astreinte.doors import naming
from astreinte.doors.fields import Asked, InstantField, timed

SHORTEST = 10
"""Characters of a reason: the client reads it, or it has to hold years later."""

WRITE_WHY = {
    "required": lazy("Write why, in 10 characters or more: it stays written."),
    "min_length": lazy("Write why, in 10 characters or more: it stays written."),
}


class WaiveForm(Asked):
    """A line may begin without a condition, for a written reason."""

    kind = forms.ChoiceField(label=lazy("Condition"), choices=())
    reason = forms.CharField(
        label=lazy("Why it may begin without"), min_length=SHORTEST, max_length=500, error_messages=WRITE_WHY
    )

    def __init__(self, *args: Any, kinds: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(one, naming.condition(one)) for one in kinds]


class SuspendForm(Asked):
    """A line is suspended at once, for a reason that the client reads."""

    reason = forms.CharField(
        label=lazy("Why (the client reads it)"), min_length=SHORTEST, max_length=500, error_messages=WRITE_WHY
    )


class AtForm(Asked):
    """The instant at which a contract is looked at."""

    at = InstantField(label=lazy("As it stood at"), midnight=True, required=False)

    def __init__(self, *args: Any, now: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        timed(self, now)
