"""Silences: for a while nobody is told of a server, for a reason; all is recorded: add, list, show, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The silence's number.")]


@app.command()
def add(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="The server's name.")],
    check: Annotated[
        str, typer.Argument(metavar="[CHECK]", help="One check's name; without it, all of the server.")
    ] = "",
    *,
    reason: Annotated[str, typer.Option(help="Why nobody shall be told.")],
    until: Annotated[str, typer.Option(help="Its end, with its offset: 2026-11-23T11:30:00+01:00.")] = "",
    for_: Annotated[str, typer.Option("--for", help="Its length instead: 30m, 2h, 1d; 7d at most.")] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Tell nobody of a server or a check from now on. What is still down at its end is told then."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, hushed, reading, showing
    from astreinte.records.monitoring import silencing

    on = finding.server(server, actor, at)
    row = silencing.silence(
        on,
        check=finding.check(on, check, at) if check else None,
        reason=reason,
        until_at=reading.end("--until", until, "--for", for_, at),
        at=at,
        actor=actor,
    )
    showing.said(
        f"nobody is told of {hushed.about(row)} until {reading.spoken(row.until_at)}; all is recorded,"
        " what is down then is told then, and what a client declares is told at once"
    )
    showing.one(hushed.silence(row, at), as_json=as_json)


@app.command("list")
def list_(
    server: Annotated[str, typer.Argument(metavar="[SERVER]", help="Of one server.")] = "",
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the silences in force, that which ends first first."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, hushed, showing
    from astreinte.records.monitoring.models import Silence

    found = Silence.objects.visible_to(actor)
    if not all_:
        found = found.in_force(at)
    if server:
        found = found.filter(server=finding.server(server, actor, at))
    showing.rows(
        (
            hushed.silence(each, at)
            for each in found.select_related("server", "check_ref").order_by("until_at", "pk")
        ),
        as_json=as_json,
        columns=("number", "server", "check", "since", "until", "author", "reason", "stands"),
        empty="no silence" if all_ else "no silence in force; --all lists those that are over",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a silence and the alerts that it held back."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import hushed, showing

    showing.one(hushed.silence_whole(hushed.find_silence(number, actor), at), as_json=as_json)


@app.command()
def end(number: Number, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """End a silence early: what it holds back and is still down is told at once."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import hushed, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.monitoring import silencing

    with rehearsed(dry_run):
        row = silencing.end(hushed.find_silence(number, actor), at=at, actor=actor)
        showing.said(f"silence {row.number} is over: people are told of {hushed.about(row)} again")
        showing.one(hushed.silence(row, at), as_json=as_json)
