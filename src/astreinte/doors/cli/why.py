"""Why a ticket's deadline and sum are what they are: `astreinte why NUMBER`."""

import typer

from astreinte.doors.cli import ticket
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__)


@app.command()
def why(
    number: ticket.Number, readings: ticket.Readings = False, as_json: AsJson = False, as_: As = ""
) -> None:
    """Say why the deadline is what it is, and why the sum; exits 1 when the trace gives another number."""
    ticket.why(number, readings=readings, as_json=as_json, as_=as_)
