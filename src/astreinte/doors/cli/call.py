"""Telephone calls written down by hand: record, list."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import Newest
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command()
def record(
    *,
    number: Annotated[str, typer.Option(help="The number that was called.")],
    caller: Annotated[str, typer.Option(help="Who called.")],
    rang_at: Annotated[str, typer.Option(help="The first ring, with its offset: 2026-11-23T03:12:00+01:00.")],
    text: Annotated[str, typer.Option(help="What was said; - is standard input.")],
    server: Annotated[str, typer.Option(help="Name of the server it is about.")] = "",
    client: Annotated[str, typer.Option(help="Number or name of the client; without it, the server's.")] = "",
    ticket: Annotated[
        int, typer.Option(help="Number of the open ticket it is about; without it, one is opened.")
    ] = 0,
    subject: Annotated[str, typer.Option(help="In a few words, what is wrong.")] = "",
    priority: Annotated[str, typer.Option(help="critical, urgent, normal or low.")] = "critical",
    missed: Annotated[
        bool, typer.Option("--missed", help="Nobody answered: the first ring counts all the same.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="A text of your own: the same again returns the first receipt.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write a call down: a call to a defined emergency number starts the clock at its first ring (article 5)."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, handled, naming, reading
    from astreinte.records.tickets import opening

    on = finding.server(server, actor, at) if server else None
    about = naming.ticket(ticket, actor) if ticket else None
    owner = on or about
    if owner is None and not client:
        raise reading.WordError("call record: of whom? write --server, --ticket or --client")
    of_client = owner.client if owner is not None and not client else naming.a_client(client, actor)
    receipt = opening.record_call(
        client=of_client,
        server=on,
        number_called=number,
        caller=caller,
        rang_at=reading.instant("--rang-at", rang_at),
        text=reading.said(text),
        priority=priority,
        key=handled.key("phone", key, actor),
        ticket=about,
        subject=subject,
        answered=not missed,
        at=at,
        actor=actor,
    )
    starts = (
        "an emergency number" if receipt.channel == "phone" else "no emergency number, and starts no clock"
    )
    opened = receipt.ticket.number
    done = f"the call of {reading.spoken(receipt.at)} is on #{opened}; {number} is {starts}"
    handled.done(done, opened, actor, at, as_json=as_json)


@app.command("list")
def list_(
    limit: Newest = 100,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the calls, the newest first."""
    booting.ready()
    from astreinte.doors.cli import showing
    from astreinte.records.tickets.models import Call

    seen = Call.objects.visible_to(booting.actor(as_)).select_related("receipt__ticket__client")
    found = [
        {
            "rang_at": one.rang_at,
            "ticket": one.receipt.ticket.number,
            "client": one.receipt.ticket.client.name,
            "caller": one.caller,
            "number_called": one.number_called,
            "emergency": one.defined,
            "answered": one.answered,
            "recorded_at": one.receipt.recorded_at,
        }
        for one in seen.order_by("-rang_at", "-pk")[:limit]
    ]
    columns = ("rang_at", "ticket", "client", "caller", "number_called", "emergency", "answered")
    showing.rows(found, as_json=as_json, columns=columns, empty="no call was written down")
