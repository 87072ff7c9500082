"""Servers under management: add, list, show, manage, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="SERVER", help="Its name.")]


@app.command()
def add(
    name: Name,
    client: Annotated[
        str, typer.Option(help="Number or name of the client; without it, the provider's own house.")
    ] = "",
    address: Annotated[str, typer.Option(help="What probes connect to; without it, the name.")] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Take a server under management."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory import listing

    server = listing.add_server(
        client=finding.client(client, actor), name=name, address=address, at=at, actor=actor
    )
    showing.said(f"{server.name} ({server.address}) is under management for {server.client.name}")
    showing.one(monitored.server(server), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the servers under management."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import monitored, showing
    from astreinte.records.inventory.models import Server

    found = Server.objects.as_of(at).visible_to(actor).select_related("client").order_by("name")
    showing.rows(
        map(monitored.server, found),
        as_json=as_json,
        columns=("name", "client", "address", "since"),
        empty="no server under management; `astreinte server add NAME` adds one",
    )


@app.command()
def show(name: Name, as_json: AsJson = False, as_: As = "") -> None:
    """Show a server: its services, its checks and how they stand, and who answers for which layer."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing, speaking

    with speaking.to(actor):
        showing.one(monitored.server_whole(finding.server(name, actor, at), at), as_json=as_json)


@app.command()
def manage(
    *,
    name: Name,
    infrastructure: Annotated[
        bool | None,
        typer.Option(help="Machine, hypervisor, network and DNS are managed; unsaid, as it is."),
    ] = None,
    system: Annotated[
        bool | None,
        typer.Option(help="Operating system, services and certificates are managed; unsaid, as it is."),
    ] = None,
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar="WHEN", help="A date, midnight in Paris, or an instant; by default now."
        ),
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Say what of a server is managed, from an instant on: who answers for each layer follows from it (art. 2)."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, reading, showing, speaking
    from astreinte.records.inventory import managing
    from astreinte.words import responsibility

    server, begins = finding.server(name, actor, at), reading.since("--from", since, otherwise=at)
    now = managing.at(server, begins)
    flags = {"--infrastructure": infrastructure, "--system": system}
    missing = [f"{flag} or --no{flag[1:]}" for flag, said in flags.items() if said is None]
    if now is None and missing:
        raise reading.WordError(
            f"{server.name}: nothing is said of it at that instant; write {' and '.join(missing)} as well"
        )
    row = managing.state(
        server,
        infrastructure=now.infrastructure if infrastructure is None and now else bool(infrastructure),
        system=now.system if system is None and now else bool(system),
        from_at=begins,
        at=at,
        actor=actor,
    )
    with speaking.to(actor):
        what = responsibility.managed(row.infrastructure, row.system)
        showing.said(f"{server.name}: {what}, from {reading.spoken(row.from_at)} on")
        showing.one(monitored.managed_whole(server, row.from_at), as_json=as_json)


@app.command()
def end(name: Name, as_json: AsJson = False, as_: As = "") -> None:
    """Let a server leave management; its history stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory import listing

    server = listing.end_server(finding.server(name, actor, at), at=at, actor=actor)
    showing.said(f"{server.name} left management")
    showing.one(monitored.server(server), as_json=as_json)
