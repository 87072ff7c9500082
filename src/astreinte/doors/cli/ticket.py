"""Tickets, from add to close: what was received, said and done, and why it is owed."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import Newest, OfOneClient
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The ticket's number.")]
Text = Annotated[str, typer.Argument(help="What to say; - is standard input.")]
Priority = Annotated[str, typer.Option(help="critical, urgent, normal or low.")]
Channel = Annotated[str, typer.Option(help="How it reached the staff: desk or email.")]
Readings = Annotated[
    bool, typer.Option("--readings", help="Also what each reading of articles 5 and 6 would come to.")
]
Key = Annotated[str, typer.Option(help="A text of your own: the same again returns the first ticket.")]


@app.command()
def add(
    *,
    subject: Annotated[str, typer.Option(help="In a few words, what is wrong.")],
    text: Annotated[str, typer.Option(help="What is known; - is standard input.")],
    priority: Priority,
    server: Annotated[str, typer.Option(help="Name of the server it is about.")] = "",
    client: Annotated[str, typer.Option(help="Number or name of the client; without it, the server's.")] = "",
    nature: Annotated[str, typer.Option(help="incident or support.")] = "incident",
    channel: Channel = "desk",
    key: Key = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write down a ticket that reached the staff. A call has a command of its own: `astreinte call record`."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, handled, naming, reading
    from astreinte.records.tickets import opening

    handled.by_hand(channel)
    on = finding.server(server, actor, at) if server else None
    if on is None and not client:
        raise reading.WordError("ticket add: of whom? write --server, or --client when it is about no server")
    receipt = opening.declare(
        client=on.client if on is not None and not client else naming.a_client(client, actor),
        server=on,
        subject=subject,
        text=reading.said(text),
        priority=priority,
        nature=nature,
        channel=channel,
        key=handled.key(channel, key, actor),
        at=at,
        actor=actor,
    )
    number = receipt.ticket.number
    handled.done(f"#{number} is open", number, actor, at, as_json=as_json)


@app.command()
def join(
    *,
    number: Number,
    text: Annotated[str, typer.Option(help="What was said; - is standard input.")],
    priority: Priority = "",
    channel: Channel = "desk",
    key: Key = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write down one more declaration of an incident that has its ticket already."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.tickets import opening

    handled.by_hand(channel)
    opening.join(
        naming.ticket(number, actor),
        text=reading.said(text),
        priority=priority or None,
        channel=channel,
        key=handled.key(channel, key, actor),
        at=at,
        actor=actor,
    )
    handled.done(f"#{number} has one receipt more", number, actor, at, as_json=as_json)


@app.command("list")
def list_(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Closed and merged ones, too.")] = False,
    client: OfOneClient = "",
    server: Annotated[str, typer.Option(help="Name of one server.")] = "",
    limit: Newest = 100,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the open tickets, the newest first."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, handled, naming
    from astreinte.records.tickets.models import Ticket

    seen = Ticket.objects.visible_to(actor)
    if not all_:
        seen = seen.open()
    if client:
        seen = seen.filter(client=naming.a_client(client, actor))
    if server:
        seen = seen.for_server(finding.server(server, actor, at))
    empty = "no ticket" if all_ else "no open ticket; --all lists the others, too"
    handled.show_list(seen.order_by("-number")[:limit], actor, at, as_json=as_json, empty=empty)


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a ticket: its promise, receipts, interventions and conversation."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled

    handled.show(number, actor, at, as_json=as_json)


@app.command()
def why(number: Number, readings: Readings = False, as_json: AsJson = False, as_: As = "") -> None:
    """Say why the deadline is what it is, and why the sum; exits 1 when the trace gives another number."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled

    handled.explain(number, actor, at, as_json=as_json, readings=readings)


@app.command()
def reply(number: Number, text: Text, as_json: AsJson = False, as_: As = "") -> None:
    """Say something that both sides read."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.tickets import conversation

    conversation.reply(naming.ticket(number, actor), reading.said(text), at=at, actor=actor)
    done = f"the client reads it on #{number}; no clock stops for a reply"
    handled.done(done, number, actor, at, as_json=as_json)


@app.command()
def note(number: Number, text: Text, as_json: AsJson = False, as_: As = "") -> None:
    """Say something that the staff alone reads."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.tickets import conversation

    conversation.note(naming.ticket(number, actor), reading.said(text), at=at, actor=actor)
    handled.done(f"noted on #{number}, for the staff alone", number, actor, at, as_json=as_json)


@app.command()
def take(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Take a ticket. This stops no clock: only an intervention does."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming
    from astreinte.records.tickets import handling

    handling.take(naming.ticket(number, actor), at=at, actor=actor)
    done = f"#{number} is yours. {handled.RUNS_ON} (`astreinte intervention start {number}`)"
    handled.done(done, number, actor, at, as_json=as_json)


@app.command()
def mine(as_json: AsJson = False, as_: As = "") -> None:
    """List the open tickets that are yours, the shortest time first; says how many are nobody's."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, reading, showing
    from astreinte.records.commitments import standing
    from astreinte.records.tickets.models import Ticket

    if actor.person_id is None:
        raise reading.WordError(f"mine: {actor.label} is nobody in particular; act as a person (--as EMAIL)")
    seen = Ticket.objects.visible_to(actor).open()
    stands = standing.of_all(seen.filter(assignee_id=actor.person_id).order_by("number"), at)
    by_urgency = [one.ticket for one in sorted(stands, key=handled.urgency)]
    handled.show_list(by_urgency, actor, at, as_json=as_json, empty="nothing is on you")
    free = seen.filter(assignee=None).count()
    if free:
        showing.said(f"{free} open ticket(s) are nobody's: `astreinte ticket list`")


@app.command()
def assign(
    number: Number,
    person: Annotated[str, typer.Argument(metavar="EMAIL", help="Address of somebody of the staff.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Give a ticket to somebody; the clock runs on."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming
    from astreinte.records.tickets import handling

    to = naming.person(person, actor)
    handling.assign(naming.ticket(number, actor), person=to, at=at, actor=actor)
    handled.done(f"#{number} is {to.name}'s. {handled.RUNS_ON}", number, actor, at, as_json=as_json)


@app.command()
def wait(number: Number, text: Text, as_json: AsJson = False, as_: As = "") -> None:
    """Ask the client something and wait; the clock runs on (A5.13)."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.tickets import handling

    handling.wait_for_client(naming.ticket(number, actor), text=reading.said(text), at=at, actor=actor)
    done = f"#{number} waits for the client. Nothing in article 5 suspends the delay: the clock runs on"
    handled.done(done, number, actor, at, as_json=as_json)


@app.command()
def resume(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Stop waiting for the client."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming
    from astreinte.records.tickets import handling

    handling.resume(naming.ticket(number, actor), at=at, actor=actor)
    handled.done(f"#{number} waits for nobody", number, actor, at, as_json=as_json)


@app.command()
def place(
    number: Number,
    server: Annotated[str, typer.Argument(help="Name of the server.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Say which server a ticket is about, when it came without one: its order line gives terms and fee."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import finding, handled, naming
    from astreinte.records.tickets import handling

    on = finding.server(server, actor, at)
    handling.place(naming.ticket(number, actor), server=on, at=at, actor=actor)
    handled.done(f"#{number} is about {on.name}", number, actor, at, as_json=as_json)


@app.command()
def merge(
    number: Number,
    into: Annotated[int, typer.Option(help="Number of the ticket that stays.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Merge a ticket into another of the same client: the earliest receipt that counts holds. It stays merged."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.tickets import handling

    one, other = naming.ticket(number, actor), naming.ticket(into, actor)
    with rehearsed(dry_run):
        handling.merge(one, into=other, at=at, actor=actor)
        handled.done(f"#{number} is merged into #{into}", into, actor, at, as_json=as_json)


@app.command()
def close(
    number: Number,
    reason: Annotated[
        str, typer.Option(help="What the client reads; needed when nobody intervened. - is standard input.")
    ] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Close a ticket; without an intervention, only with a reason that the client reads."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.tickets import handling

    with rehearsed(dry_run):
        handling.close(naming.ticket(number, actor), reason=reading.said(reason), at=at, actor=actor)
        handled.done(f"#{number} is closed", number, actor, at, as_json=as_json)


@app.command()
def reopen(number: Number, text: Text, as_json: AsJson = False, as_: As = "") -> None:
    """Open a closed ticket again, and say why it is not over: its clock runs on as if it had never been closed."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.tickets import handling

    handling.reopen_contested(naming.ticket(number, actor), text=reading.said(text), at=at, actor=actor)
    handled.done(f"#{number} is open again", number, actor, at, as_json=as_json)
