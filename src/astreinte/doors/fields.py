"""Form fields that read what people write: instants, amounts. Errors say what is wrong and show what is right."""

import re
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from astreinte.loops import clock
from astreinte.rules import money

HOUR = re.compile(r"(?P<h>\d{1,2})(?:[:h](?P<m>\d{2})?(?::(?P<s>\d{2}))?)")
DAY = re.compile(
    r"(?:(?P<y>\d{4})-(?P<mo>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})/(?P<mo2>\d{1,2})/(?P<y2>\d{4}))"
)
OFFSET = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$")


class Asked(forms.Form):
    """A form of ours: its own messages, shown by us (the browser's bubbles know neither French nor examples)."""

    use_required_attribute = False


def offer(form: forms.Form, **rows: QuerySet[Any]) -> None:
    """Give choices of a form, by name, the rows to choose from: those that the actor may see."""
    for name, several in rows.items():
        field = form.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            raise TypeError(f"{name}: is no choice among rows")
        field.queryset = several


def timed(form: forms.Form, now: datetime | None) -> None:
    """Tell the instants of a form what time it is: "11:30" alone is of that day."""
    for field in form.fields.values():
        if isinstance(field, InstantField):
            field.now = now


class InstantField(forms.CharField):
    """An instant in the reader's zone: "2026-11-23 11:30", "23/11/2026 11:30", "11:30" of today, or with +01:00.

    In the repeated hour of October an offset must be written; an hour that the spring night skips is refused.
    The value is an aware datetime in UTC; blank gives None when the field is optional.
    """

    def __init__(self, *, now: datetime | None = None, midnight: bool = False, **options: Any) -> None:
        example = (
            lazy("For example 2026-12-01, or 2026-12-01 09:00")
            if midnight
            else lazy("For example 11:30, or 2026-12-01 11:30")
        )
        super().__init__(**{"help_text": example} | options)
        self.now = now
        self.midnight = midnight

    def clean(self, value: Any) -> Any:
        """Return the instant in UTC, or None for a blank that is allowed."""
        text = " ".join(str(super().clean(value)).split())
        if not text:
            return None
        return read_instant(text, now=self.now or clock.now(), midnight=self.midnight)


def read_instant(text: str, *, now: datetime, midnight: bool = False) -> datetime:
    """Return the instant that a person wrote; raises ValidationError with an example. `midnight`: a day is enough."""
    zone = timezone.get_current_timezone()
    offset = OFFSET.search(text)
    body = text[: offset.start()] if offset else text
    local = _local(body.replace("T", " "), text, timezone.localtime(now, zone).date(), midnight)
    if offset:
        return datetime.fromisoformat(f"{local.isoformat()}{offset[1].replace('Z', '+00:00')}").astimezone(
            UTC
        )
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != local:
        raise ValidationError(
            _("“%(text)s” does not exist: the clocks go forward that night. Write for example “%(example)s”.")
            % {"text": text, "example": f"{back:%Y-%m-%d %H:%M}"}
        )
    raise ValidationError(
        _("“%(text)s” comes twice that night. Say which: “%(first)s” or “%(second)s”.")
        % {
            "text": text,
            "first": f"{first:%Y-%m-%d %H:%M}{_said(first)}",
            "second": f"{second:%Y-%m-%d %H:%M}{_said(second)}",
        }
    )


def written(at: datetime) -> str:
    """Return an instant as a form holds it, to the minute, with its offset in the hour that comes twice."""
    local = timezone.localtime(at)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%Y-%m-%d %H:%M}{_said(local) if twice else ''}"


def next_minute(at: datetime) -> str:
    """Return the minute after `at`, as a form holds it: the soonest from which something can be said to begin."""
    return written(at.replace(second=0, microsecond=0) + timedelta(minutes=1))


def _said(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:]}"


def _local(body: str, text: str, today: date, midnight: bool) -> datetime:
    day, rest = today, body
    found = DAY.match(body)
    try:
        if found:
            day, rest = _day(found), body[found.end() :].strip()
        if not rest and found and midnight:
            return datetime.combine(day, time())
        hour = HOUR.fullmatch(rest)
        if hour:
            at = time(int(hour["h"]), int(hour["m"] or 0), int(hour["s"] or 0))
            return datetime.combine(day, at)
    except ValueError:
        pass
    example = f"{today:%Y-%m-%d}" if midnight else f"{today:%Y-%m-%d} 11:30"
    raise ValidationError(
        _("“%(text)s” is no instant. Write for example “%(example)s”.") % {"text": text, "example": example}
    )


def _day(found: re.Match[str]) -> date:
    if found["y"]:
        return date(int(found["y"]), int(found["mo"]), int(found["d"]))
    return date(int(found["y2"]), int(found["mo2"]), int(found["d2"]))


class EurosField(forms.CharField):
    """An amount in euros; the value is whole cents. "500", "500,00", "1 234.50 €"."""

    def clean(self, value: Any) -> Any:
        """Return whole cents."""
        text = str(super().clean(value))
        if not text:
            return None
        plain = re.sub(r"[\s\u00a0\u202f€]", "", text).replace(",", ".")
        try:
            cents = money.parse_euros(plain)
        except money.MoneyError:
            cents = Fraction(1, 2)
        if cents.denominator != 1:
            raise ValidationError(
                _("“%(text)s” is no amount in euros. Write for example “390.00”.") % {"text": text}
            )
        return int(cents)


class PhoneField(forms.CharField):
    """A telephone number on which to call back: ten digits in France, or international with a plus."""

    def clean(self, value: Any) -> Any:
        """Return the digits, with a plus when there was one; blank when that is allowed."""
        text = str(super().clean(value))
        digits = re.sub(r"[\s.\-()\u00a0\u202f]", "", text)
        if not digits:
            return ""
        if not re.fullmatch(r"\+?\d+", digits):
            raise ValidationError(
                _("“%(text)s” is no telephone number. Write for example “06 39 98 01 17”.") % {"text": text}
            )
        if digits.startswith("0") and len(digits) != 10:
            said = _(
                "“%(text)s” has %(count)d digits: a French number has ten, for example “06 39 98 01 17”."
            )
            raise ValidationError(said % {"text": text, "count": len(digits)})
        if digits.startswith("+") and not 8 <= len(digits) <= 16:
            raise ValidationError(
                _("“%(text)s” is no telephone number. Write for example “+33 6 39 98 01 17”.")
                % {"text": text}
            )
        return digits


REQUIRED = {"required": lazy("Write something here.")}
