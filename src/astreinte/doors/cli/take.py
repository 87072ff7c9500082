"""Take a ticket, which stops no clock: `astreinte take NUMBER`."""

import typer

from astreinte.doors.cli import ticket
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__)


@app.command()
def take(number: ticket.Number, as_json: AsJson = False, as_: As = "") -> None:
    """Take a ticket. This stops no clock: only an intervention does."""
    ticket.take(number, as_json=as_json, as_=as_)
