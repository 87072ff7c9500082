"""What the commands about tickets have in common: showing one or several, why, and keys of declarations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import typer

from astreinte.doors import plainly
from astreinte.doors.cli import naming, reading, showing, speaking, ticketed
from astreinte.records.accounts.actors import Actor
from astreinte.records.commitments import explaining, standing
from astreinte.records.commitments.standing import Standing
from astreinte.records.tickets import opening
from astreinte.records.tickets.models import Ticket
from astreinte.words import alternatives
from astreinte.words import standing as words

BY_HAND = ("desk", "email")
"""The channels of what a person of the staff writes down here; a call has its own command."""

RUNS_ON = "This stops no clock: only an intervention does"
WRITTEN = (
    *("number", "subject", "said", "client", "server", "priority", "nature", "state", "standing"),
    *("deadline", "left", "owed", "assignee", "opened_at", "restored_at", "closed_at", "close_reason"),
    *("breach_at", "merged_into", "id"),
)
NO = 1


def by_hand(channel: str) -> None:
    """Refuse a channel that would say of a declaration what is not so."""
    if channel not in BY_HAND:
        raise reading.WordError(
            f"--channel: {channel!r}: write desk or email; a call is written down by `astreinte call record`"
        )


def key(channel: str, text: str, actor: Actor) -> str:
    """Return the key of a declaration: that of who writes it down, or a new one."""
    return f"{channel}:{actor}:{text}" if text else opening.new_key(channel)


def show(number: int, actor: Actor, at: datetime, *, as_json: bool) -> None:
    """Show all of a ticket as it stands."""
    one = standing.of(naming.ticket(number, actor), at)
    with speaking.to(actor):
        found = plainly.whole(one, actor=actor, at=at)
        showing.one(found if as_json else _told(found), as_json=as_json)


def done(what: str, number: int, actor: Actor, at: datetime, *, as_json: bool) -> None:
    """Say what was done to a ticket and, in one sentence, how its promise stands; show it in short."""
    one = standing.of(naming.ticket(number, actor), at)
    with speaking.to(actor):
        showing.said(f"{what}.\n{explaining.sentence(one)}")
        if as_json:
            showing.one(plainly.whole(one, actor=actor, at=at), as_json=True)
        else:
            showing.rows(ticketed.lines([plainly.ticket(one)]), as_json=False, columns=ticketed.COLUMNS)


def show_list(found: Iterable[Any], actor: Actor, at: datetime, *, as_json: bool, empty: str) -> None:
    """Show tickets, one a line, in the order they come."""
    held = Ticket.objects.visible_to(actor).select_related("client", "server", "assignee", "merged_into")
    keys = [one.pk for one in found]
    by_key = held.in_bulk(keys)
    listed = plainly.tickets([by_key[each] for each in keys], at)
    with speaking.to(actor):
        rows = listed if as_json else ticketed.lines(listed)
        showing.rows(rows, as_json=as_json, columns=ticketed.COLUMNS, empty=empty)


def urgency(one: Standing) -> tuple[bool, timedelta]:
    """Return what sorts tickets by the time that is left: those whose clock runs first."""
    return not one.is_open, one.left if one.is_open and one.left is not None else timedelta(0)


def explain(number: int, actor: Actor, at: datetime, *, as_json: bool, readings: bool = False) -> None:
    """Say why the deadline and the sum of a ticket; for one merged into another, of that one.

    With `readings`, what each reading of the contract comes to stands below.
    """
    ticket = naming.ticket(number, actor)
    if ticket.merged_into is not None:
        showing.said(f"#{number} is merged into #{ticket.merged_into.number}, whose promise holds")
        ticket = naming.ticket(ticket.merged_into.number, actor)
    one = standing.of(ticket, at)
    with speaking.to(actor):
        found = plainly.why(one, actor=actor, at=at)
        rows = explaining.readings(one, at) if readings else []
        if as_json:
            more = {"readings": plainly.readings(rows)} if readings else {}
            told = {"number": ticket.number, "said": explaining.sentence(one), **found, **more}
            showing.one(told, as_json=True)
        else:
            print(f"#{ticket.number} {ticket.subject}\n{explaining.sentence(one)}")
            for part in (found["deadline"], found["sum"]):
                _say(part)
            if found["sum"] is None and one.promise is not None:
                print(f"\n{words.nothing_owed()}")
            if rows:
                print(f"\n{alternatives.as_text(rows)}")
    if not all(part is None or part["agrees"] for part in found.values()):
        raise typer.Exit(NO)


def _say(part: dict[str, Any] | None) -> None:
    if part is None:
        return
    for paragraph in part["paragraphs"]:
        print(f"\n{paragraph}")
    print()
    width = max((len(name) for name, _ in part["table"]), default=0)
    for name, value in part["table"]:
        print(f"  {name:<{width}}  {value}")
    print(f"\n{part['quote']}\n{part['source']}\n\n{words.agreement(part['agrees'])}")


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """Return a ticket with what is nested written out, line by line."""
    line = ticketed.line(found)
    told = {name: line[name] for name in WRITTEN}
    owed = found["owed"]
    if owed is not None:
        told["owed"] = f"{owed['due']} EUR (each hour late: {owed['hour']}; cap: {owed['cap'] or 'none'})"
    told["who acts"] = [one["said"] for one in found["answers"]]
    told["receipts"] = [_part(one, "at", "channel", "caller", "number_called") for one in found["receipts"]]
    told["interventions"] = [
        _part(one, "started_at", "ended_at", "kind", "person", "text") for one in found["interventions"]
    ]
    told["messages"] = [
        {
            "at": one["at"],
            "author": one["author"],
            "to": "both" if one["public"] else "staff",
            "text": one["text"],
        }
        for one in found["messages"]
    ]
    return told


def _part(one: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: one[name] for name in names if one[name] is not None}
