"""Roles at the provider, and mandates for a client: give, list, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Address of the person.")]
Role = Annotated[
    str,
    typer.Argument(
        help="admin, manager, engineer, accountant; of a client: signatory, technical, billing, reader."
    ),
]
OfClient = Annotated[str, typer.Option(help="Number or name of the client; without it, at the provider.")]


@app.command()
def give(
    *,
    email: Email,
    role: Role,
    client: OfClient = "",
    from_: Annotated[
        str, typer.Option("--from", help="A date, or an instant with its offset; without it, now.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Give a person a role from an instant on."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, reading, showing
    from astreinte.records.accounts import people

    from_at = reading.since("--from", from_, otherwise=at)
    row = people.give_role(
        naming.person(email, actor),
        role=role,
        client=naming.a_client(client, actor) if client else None,
        from_at=from_at,
        at=at,
        actor=actor,
    )
    showing.said(f"{row.person.name} is {role} from {reading.spoken(from_at)} on")
    showing.one(accounted.role(row), as_json=as_json)


@app.command("list")
def list_(
    email: Annotated[str, typer.Option("--person", help="Address of one person.")] = "",
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List roles and mandates."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts.models import Role

    seen = Role.objects.visible_to(actor).standing()
    if not all_:
        seen = seen.as_of(at)
    if email:
        seen = seen.filter(person=naming.person(email, actor))
    showing.rows(
        map(accounted.role, seen.select_related("person", "client").order_by("person__email", "from_at")),
        as_json=as_json,
        columns=("email", "role", "client", "since", "until"),
        empty="no role",
    )


@app.command()
def end(
    *,
    email: Email,
    role: Role,
    client: OfClient = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End a role or mandate; what was done under it stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import people

    of_client = naming.a_client(client, actor) if client else None
    found = naming.role(naming.person(email, actor), role, of_client, actor, at)
    with rehearsed(dry_run):
        row = people.end_role(found, at=at, actor=actor)
        showing.said(f"{row.person.name} is no longer {role}")
        showing.one(accounted.role(row), as_json=as_json)
