"""Providers of this installation: add, list, show, change."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    host: Annotated[str, typer.Option(help="Host name of its first brand, without https://.")],
    origin: Annotated[
        str, typer.Option(help="What its links start with; without it, https:// and the host.")
    ] = "",
    legal_name: Annotated[str, typer.Option(help="As contracts name it; without it, the name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a provider with its first brand and its own house as client. For the owner of the data folder alone."""
    booting.ready()
    from astreinte.doors.cli import accounted, showing
    from astreinte.loops import clock
    from astreinte.records.accounts import founding

    at, actor = clock.now(), booting.owner()
    provider, _, _ = founding.found(
        name=name, host=host, origin=origin or f"https://{host}", legal_name=legal_name, at=at, actor=actor
    )
    showing.said(f"{provider.name} is a provider; its brand answers to {host}")
    showing.one(accounted.provider(provider), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the providers that you may see: your own, or all of them for the owner of the data folder."""
    booting.ready()
    from astreinte.doors.cli import accounted, showing
    from astreinte.records.accounts.models import Provider

    seen = (
        Provider.objects.visible_to(booting.actor(as_))
        if as_ or not booting.is_owner()
        else Provider.objects.all()
    )
    showing.rows(
        map(accounted.provider, seen.order_by("name")),
        as_json=as_json,
        columns=("name", "legal_name", "brands"),
        empty="no provider; `astreinte up` founds the first one",
    )


@app.command()
def show(as_json: AsJson = False, as_: As = "") -> None:
    """Show the provider that you work for, and of whom it wants a second factor."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import second_factor

    row = naming.provider(actor)
    wanted = second_factor.policy(row.pk, at)
    showing.one({**accounted.provider(row), "second_factor": wanted}, as_json=as_json)


@app.command()
def change(
    *,
    second_factor: Annotated[
        str,
        typer.Option(
            help="offered: to everybody; required: of who administers, signs or consents for a client."
        ),
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Say from now on of whom the provider wants a second factor."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import second_factor as factors

    row = naming.provider(actor)
    with rehearsed(dry_run):
        factors.set_policy(row, policy=second_factor, at=at, actor=actor)
        showing.said(f"a second factor is {second_factor} from now on")
        showing.one({**accounted.provider(row), "second_factor": second_factor}, as_json=as_json)
