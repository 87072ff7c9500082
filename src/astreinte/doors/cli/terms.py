"""Terms, the promise as data: add, list, show. Terms never change: other terms are written beside them."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Their name, such as infogerance-2017.")],
    file: Annotated[
        str,
        typer.Argument(
            help="The JSON object of what differs from the terms they extend; - is standard input."
        ),
    ],
    extends: Annotated[
        str, typer.Option(help="Name of the terms that they extend; without it, those built in.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write terms down. `{}` writes down the terms built in, those of the contract's own text."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.records.contracts import binding

    row = binding.write_terms(
        naming.provider(actor),
        name=name,
        patch=reading.json_object("FILE", file),
        extends=naming.terms(extends, actor) if extends else None,
        at=at,
        actor=actor,
    )
    showing.said(
        f"{row.name} is written down; `astreinte contract add --terms {row.name}` binds a client to it"
    )
    showing.one(contracted.terms(row), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the terms."""
    booting.ready()
    from astreinte.doors.cli import contracted, showing
    from astreinte.records.contracts.models import Terms

    seen = Terms.objects.visible_to(booting.actor(as_)).select_related("extends").order_by("written_at", "pk")
    showing.rows(
        map(contracted.terms, seen),
        as_json=as_json,
        columns=("name", "extends", "written_at"),
        empty="no terms; `astreinte terms add NAME FILE` writes some",
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Their name.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show terms: what was written, and the whole that it came to."""
    booting.ready()
    from astreinte.doors.cli import contracted, naming, showing

    showing.one(contracted.terms_whole(naming.terms(name, booting.actor(as_))), as_json=as_json)
