"""Interventions, the acts that stop the clock: start, end, diagnose, list."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import Newest
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The ticket's number.")]


@app.command()
def start(
    number: Number,
    started_at: Annotated[
        str, typer.Option(help="When it began, if it is written down afterwards; with its offset.")
    ] = "",
    evidence: Annotated[
        str, typer.Option(help="What proves that it began then: a session's log, a call.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Begin an intervention, in your own name: the clock stops."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.worklog import intervening

    row = intervening.start(
        naming.ticket(number, actor),
        started_at=reading.instant("--started-at", started_at) if started_at else None,
        evidence=evidence,
        at=at,
        actor=actor,
    )
    done = f"{row.person.name} intervenes on #{number} since {reading.spoken(row.started_at)}"
    handled.done(done, number, actor, at, as_json=as_json)


@app.command()
def end(
    number: Number,
    text: Annotated[str, typer.Argument(help="What was done, for the client to read; - is standard input.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """End your intervention with what was done."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.worklog import intervening
    from astreinte.records.worklog.models import Intervention

    ticket = naming.ticket(number, actor)
    seen = Intervention.objects.visible_to(actor).filter(ticket=ticket, kind="session", ended_at=None)
    running = seen.filter(person_id=actor.person_id or 0).order_by("started_at", "pk").first()
    if running is None:
        raise reading.WordError(
            f"intervention on #{number}: you have none under way; `astreinte intervention start {number}` begins one"
        )
    intervening.end(running, text=reading.said(text), at=at, actor=actor)
    handled.done(f"your intervention on #{number} is over", number, actor, at, as_json=as_json)


@app.command()
def diagnose(
    number: Number,
    text: Annotated[
        str, typer.Argument(help="What is wrong and what will be done, for both sides; - is standard input.")
    ],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write a diagnostic in your own name: a first technical act, so the clock stops (A5.10)."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import handled, naming, reading
    from astreinte.records.worklog import intervening

    intervening.diagnose(naming.ticket(number, actor), reading.said(text), at=at, actor=actor)
    handled.done(f"your diagnostic of #{number} is written", number, actor, at, as_json=as_json)


@app.command("list")
def list_(
    ticket: Annotated[int, typer.Option(help="Number of one ticket.")] = 0,
    running: Annotated[bool, typer.Option("--running", help="Only those under way.")] = False,
    limit: Newest = 100,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List interventions, the newest first."""
    booting.ready()
    from astreinte.doors import plainly
    from astreinte.doors.cli import naming, showing
    from astreinte.records.worklog.models import Intervention

    actor = booting.actor(as_)
    seen = Intervention.objects.visible_to(actor).select_related("ticket", "person")
    if ticket:
        seen = seen.filter(ticket=naming.ticket(ticket, actor))
    if running:
        seen = seen.filter(ended_at=None)
    showing.rows(
        map(plainly.intervention, seen.order_by("-started_at", "-pk")[:limit]),
        as_json=as_json,
        columns=("started_at", "ended_at", "ticket", "kind", "person", "afterwards", "text"),
        empty="no intervention",
    )
