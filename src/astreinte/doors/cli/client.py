"""Clients of the provider: add, list, show."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name.")], as_json: AsJson = False, as_: As = ""
) -> None:
    """Add a client."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import founding

    client = founding.add_client(naming.provider(actor), name=name, at=at, actor=actor)
    showing.said(f"{client.name} is client {client.number}")
    showing.one(accounted.client(client), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the clients, the provider's own house among them."""
    booting.ready()
    from astreinte.doors.cli import accounted, showing
    from astreinte.records.accounts.models import Client

    seen = Client.objects.visible_to(booting.actor(as_)).order_by("number")
    showing.rows(
        map(accounted.client, seen),
        as_json=as_json,
        columns=("number", "name", "house"),
        empty="no client; `astreinte client add NAME` adds one",
    )


@app.command()
def show(
    client: Annotated[str, typer.Argument(help="Its number or name.")], as_json: AsJson = False, as_: As = ""
) -> None:
    """Show a client: its people, its order lines, its servers."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing

    found = naming.a_client(client, actor)
    showing.one(accounted.client_whole(found, at), as_json=as_json)
