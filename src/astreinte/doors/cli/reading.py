"""What the words of a command line mean: instants, days, amounts, texts, files. An error names the word."""

import json
import re
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from astreinte.rules import money
from astreinte.rules.sla import instants

ZONE = "Europe/Paris"
"""The zone in which a bare date of a contract begins."""

LENGTH = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>[mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

STDIN = "-"
LONGEST_FILE = 1_000_000


class WordError(ValueError):
    """A word of the command line that means nothing: names it, its value and the way out."""


def instant(place: str, text: str) -> datetime:
    """Return the instant in UTC; without an offset nobody knows which one is meant, so it is refused."""
    text = text.strip()
    try:
        return instants.to_datetime(instants.parse_instant(_whole(text)))
    except instants.InstantError:
        way_out = "write it with its offset, such as 2026-11-23T11:30:00+01:00"
        raise WordError(f"{place}: {text!r}: {way_out}") from None


def since(place: str, text: str, *, otherwise: datetime | None = None) -> datetime:
    """Return the instant of a date (its midnight in Paris) or of an instant with its offset; else `otherwise`."""
    if not text and otherwise is not None:
        return otherwise
    text = text.strip()
    if len(text) != len("2026-12-01"):
        return instant(place, text)
    try:
        day = instants.parse_day(text)
    except instants.InstantError as error:
        raise WordError(f"{place}: {text!r}: {error}") from None
    midnight = datetime.combine(datetime.fromordinal(instants.EPOCH_DAY + day), time(0), ZoneInfo(ZONE))
    return midnight.astimezone(UTC)


def end(place: str, until: str, for_place: str, length: str, start: datetime) -> datetime:
    """Return the end of something, given as an instant or as a length such as 2h: one of the two."""
    if bool(until) == bool(length):
        raise WordError(f"{place}: until when? write either {place} or {for_place}, one of the two")
    if until:
        return instant(place, until)
    found = LENGTH.fullmatch(length.strip())
    if found is None:
        raise WordError(f"{for_place}: {length!r}: write minutes, hours or days, such as 30m, 2h or 1d")
    return start + timedelta(**{UNITS[found["unit"]]: int(found["count"])})


def past(place: str, text: str, now: datetime) -> datetime:
    """Return the instant, which must not be after `now`."""
    found = instant(place, text)
    if found > now:
        raise WordError(f"{place}: {text.strip()!r}: is yet to come; write an instant up to now")
    return found


def spoken(at: datetime) -> str:
    """Return an instant as a message says it: in Paris, with its offset."""
    local = at.astimezone(ZoneInfo(ZONE))
    midnight = local.time() == time(0)
    return (
        f"{local:%Y-%m-%d}, midnight in Paris" if midnight else local.isoformat(sep=" ", timespec="seconds")
    )


def cents(place: str, text: str) -> int:
    """Return the whole cents of an amount in euros written like 390.00."""
    try:
        found = money.parse_euros(text.strip())
    except money.MoneyError:
        raise WordError(f"{place}: {text!r}: write euros and cents, such as 390.00") from None
    if found.denominator != 1:
        raise WordError(f"{place}: {text!r}: a cent has no parts; write two decimals, such as 390.00")
    return int(found)


def month(place: str, text: str) -> str:
    """Return a month written 2026-11."""
    try:
        instants.parse_day(f"{text}-01")
    except instants.InstantError:
        raise WordError(f"{place}: {text!r}: write a month such as 2026-11") from None
    return text


def said(text: str) -> str:
    """Return a text, or what is on standard input for `-`."""
    return sys.stdin.read() if text == STDIN else text


def json_object(place: str, name: str) -> dict[str, Any]:
    """Return the JSON object in a file, or on standard input for `-`."""
    source = "standard input" if name == STDIN else name
    try:
        raw = sys.stdin.buffer.read(LONGEST_FILE + 1) if name == STDIN else _read(name)
        found = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise WordError(f"{place}: {source}: is not text in UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise WordError(f"{place}: {source}, {where}: not JSON: {error.msg}; correct it there") from None
    except RecursionError:
        raise WordError(f"{place}: {source}: is nested too deeply; terms need four levels") from None
    if not isinstance(found, dict):
        raise WordError(f"{place}: {source}: holds no JSON object; write one between {{ and }}")
    return found


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        raw = file.read(LONGEST_FILE + 1)
    if len(raw) > LONGEST_FILE:
        raise WordError(f"FILE: {name}: is longer than {LONGEST_FILE} bytes; terms are a few hundred")
    return raw


def _whole(text: str) -> str:
    """Let seconds be left out, and a blank stand for the T: 2026-11-23 11:30+01:00 is one instant too."""
    text = text.replace(" ", "T", 1) if len(text) > 10 and text[10] == " " else text
    return f"{text[:16]}:00{text[16:]}" if len(text) > 16 and text[16] in "Zz+-" else text
