"""What is watched on a server: add, list, show, end, and the kinds there are."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

OnServer = Annotated[str, typer.Argument(metavar="SERVER", help="The server's name.")]
Name = Annotated[str, typer.Argument(metavar="CHECK", help="The check's name on that server.")]
Seconds = Annotated[int | None, typer.Option(min=1, help="Seconds; without it, the kind's own pace.")]
Times = Annotated[int | None, typer.Option(min=1, help="How many in a row; without it, the kind's own.")]


@app.command()
def add(
    server: OnServer,
    kind: Annotated[str, typer.Argument(help="`astreinte check kinds` lists them.")],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPTION=VALUE]...", help="For instance port=8080 path=/health, or url=http://…"
        ),
    ] = None,
    *,
    name: Annotated[
        str, typer.Option(help="Its name on that server; without it, made of kind and options.")
    ] = "",
    every_s: Seconds = None,
    retry_s: Seconds = None,
    attempts: Times = None,
    recoveries: Times = None,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Watch one more thing on a server, from now on."""
    at, actor = booting.begin(as_)
    from astreinte.doors import offering
    from astreinte.doors.cli import finding, monitored, optioning, showing
    from astreinte.engine.probes import kinds
    from astreinte.records.monitoring import checking

    on = finding.server(server, actor, at)
    given = optioning.read(kind, options or [])
    optioning.refuse_elsewhere(kind, on.address)
    pace = kinds.kind_of(kind).pace
    check = checking.add(
        server=on,
        kind=kind,
        options=given,
        name=name or offering.name_of(kind, given),
        every_s=every_s or pace.every_s,
        retry_s=retry_s or min(pace.retry_s, every_s or pace.retry_s),
        attempts=attempts or pace.attempts,
        recoveries=recoveries or pace.recoveries,
        at=at,
        actor=actor,
    )
    showing.said(f"{check}: watched every {check.every_s} s; sure after {check.attempts} in a row")
    showing.one(monitored.check_whole(check, at), as_json=as_json)


@app.command("list")
def list_(server: OnServer = "", as_json: AsJson = False, as_: As = "") -> None:
    """List the checks and how they stand, of all servers or of one."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.monitoring.models import Check

    found = Check.objects.as_of(at).visible_to(actor).select_related("server", "state")
    if server:
        found = found.filter(server=finding.server(server, actor, at))
    showing.rows(
        (monitored.check(each, at) for each in found.order_by("server__name", "name")),
        as_json=as_json,
        columns=("server", "name", "kind", "level", "since", "text"),
        empty="nothing is watched; `astreinte check add SERVER KIND` adds a check",
    )


@app.command()
def show(
    server: OnServer,
    name: Name,
    at: Annotated[
        str,
        typer.Option("--at", metavar="INSTANT", help="How it stood then, such as 2026-11-23T11:30:00+01:00."),
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show a check: its options, its state, its last transitions; or how it stood at a past instant."""
    now, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, reading, showing

    then = reading.past("--at", at, now) if at else now
    found = finding.check(finding.server(server, actor, then), name, then)
    shown = monitored.check_then(found, then) if at else monitored.check_whole(found, now)
    showing.one(shown, as_json=as_json)


@app.command()
def end(server: OnServer, name: Name, as_json: AsJson = False, as_: As = "") -> None:
    """Watch it no more; its history stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.monitoring import checking

    found = finding.check(finding.server(server, actor, at), name, at)
    check = checking.end(found, at=at, actor=actor)
    showing.said(f"{check}: no longer watched")
    showing.one(monitored.check_whole(check, at), as_json=as_json)


@app.command()
def kinds(as_json: AsJson = False) -> None:
    """List the kinds of checks, and their options."""
    from astreinte.doors.cli import showing
    from astreinte.engine.probes.kinds import KINDS

    listed = [
        {
            "kind": name,
            "summary": kind.summary,
            "option": option,
            "default": default,
            "means": doc,
        }
        for name, kind in KINDS.items()
        for option, (default, doc) in kind.documented_options().items()
    ]
    showing.rows(listed, as_json=as_json, columns=("kind", "option", "default", "means"))
