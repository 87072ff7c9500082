"""Services declared on a server: add, list, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

OnServer = Annotated[str, typer.Argument(metavar="SERVER", help="The server's name.")]


@app.command()
def add(
    server: OnServer,
    name: Annotated[str, typer.Argument(help="What it does for its client, for instance: shop.")],
    essential: Annotated[
        bool, typer.Option("--essential", help="Among the client's essential functions (article 5).")
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Declare a service on a server."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory import listing

    on = finding.server(server, actor, at)
    service = listing.add_service(server=on, name=name, essential=essential, at=at, actor=actor)
    showing.said(f"{service.name} is declared on {on.name}")
    showing.one(monitored.service(service), as_json=as_json)


@app.command("list")
def list_(server: OnServer = "", as_json: AsJson = False, as_: As = "") -> None:
    """List the declared services, of all servers or of one."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory.models import Service

    found = Service.objects.as_of(at).visible_to(actor).select_related("server")
    if server:
        found = found.filter(server=finding.server(server, actor, at))
    showing.rows(
        map(monitored.service, found.order_by("server__name", "name")),
        as_json=as_json,
        columns=("server", "name", "essential", "since"),
        empty="no service declared; `astreinte service add SERVER NAME` declares one",
    )


@app.command()
def end(
    server: OnServer,
    name: Annotated[str, typer.Argument(help="The service's name.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End the declaration of a service."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, monitored, showing
    from astreinte.records.inventory import listing

    found = finding.service(finding.server(server, actor, at), name, at)
    service = listing.end_service(found, at=at, actor=actor)
    showing.said(f"{service.name} is no longer declared on {server}")
    showing.one(monitored.service(service), as_json=as_json)
