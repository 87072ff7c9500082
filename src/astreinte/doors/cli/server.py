"""Servers under management: add, list, show, end."""

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
    """Show a server: its services, its checks, and how they stand."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing

    showing.one(monitored.server_whole(finding.server(name, actor, at), at), as_json=as_json)


@app.command()
def end(name: Name, as_json: AsJson = False, as_: As = "") -> None:
    """Let a server leave management; its history stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory import listing

    server = listing.end_server(finding.server(name, actor, at), at=at, actor=actor)
    showing.said(f"{server.name} left management")
    showing.one(monitored.server(server), as_json=as_json)
