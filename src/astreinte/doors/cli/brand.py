"""Brands: the names, hosts and colours under which a provider speaks: add, list, change."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="BRAND", help="Its name or host.")]
Colour = Annotated[str, typer.Option(help="Its colour, such as #0f3b47.")]
OnColour = Annotated[str, typer.Option(help="What is written on its colour, such as #ffffff.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    host: Annotated[str, typer.Option(help="Host name by which people come, without https:// and port.")],
    origin: Annotated[
        str, typer.Option(help="What links start with; without it, https:// and the host.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Add a brand."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import founding

    brand = founding.add_brand(
        naming.provider(actor), name=name, host=host, origin=origin or f"https://{host}", at=at, actor=actor
    )
    showing.said(f"{brand.name} answers to {brand.host}")
    showing.one(accounted.brand(brand), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the brands."""
    booting.ready()
    from astreinte.doors.cli import accounted, showing
    from astreinte.records.accounts.models import Brand

    seen = Brand.objects.visible_to(booting.actor(as_)).order_by("pk")
    columns = ("name", "host", "origin", "colour", "on_colour")
    showing.rows(map(accounted.brand, seen), as_json=as_json, columns=columns, empty="no brand")


@app.command()
def change(
    *,
    brand: Name,
    name: Annotated[str, typer.Option(help="Its new name.")] = "",
    origin: Annotated[str, typer.Option(help="What links start with from now on.")] = "",
    colour: Colour = "",
    on_colour: OnColour = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Change how a brand is shown, and what its links start with."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import branding

    changed = branding.change(
        naming.brand(brand, actor),
        name=name or None,
        origin=origin or None,
        colour=colour or None,
        on_colour=on_colour or None,
        at=at,
        actor=actor,
    )
    showing.said(f"{changed.name} is changed")
    showing.one(accounted.brand(changed), as_json=as_json)
