"""Windows, work announced before it begins, during which nobody is told of its servers: add, list, show, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo, OfOneClient
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The window's number.")]


@app.command()
def add(
    servers: Annotated[
        list[str], typer.Argument(metavar="SERVER...", help="Names of servers of one client.")
    ],
    *,
    title: Annotated[str, typer.Option(help="What is done; the client reads it.")],
    from_: Annotated[str, typer.Option("--from", help="Its start, to come: 2026-11-24T22:00:00+01:00.")],
    until: Annotated[str, typer.Option(help="Its end, with its offset; 24 h later at most.")] = "",
    for_: Annotated[str, typer.Option("--for", help="Its length instead: 30m, 2h, 1d.")] = "",
    check: Annotated[
        list[str] | None, typer.Option(help="A check's name, repeated; without it, all checks.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Announce work on servers. What has begun already is a silence: `astreinte hush add`."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, hushed, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.agenda import announcing

    on = [finding.server(name, actor, at) for name in servers]
    from_at = reading.instant("--from", from_)
    with rehearsed(dry_run):
        row = announcing.announce(
            covers={each: [finding.check(each, name, at).name for name in check or ()] for each in on},
            title=title,
            from_at=from_at,
            until_at=reading.end("--until", until, "--for", for_, from_at),
            at=at,
            actor=actor,
        )
        showing.said(
            f"announced to {row.client.name}: nobody is told of what it covers from {reading.spoken(row.from_at)}"
            f" until {reading.spoken(row.until_at)}; what a client declares is told at once"
        )
        showing.one(hushed.window(row, at), as_json=as_json)


@app.command("list")
def list_(
    client: OfOneClient = "",
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the windows under way and to come, in their order."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import hushed, naming, showing
    from astreinte.records.agenda.models import Window

    found = Window.objects.visible_to(actor).select_related("client").prefetch_related("covers__server")
    if not all_:
        found = found.to_come(at)
    if client:
        found = found.filter(client=naming.a_client(client, actor))
    showing.rows(
        (hushed.window(each, at) for each in found.order_by("from_at", "pk")),
        as_json=as_json,
        columns=("number", "client", "from", "until", "stands", "title", "covers"),
        empty="no window" if all_ else "no window under way or to come; --all lists those that are over",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a window and the alerts that it held back."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import hushed, showing

    showing.one(hushed.window_whole(hushed.find_window(number, actor), at), as_json=as_json)


@app.command()
def end(number: Number, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """Call off a window that has not begun, or end early one that has. It is never edited."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import hushed, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.agenda import announcing

    found = hushed.find_window(number, actor)
    with rehearsed(dry_run):
        if at < found.from_at:
            row = announcing.withdraw(found, at=at, actor=actor)
            showing.said(f"window {number} is called off")
        else:
            row = announcing.end(found, at=at, actor=actor)
            showing.said(f"window {number} is over: people are told of its servers again")
        showing.one(hushed.window(row, at), as_json=as_json)
