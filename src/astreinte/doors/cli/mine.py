"""What is on me now, with the time that is left: `astreinte mine`."""

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__)


@app.command()
def mine(as_json: AsJson = False, as_: As = "") -> None:
    """List the open tickets that are yours, the shortest time first; says how many are nobody's."""
    booting.ready()
    from astreinte.doors.cli import handled, reading, showing
    from astreinte.loops import clock
    from astreinte.records.commitments import standing
    from astreinte.records.tickets.models import Ticket

    at, actor = clock.now(), booting.actor(as_)
    if actor.person_id is None:
        raise reading.WordError(f"mine: {actor} is nobody in particular; act as a person (--as EMAIL)")
    seen = Ticket.objects.visible_to(actor).open()
    stands = standing.of_all(seen.filter(assignee_id=actor.person_id).order_by("number"), at)
    by_urgency = sorted(stands, key=lambda one: (not one.is_open, one.left is None, one.left))
    handled.show_list(
        [one.ticket for one in by_urgency], actor, at, as_json=as_json, empty="nothing is on you"
    )
    free = seen.filter(assignee=None).count()
    if free:
        showing.said(f"{free} open ticket(s) are nobody's: `astreinte ticket list`")
