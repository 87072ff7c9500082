"""What a command shows: one JSON value on stdout with `--json`, else aligned columns or labelled lines."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

Row = Mapping[str, Any]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
zone: ContextVar[str] = ContextVar("zone", default="Europe/Paris")
"""The zone in which instants are shown, always with their offset: that of who acts, as on the pages."""
As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Act as this person.")]


def rows(found: Iterable[Row], *, as_json: bool, columns: Sequence[str], empty: str = "nothing") -> None:
    """Print a list: one JSON array, or the columns named, aligned; `empty` is for when there is none."""
    listed = list(found)
    if as_json:
        print(json.dumps(listed, ensure_ascii=False, indent=2, default=_plain))
        return
    if not listed:
        print(empty, file=sys.stderr)
        return
    table = [list(columns), *([_text(row.get(name)) for name in columns] for row in listed)]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def one(found: Row, *, as_json: bool) -> None:
    """Print one thing: a JSON object, or a line for each of its fields."""
    if as_json:
        print(json.dumps(dict(found), ensure_ascii=False, indent=2, default=_plain))
        return
    width = max(len(name) for name in found)
    for name, value in found.items():
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            print(f"{name}:")
            for each in value:
                print("  " + "  ".join(_text(part) for part in each.values()))
        else:
            print(f"{name:<{width}}  {_text(value)}".rstrip())


def said(text: str) -> None:
    """Say on stderr what was done: stdout is for data."""
    print(text, file=sys.stderr)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no JSON value")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone.get())).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return " ".join(str(value).split())
