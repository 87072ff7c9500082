"""What is wrong in terms that a person wrote as JSON: the place, the value, and the way out in their language."""

import json
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from astreinte.records.contracts.binding import ContractError
from astreinte.rules.sla.terms import TermsError, shown

EXAMPLE = '{"targets": {"critical": {"business": "1h", "non_business": "3h"}}}'


def not_json(error: ValueError) -> str:
    """Return what stops a text from being JSON, and where."""
    what = _("this cannot be read")
    line = column = 1
    if isinstance(error, json.JSONDecodeError):
        line, column = error.lineno, error.colno
        what = next((said() for start, said in _JSON if error.msg.startswith(start)), what)
    return _("Not JSON, line %(line)d, column %(column)d: %(what)s. Write for example %(example)s") % {
        "line": line,
        "column": column,
        "what": what,
        "example": EXAMPLE,
    }


_JSON: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Expecting property name", lambda: _("a key in double quotes is expected")),
    ("Expecting ','", lambda: _("a comma is missing")),
    ("Expecting ':'", lambda: _("a colon is missing after the key")),
    ("Expecting value", lambda: _("a value is expected")),
    ("Extra data", lambda: _("the object is over already, and something follows it")),
    ("Unterminated string", lambda: _("the double quote that ends a text is missing")),
    ("Illegal trailing comma", lambda: _("a comma stands before the end")),
)


def no_terms(error: TermsError) -> str:
    """Return why terms cannot be read: the place and the value are kept as they were written."""
    return _("%(place)s is %(value)s: %(way_out)s.") % {
        "place": error.place,
        "value": shown(error.value),
        "way_out": _way_out(error.way_out),
    }


def _way_out(text: str) -> str:
    known = re.fullmatch(r"unknown key; known are (.+)", text)
    if known:
        return _("unknown key; the known ones are %(known)s") % {"known": known[1]}
    one_of = re.fullmatch(r"expected (\w+(?:, \w+)* or \w+)", text)
    if one_of and text not in _WAYS:
        names = one_of[1].replace(" or ", ", ")
        return _("write one of %(names)s") % {"names": names}
    return _WAYS[text]() if text in _WAYS else text


_WAYS: dict[str, Callable[[], str]] = {
    'expected a duration such as "2h", "30m" or "1h30m"': lambda: _(
        "write a length of time such as “2h”, “30m” or “1h30m”"
    ),
    "a duration is more than zero": lambda: _("a length of time is more than zero"),
    'a time outside business hours alone is no target; add "business"': lambda: _(
        "a time outside business hours alone promises nothing; add “business”"
    ),
    "closes before it opens; a span that passes midnight is two, one of each day": lambda: _(
        "closes before it opens; hours that pass midnight are two spans, one of each day"
    ),
    "expected times from 00:00 to 24:00": lambda: _("write hours from 00:00 to 24:00"),
    'expected a span such as "09:00-12:00"': lambda: _("write hours such as “09:00-12:00”"),
    'expected a list of spans such as ["09:00-12:00"]': lambda: _(
        'write a list of hours, such as ["09:00-12:00"]'
    ),
    'unknown calendar; write "FR", or "FR-" and a subdivision such as "FR-57"': lambda: _(
        "unknown calendar; write “FR”, or “FR-” and a subdivision such as “FR-57”"
    ),
    'unknown subdivision; write one of the holidays library, such as "FR-57", "FR-6AE" or "FR-GP"': lambda: _(
        "unknown subdivision; write for example “FR-57”, “FR-6AE” or “FR-GP”"
    ),
    'unknown time zone; give a name such as "Europe/Paris"': lambda: _(
        "unknown time zone; write a name such as “Europe/Paris”"
    ),
    'expected a date such as "2026-05-07"': lambda: _("write a date such as “2026-05-07”"),
    'expected a date that exists, such as "2026-05-07"': lambda: _(
        "write a date that exists, such as “2026-05-07”"
    ),
    'expected a decimal string, in quotes, such as "12.5"': lambda: _(
        'write a number in quotes, such as "12.5"'
    ),
    "expected an object": lambda: _("write an object, in braces"),
    "expected a list": lambda: _("write a list, in square brackets"),
    "expected text": lambda: _("write a text, in quotes"),
}


def not_usable(error: ContractError) -> str:
    """Return why terms that can be read hold no promise; "" when it is something else that a contract cannot hold."""
    place = str(error).partition(":")[0]
    if place == "business_hours":
        return _(
            "business_hours: a month would have no opening hour, so a penalty would have no rate."
            " Open a day of it, or write “elapsed” in penalty.opening_hours."
        )
    if place.startswith("targets."):
        return _("%(place)s: this promise would never be reached within 400 days. Promise less.") % {
            "place": place
        }
    return ""
