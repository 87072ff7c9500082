"""How the pages write instants, lengths and amounts: `words` for who reads, cut to what a page has room for.

What is exact to the second is `words.formats`; a page shows minutes, and says "tomorrow".
"""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from django.utils.translation import gettext as _

from astreinte.words import formats, hearer
from astreinte.words.typography import NB, typo


def _set(text: str) -> str:
    """Set the type: a value is joined to French sentences that are set already."""
    return typo(text) if hearer().language == "fr" else text


def amount(cents: int) -> str:
    """Return an amount in euros: "53,57 €"."""
    return formats.amount(cents)


def hour(at: datetime, *, seconds: bool = False) -> str:
    """Return the time of day; in the hour that happens twice, with its offset."""
    return formats.hour(at, seconds=seconds)


def day(at: datetime) -> str:
    """Return the day in full: "lundi 23 novembre 2026"."""
    return _set(formats.day(at))


def month(text: str) -> str:
    """Return a month such as 2026-11 with its name."""
    return _set(formats.month(date.fromisoformat(f"{text}-01")))


def near(at: datetime, now: datetime, *, seconds: bool = False) -> str:
    """Return an instant as short as `now` allows: "13:30", "demain 10:12", "vendredi 10:40", "23 nov. 10:40"."""
    said, there = hour(at, seconds=seconds), hearer().zone
    local = at.astimezone(there).date()
    days = (local - now.astimezone(there).date()).days
    if days == 0:
        return said
    if days in {-1, 1}:
        return (_("tomorrow %(hour)s") if days == 1 else _("yesterday %(hour)s")) % {"hour": said}
    same = local.year == now.astimezone(there).year
    pattern = "EEEE" if 0 < days < 7 else "d MMM" if same else "d MMM y"
    return f"{format_date(local, pattern, locale=hearer().locale)} {said}".replace(" ", NB)


def exactly(at: datetime, now: datetime) -> str:
    """Return an instant as `near`, with its seconds when there are any: a promise hangs on them."""
    return near(at, now, seconds=bool(at.second))


def short(at: datetime, now: datetime) -> str:
    """Return an instant for a narrow column: the hour today, the day and month otherwise."""
    there = hearer().zone
    local = at.astimezone(there).date()
    if local == now.astimezone(there).date():
        return hour(at)
    pattern = "d MMM" if local.year == now.astimezone(there).year else "d MMM y"
    return format_date(local, pattern, locale=hearer().locale).replace(" ", NB)


def lasting(length: timedelta | int) -> str:
    """Return a length of time to the minute, the second when there is no minute: "1 h 38", "12 min", "40 s"."""
    seconds = abs(int(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < 60:
        return f"{seconds}{NB}s"
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes}{NB}min"
    return f"{hours}{NB}h{NB}{minutes:02}" if minutes else f"{hours}{NB}h"


def exactly_lasting(length: timedelta | int) -> str:
    """Return how long something lasted: to the second below an hour, "1 min 04 s", to the minute above, "1 h 38"."""
    seconds = abs(int(length.total_seconds() if isinstance(length, timedelta) else length))
    return formats.lasting(seconds) if seconds < 3600 else lasting(seconds)


def telephone(number: str) -> str:
    """Return a number as people read it: ten digits in pairs for France."""
    national = f"0{number[3:]}" if number.startswith("+33") and len(number) == 12 else number
    if national.startswith("0") and len(national) == 10:
        return NB.join(national[at : at + 2] for at in range(0, 10, 2))
    return number
