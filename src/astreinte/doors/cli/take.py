"""Take a ticket, which stops no clock: `astreinte take NUMBER`."""

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson
from astreinte.doors.cli.ticket import Number

app = typer.Typer(help=__doc__)


@app.command()
def take(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Take a ticket. This stops no clock: only an intervention does."""
    booting.ready()
    from astreinte.doors.cli import handled, naming
    from astreinte.loops import clock
    from astreinte.records.tickets import handling

    at, actor = clock.now(), booting.actor(as_)
    handling.take(naming.ticket(number, actor), at=at, actor=actor)
    done = f"#{number} is yours. {handled.RUNS_ON} (`astreinte intervention start {number}`)"
    handled.done(done, number, actor, at, as_json=as_json)
