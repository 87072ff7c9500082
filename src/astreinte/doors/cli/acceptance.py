"""Acceptances, who agreed to which text: list, show, record a signed paper, invite, and who has answered."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's name.")]
Number = Annotated[int, typer.Option("--version", help="The number of a version; without it, the last one.")]
BrandName = Annotated[str, typer.Option("--brand", help="The brand that speaks; without it, the first one.")]
OneClient = Annotated[str, typer.Option("--client", help="One client's name or number; without it, all.")]


@app.command("list")
def list_(client: OneClient = "", as_json: AsJson = False, as_: As = "") -> None:
    """List what was accepted, the latest first."""
    booting.ready()
    from astreinte.doors.cli import documented, finding, showing
    from astreinte.records.contracts.models import Acceptance

    actor = booting.actor(as_)
    seen = Acceptance.objects.visible_to(actor).select_related(
        "client", "person", "version__document", "paper"
    )
    if client:
        seen = seen.filter(client=finding.client(client, actor))
    showing.rows(
        map(documented.acceptance, seen.order_by("-at", "-pk")),
        as_json=as_json,
        columns=("act", "client", "document", "version", "person", "at", "how"),
        empty="nothing was accepted yet; `astreinte acceptance invite` asks clients to",
    )


@app.command()
def show(
    act: Annotated[str, typer.Argument(help="The number of the act: texts accepted together have one.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show what was accepted by one act, with the digests of text and page."""
    booting.ready()
    from astreinte.doors.cli import documented, finding, showing
    from astreinte.records.contracts.models import Acceptance

    seen = Acceptance.objects.visible_to(booting.actor(as_)).filter(act=act).order_by("pk")
    rows = list(seen.select_related("client", "person", "version__document", "paper"))
    if not rows:
        raise finding.NotFoundError(
            f"act {act!r}: none of this number; `astreinte acceptance list` shows them"
        )
    if as_json:
        showing.rows(map(documented.acceptance, rows), as_json=True, columns=())
        return
    for row in rows:
        showing.one(documented.acceptance(row), as_json=False)


@app.command()
def invite(
    document: Document,
    *,
    version: Number = 0,
    client: OneClient = "",
    brand: BrandName = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Ask by e-mail whoever may sign to accept a published version. Exit 1 when of a client nobody may."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, finding, naming, showing
    from astreinte.records.contracts import inviting

    sent = inviting.invite(
        documented.version(document, actor, version),
        brand=naming.brand(brand, actor),
        clients=[finding.client(client, actor)] if client else None,
        at=at,
        actor=actor,
    )
    for unsigned in sent.unsigned:
        showing.said(
            f"{unsigned.name}: nobody there holds a mandate to sign; `astreinte mandate add` gives one"
        )
    rows = [{"client": one.client.name, "person": one.person.email, "at": one.at} for one in sent.invitations]
    showing.rows(rows, as_json=as_json, columns=("client", "person"), empty="nobody was asked")
    if sent.unsigned:
        raise typer.Exit(1)


@app.command()
def answers(document: Document, *, version: Number = 0, as_json: AsJson = False, as_: As = "") -> None:
    """Show which clients have accepted a version, and who was asked. Exit 1 while one is missing."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, showing
    from astreinte.records.contracts import inviting

    found = inviting.answers(documented.version(document, actor, version), at)
    done = sum(one.acceptance is not None for one in found)
    showing.said(f"{done} of {len(found)} clients have accepted it")
    showing.rows(
        (
            {
                "client": one.client.name,
                "invited_at": one.invited_at,
                "invited": [person.email for person in one.invited],
                "accepted_at": one.acceptance.at if one.acceptance is not None else None,
                "accepted_by": one.acceptance.person.email if one.acceptance is not None else None,
            }
            for one in found
        ),
        as_json=as_json,
        columns=("client", "invited_at", "accepted_at", "accepted_by"),
        empty="it concerns no client yet",
    )
    if done < len(found):
        raise typer.Exit(1)


@app.command()
def record(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="Its name or number.")],
    paper: Annotated[str, typer.Argument(metavar="PDF", help="The signed paper, scanned.")],
    *,
    document: Annotated[
        list[str], typer.Option(help='A text that was signed, and its version: "Name" or "Name:2".')
    ],
    person: Annotated[str, typer.Option(help="Who signed for the client, by e-mail address.")],
    signed: Annotated[str, typer.Option(help="The day on the paper, such as 2017-07-01, or an instant.")],
    brand: BrandName = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write down that a client signed texts on paper. The staff records; it never accepts for a client."""
    at, actor = booting.begin(as_)
    from pathlib import Path

    from astreinte.doors.cli import documented, finding, naming, reading, showing
    from astreinte.records.contracts import signing

    rows = signing.record_signed(
        finding.client(client, actor),
        versions=[documented.named_version(one, actor) for one in document],
        person=naming.person(person, actor),
        paper=documented.content("PDF", paper),
        paper_name=Path(paper).name,
        signed_at=reading.since("--signed", signed),
        brand=naming.brand(brand, actor),
        at=at,
        actor=actor,
    )
    showing.said(f"recorded: {rows[0].person.name} signed for {rows[0].client.name}; the PDF is kept")
    showing.rows(
        map(documented.acceptance, rows), as_json=as_json, columns=("act", "document", "version", "at")
    )
