"""Contracts, which bind a client: add, activate, cover, price, terms, overlay, explain, renew, suspend, list, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting, ordered
from astreinte.doors.cli.narrowing import AllToo, OfOneClient
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Line = Annotated[int, typer.Argument(metavar="LINE", help="Number of the order line.")]
Price = Annotated[str, typer.Option(help="Euros before tax for one period, such as 390.00.")]
FullPrice = Annotated[str, typer.Option(help="What it would cost without the discount.")]
Discount = Annotated[str, typer.Option(help="What the discount is for.")]
From = Annotated[
    str, typer.Option("--from", help="A date (midnight in Paris), or an instant with its offset.")
]
AtOrNow = Annotated[
    str, typer.Option("--at", help="A date (midnight in Paris) or an instant; without it, now.")
]


@app.command()
def add(
    *,
    client: Annotated[str, typer.Option(help="Number or name of the client.")],
    plan: Annotated[str, typer.Option(help='What it orders, such as "Infogérance 24/7".')],
    price: Price,
    period: Annotated[str, typer.Option(help="monthly, quarterly, yearly or one_off.")],
    terms: Annotated[str, typer.Option(help="Name of the terms that bind.")],
    from_: From,
    server: Annotated[
        list[str] | None, typer.Option(help="A server that it covers; may be said again.")
    ] = None,
    requires: Annotated[
        list[str] | None,
        typer.Option(help="What it needs before it begins: acceptance, advice, access, coverage; again."),
    ] = None,
    until: Annotated[str, typer.Option(help="When it ends, above all a one-off order.")] = "",
    tacit: Annotated[
        bool, typer.Option("--tacit/--no-tacit", help="Whether it is renewed by itself.")
    ] = True,
    notice: Annotated[int, typer.Option(help="Days of notice before the end of a period.")] = 0,
    full_price: FullPrice = "",
    discount: Discount = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Bind a client by an order line, and cover servers by it."""
    at, actor = booting.begin(as_)
    from django.db import transaction

    from astreinte.doors.cli import contracted, finding, naming, reading, showing
    from astreinte.records.contracts import binding

    from_at = reading.since("--from", from_)
    of_client, under = naming.a_client(client, actor), naming.terms(terms, actor)
    servers = [finding.server(name, actor, at) for name in server or ()]
    with transaction.atomic():
        line = binding.bind(
            client=of_client,
            plan=plan,
            price_cents=reading.cents("--price", price),
            period=period,
            terms=under,
            from_at=from_at,
            until_at=reading.since("--until", until) if until else None,
            tacit=tacit,
            notice_days=notice,
            full_cents=reading.cents("--full-price", full_price) if full_price else None,
            discount=discount,
            requires=requires or (),
            at=at,
            actor=actor,
        )
        for one in servers:
            binding.cover(line=line, server=one, from_at=from_at, at=at, actor=actor)
    covered = (
        f", and covers {len(servers)} server(s)" if servers else "; `astreinte contract cover` covers servers"
    )
    showing.said(
        f"order line {line.number} binds {of_client.name} from {reading.spoken(from_at)} on{covered}"
    )
    showing.one(contracted.line(line, at), as_json=as_json)


@app.command()
def cover(
    line: Line,
    server: Annotated[str, typer.Argument(help="Name of the server.")],
    from_: From,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Cover a server by an order line; the line that covered it before stops there."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, finding, naming, reading, showing
    from astreinte.records.contracts import binding

    row, from_at = naming.line(line, actor), reading.since("--from", from_)
    binding.cover(line=row, server=finding.server(server, actor, at), from_at=from_at, at=at, actor=actor)
    showing.said(f"order line {line} covers {server} from {reading.spoken(from_at)} on")
    showing.one(contracted.line_whole(row, max(at, from_at)), as_json=as_json)


@app.command()
def price(
    line: Line,
    euros: Annotated[str, typer.Argument(help="Euros before tax for one period, such as 390.00.")],
    *,
    from_: From,
    full_price: FullPrice = "",
    discount: Discount = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Change the price from an instant on; what was due before keeps the price of its deadline."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.records.contracts import binding

    row, from_at = naming.line(line, actor), reading.since("--from", from_)
    cents = reading.cents("EUROS", euros)
    full = reading.cents("--full-price", full_price) if full_price else None
    binding.change_price(
        line=row,
        price_cents=cents,
        full_cents=full,
        discount=discount,
        from_at=from_at,
        at=at,
        actor=actor,
    )
    showing.said(f"order line {line} costs {euros} EUR from {reading.spoken(from_at)} on")
    showing.one(contracted.line_whole(row, max(at, from_at)), as_json=as_json)


@app.command()
def terms(
    line: Line,
    name: Annotated[str, typer.Argument(help="Name of the terms.")],
    from_: From,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Let other terms bind from an instant on; a clock that runs keeps those of its receipt."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.records.contracts import binding

    row, from_at = naming.line(line, actor), reading.since("--from", from_)
    binding.change_terms(line=row, terms=naming.terms(name, actor), from_at=from_at, at=at, actor=actor)
    showing.said(f"order line {line} is under {name} from {reading.spoken(from_at)} on")
    showing.one(contracted.line_whole(row, max(at, from_at)), as_json=as_json)


@app.command()
def overlay(
    *,
    line: Line,
    title: Annotated[str, typer.Argument(help="What this specific contract is called.")],
    file: Annotated[str, typer.Argument(help="The JSON object of what differs; - is standard input.")],
    from_: From,
    server: Annotated[
        list[str] | None, typer.Option(help="A server that it is about; again; none: all of the line.")
    ] = None,
    clause: Annotated[str, typer.Option(help="What it says in words.")] = "",
    paper: Annotated[str, typer.Option(help="The signed PDF.")] = "",
    until: Annotated[str, typer.Option(help="A date or an instant; without it, until further notice.")] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Lay a specific contract over the terms of an order line, for a while."""
    at, actor = booting.begin(as_)
    from pathlib import Path

    from astreinte.doors.cli import contracted, documented, finding, naming, reading, showing
    from astreinte.records.contracts import overlaying

    row, from_at = naming.line(line, actor), reading.since("--from", from_)
    until_at = reading.since("--until", until) if until else None
    signed = None
    if paper:
        content = documented.content("--paper", paper)
        signed = overlaying.keep_paper(row, content, name=Path(paper).name, at=at, actor=actor)
    laid = overlaying.lay(
        line=row,
        servers=[finding.server(name, actor, at) for name in server or ()],
        clause=clause,
        file=signed,
        title=title,
        patch=reading.json_object("FILE", file),
        from_at=from_at,
        until_at=until_at,
        at=at,
        actor=actor,
    )
    end_ = f"until {reading.spoken(until_at)}" if until_at else "until further notice"
    showing.said(f"{title} lies over order line {line} from {reading.spoken(from_at)} {end_}")
    if overlaying.is_pending(laid):
        showing.said(f"it is worse for the client, and holds once approved: {overlaying.ask(laid, at)}")
    showing.one(contracted.line_whole(row, max(at, from_at)), as_json=as_json)


@app.command()
def end_overlay(
    line: Line,
    title: Annotated[str, typer.Argument(help="What this specific contract is called.")],
    at_: AtOrNow = "",
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End a specific contract; what was received under it keeps it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import overlaying

    until_at = reading.since("--at", at_, otherwise=at)
    row = naming.line(line, actor)
    with rehearsed(dry_run):
        overlaying.end(naming.overlay(row, title, actor), until_at=until_at, at=at, actor=actor)
        showing.said(f"{title} ends at {reading.spoken(until_at)}")
        showing.one(contracted.line_whole(row, at), as_json=as_json)


@app.command()
def withdraw(
    line: Line,
    what: Annotated[
        str, typer.Argument(help="price, terms, overlay or cover: the last one that has not begun.")
    ],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Take back a change that has not begun; what it would have followed goes on."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import binding

    row = naming.line(line, actor)
    change = naming.to_come(row, what, actor, at)
    with rehearsed(dry_run):
        binding.withdraw(change, at=at, actor=actor)
        showing.said(
            f"the {what} of order line {line} from {reading.spoken(change.from_at)} on is taken back"
        )
        showing.one(contracted.line_whole(row, at), as_json=as_json)


@app.command("list")
def list_(
    client: OfOneClient = "",
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the order lines that bind now or will."""
    at, actor = booting.begin(as_)
    from django.db.models import Q

    from astreinte.doors.cli import contracted, naming, showing
    from astreinte.records.contracts.models import OrderLine

    seen = OrderLine.objects.visible_to(actor).standing().select_related("client").order_by("number")
    if client:
        seen = seen.filter(client=naming.a_client(client, actor))
    if not all_:
        seen = seen.filter(Q(until_at=None) | Q(until_at__gt=at))
    showing.rows(
        [contracted.line(one, at) for one in seen],
        as_json=as_json,
        columns=("number", "client", "plan", "price", "period", "terms", "since", "until"),
        empty="no order line; `astreinte contract add` binds a client",
    )


@app.command()
def show(
    line: Line,
    at_: Annotated[
        str, typer.Option("--at", help="As it stood at this date or instant; without it, now.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show an order line: the values in force, the servers covered, prices and specific contracts."""
    now, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing

    at = reading.since("--at", at_, otherwise=now)
    showing.one(contracted.line_whole(naming.line(line, actor), at), as_json=as_json)


@app.command()
def end(
    line: Line,
    at_: AtOrNow = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End an order line and what it covers; clocks that run keep running."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import binding

    until_at = reading.since("--at", at_, otherwise=at)
    with rehearsed(dry_run):
        row = binding.end_line(line=naming.line(line, actor), until_at=until_at, at=at, actor=actor)
        showing.said(f"order line {line} ends at {reading.spoken(until_at)}")
        showing.one(contracted.line(row, at), as_json=as_json)


ordered.add_to(app)
