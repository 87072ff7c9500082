"""What is on me now, with the time that is left: `astreinte mine`."""

import typer

from astreinte.doors.cli import ticket
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__)


@app.command()
def mine(as_json: AsJson = False, as_: As = "") -> None:
    """List the open tickets that are yours, the shortest time first; says how many are nobody's."""
    ticket.mine(as_json=as_json, as_=as_)
