"""Work for which we ask a client's consent: ask, change, list, show, end.

The client answers by its own link or on its pages: nobody of the staff consents for it, here neither.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import OfOneClient
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from astreinte.records.accounts.actors import Actor
    from astreinte.records.contracts.models import ConsentRequest

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the request, as `consent list` shows it.")]
Servers = Annotated[list[str] | None, typer.Option("--server", help="A server; again for more.")]
From = Annotated[str, typer.Option("--from", help="From when, an instant with its offset.")]
Until = Annotated[str, typer.Option(help="Until when, an instant with its offset.")]
Price = Annotated[str, typer.Option(help="Euros before tax, such as 390.00; without it, no extra price.")]
Minutes = Annotated[int | None, typer.Option(min=1, help="Minutes of work planned.")]
Risky = Annotated[
    bool | None, typer.Option("--risky/--harmless", help="Whether the second factor is asked for.")
]


@app.command()
def ask(
    *,
    client: Annotated[str, typer.Option(help="Number or name of the client.")],
    title: Annotated[str, typer.Option(help="What is to be done, in short.")],
    text: Annotated[str, typer.Option(help="What will be done, in full; `-` reads standard input.")],
    server: Servers = None,
    line: Annotated[int | None, typer.Option(help="The order line that it is about.")] = None,
    from_: From = "",
    until: Until = "",
    price: Price = "",
    minutes: Minutes = None,
    risky: Risky = None,
    advice: Annotated[int | None, typer.Option(help="Number of the advice that comes before it.")] = None,
    to: Annotated[
        list[str] | None, typer.Option(metavar="EMAIL", help="Only this person; again for more.")
    ] = None,
    by_phone: Annotated[
        bool, typer.Option("--by-phone", help="They said yes on the telephone: have it read back in writing.")
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Ask a client's consent: each who may give it gets a link that works once."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, finding, naming, reading, showing
    from astreinte.records.contracts import consenting
    from astreinte.records.contracts.models import Advice

    seen = Advice.objects.visible_to(actor)
    scope = consenting.Scope(
        title=title,
        text=reading.said(text),
        servers=tuple(finding.server(name, actor, at) for name in server or []),
        line=None if line is None else naming.line(line, actor),
        risky=bool(risky),
        advice=None if advice is None else finding.numbered(Advice, seen, advice, "advice list"),
        **_measures(from_, until, price, minutes),
    )
    row = consenting.ask(
        naming.a_client(client, actor),
        scope,
        to=[naming.person(email, actor) for email in to or []],
        by_phone=by_phone,
        at=at,
        actor=actor,
    )
    asked = ", ".join(one.person.name for one in row.links.select_related("person"))
    showing.said(f"consent {row.number} is asked of {asked}")
    showing.one(counselled.consent_whole(row, at), as_json=as_json)


@app.command()
def change(
    *,
    number: Number,
    title: Annotated[str, typer.Option(help="Another title.")] = "",
    text: Annotated[str, typer.Option(help="Another text; `-` reads standard input.")] = "",
    server: Servers = None,
    from_: From = "",
    until: Until = "",
    price: Price = "",
    minutes: Minutes = None,
    risky: Risky = None,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Change the scope: the request and any consent to it no longer hold, and it is asked anew."""
    at, actor = booting.begin(as_)
    from dataclasses import replace

    from astreinte.doors.cli import counselled, finding, reading, showing
    from astreinte.records.contracts import consenting

    found = _found(number, actor)
    given: dict[str, Any] = {
        "title": title,
        "text": reading.said(text) if text else "",
        "servers": tuple(finding.server(name, actor, at) for name in server or []),
        **_measures(from_, until, price, minutes),
    }
    changed = {name: value for name, value in given.items() if value}
    if risky is not None:
        changed["risky"] = risky
    row = consenting.change(found, replace(consenting.scope_of(found), **changed), at=at, actor=actor)
    showing.said(f"consent {number} no longer holds; consent {row.number} is asked instead")
    showing.one(counselled.consent_whole(row, at), as_json=as_json)


@app.command("list")
def list_(client: OfOneClient = "", as_json: AsJson = False, as_: As = "") -> None:
    """List what was asked, the latest first."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, naming, showing
    from astreinte.records.contracts.models import ConsentRequest

    seen = ConsentRequest.objects.visible_to(actor)
    if client:
        seen = seen.filter(client=naming.a_client(client, actor))
    showing.rows(
        map(counselled.consent, seen.select_related("client").order_by("-number")),
        as_json=as_json,
        columns=("number", "client", "title", "state", "asked_at", "from", "until"),
        empty="nothing was asked; `astreinte consent ask` does",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a request, its scope with its digest, and its answer."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, showing

    showing.one(counselled.consent_whole(_found(number, actor), at), as_json=as_json)


@app.command()
def end(
    *,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it no longer holds; the client reads it.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Take a request back, or let a consent hold no more; that it was given stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import consenting

    found = _found(number, actor)
    with rehearsed(dry_run):
        consenting.void(found, reason=reason, at=at, actor=actor)
        showing.said(f"consent {number} no longer holds")
        showing.one(counselled.consent_whole(found, at), as_json=as_json)


def _measures(from_: str, until: str, price: str, minutes: int | None) -> dict[str, Any]:
    from astreinte.doors.cli import reading

    start: datetime | None = reading.instant("--from", from_) if from_ else None
    end_: datetime | None = reading.instant("--until", until) if until else None
    return {
        "starts_at": start,
        "ends_at": end_,
        "price_cents": reading.cents("--price", price) if price else None,
        "minutes": minutes,
    }


def _found(number: int, actor: "Actor") -> "ConsentRequest":
    from astreinte.doors.cli import finding
    from astreinte.records.contracts.models import ConsentRequest

    seen = ConsentRequest.objects.visible_to(actor).select_related(
        "client", "line", "advice", "replaces", "provider"
    )
    return finding.numbered(ConsentRequest, seen, number, "consent list")
