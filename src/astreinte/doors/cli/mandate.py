"""Who may sign, consent and claim for a client: add, list, show, end."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo, OfOneClient
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from astreinte.records.accounts.actors import Actor
    from astreinte.records.accounts.mandates import Scope
    from astreinte.records.accounts.models import Client
    from astreinte.records.contracts.models import OrderLine
    from astreinte.records.evidence.models import StoredFile
    from astreinte.records.inventory.models import Server

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the mandate, as `mandate list` shows it.")]


@app.command()
def add(
    *,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Address of a person of the client.")],
    verb: Annotated[str, typer.Argument(help="sign, consent or claim.")],
    client: Annotated[str, typer.Option(help="Number or name of the client.")],
    server: Annotated[list[str] | None, typer.Option(help="Only for this server; again for more.")] = None,
    line: Annotated[list[int] | None, typer.Option(help="Only for this order line; again for more.")] = None,
    from_: Annotated[
        str, typer.Option("--from", help="A date, or an instant with its offset; without it, now.")
    ] = "",
    given_by: Annotated[str, typer.Option(help="Who at the client gave it, and how.")] = "",
    paper: Annotated[
        Path | None, typer.Option(help="The signed paper, a file.", exists=True, dir_okay=False)
    ] = None,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Give a person of a client a mandate, over everything or over some servers and order lines."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, naming, reading, showing
    from astreinte.records.accounts import mandates

    of = naming.a_client(client, actor)
    row = mandates.give(
        naming.person(email, actor),
        client=of,
        verb=verb,
        scope=_scope(of, server or [], line or [], actor, at),
        from_at=reading.since("--from", from_, otherwise=at),
        given_by=given_by,
        paper=None if paper is None else _kept(paper, of, at, actor),
        at=at,
        actor=actor,
    )
    showing.said(f"{row.person.name} may {verb} for {of.name}: {counselled.over(row.scope)}")
    showing.one(counselled.mandate(row), as_json=as_json)


@app.command("list")
def list_(client: OfOneClient = "", all_: AllToo = False, as_json: AsJson = False, as_: As = "") -> None:
    """List mandates; the role of a signatory is one over everything, and is in `role list`."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, naming, showing
    from astreinte.records.accounts.models import Mandate

    seen = Mandate.objects.visible_to(actor)
    seen = seen if all_ else seen.as_of(at)
    if client:
        seen = seen.filter(client=naming.a_client(client, actor))
    found = seen.select_related("person", "client", "paper").order_by("client__name", "number")
    showing.rows(
        map(counselled.mandate, found),
        as_json=as_json,
        columns=("number", "email", "verb", "client", "over", "since", "until"),
        empty="no mandate; a signatory needs none (`astreinte role list`)",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a mandate."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, finding, showing
    from astreinte.records.accounts.models import Mandate

    seen = Mandate.objects.visible_to(actor).select_related("person", "client", "paper")
    showing.one(counselled.mandate(finding.numbered(Mandate, seen, number, "mandate list")), as_json=as_json)


@app.command()
def end(
    *,
    number: Number,
    until: Annotated[str, typer.Option(help="An instant with its offset; without it, now.")] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End a mandate; what was done under it stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, finding, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import mandates
    from astreinte.records.accounts.models import Mandate

    seen = Mandate.objects.visible_to(actor).select_related("person", "client", "paper")
    found = finding.numbered(Mandate, seen, number, "mandate list")
    with rehearsed(dry_run):
        row = mandates.end(found, until_at=reading.since("--until", until, otherwise=at), at=at, actor=actor)
        showing.said(f"{row.person.name} may no longer {row.verb} under mandate {row.number}")
        showing.one(counselled.mandate(row), as_json=as_json)


def _scope(of: "Client", servers: list[str], lines: list[int], actor: "Actor", at: "datetime") -> "Scope":
    from astreinte.doors.cli import finding, naming
    from astreinte.records.accounts import mandates

    held_servers: list[Server] = [finding.server(name, actor, at) for name in servers]
    held_lines: list[OrderLine] = [naming.line(number, actor) for number in lines]
    owners = {str(one): one.client_id for one in held_servers} | {
        str(one): one.client_id for one in held_lines
    }
    for name, owner in owners.items():
        if owner != of.pk:
            raise finding.NotFoundError(f"scope: {name} is not of {of.name}; name what is theirs")
    return mandates.Scope(
        line_ids=frozenset(one.pk for one in held_lines), server_ids=frozenset(one.pk for one in held_servers)
    )


def _kept(paper: Path, of: "Client", at: "datetime", actor: "Actor") -> "StoredFile":
    import mimetypes

    from astreinte.records.accounts.permissions import may
    from astreinte.records.evidence import keeping

    may(actor, "accounts.give_mandate", of)
    media_type = mimetypes.guess_type(paper.name)[0] or "application/octet-stream"
    return keeping.keep(
        paper.read_bytes(),
        name=paper.name,
        media_type=media_type,
        provider_id=of.provider_id,
        at=at,
        actor=actor,
    )
