"""Tokens of the API, each acting as a person: add, list, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Address of the person that it acts as.")]
Name = Annotated[str, typer.Argument(help="What it is for, such as: ticket import.")]


@app.command()
def add(email: Email, name: Name, as_json: AsJson = False, as_: As = "") -> None:
    """Issue a token and print its text, once: it is not kept."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import tokens

    row, text = tokens.issue(naming.person(email, actor), name=name, at=at, actor=actor)
    showing.said("keep its text now: only a digest of it is stored")
    showing.one({**accounted.token(row), "token": text}, as_json=as_json)


@app.command("list")
def list_(
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the tokens; their texts are not kept."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, showing
    from astreinte.records.accounts.models import Token

    seen = Token.objects.visible_to(actor).standing()
    if not all_:
        seen = seen.as_of(at)
    showing.rows(
        map(accounted.token, seen.select_related("person", "client").order_by("person__email", "name", "pk")),
        as_json=as_json,
        columns=("email", "name", "client", "since", "until"),
        empty="no token; `astreinte token add EMAIL NAME` issues one",
    )


@app.command()
def end(email: Email, name: Name, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """End a token: it opens nothing any more."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import tokens

    found = naming.token(naming.person(email, actor), name, actor, at)
    with rehearsed(dry_run):
        row = tokens.end(found, at=at, actor=actor)
        showing.said(f"the token {row.name} of {row.person.name} opens nothing any more")
        showing.one(accounted.token(row), as_json=as_json)
