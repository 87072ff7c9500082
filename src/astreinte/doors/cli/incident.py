"""Incidents: what is or was down: list, show."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Those that recovered, too.")] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the incidents that are open, the latest first."""
    booting.ready()
    from astreinte.doors.cli import monitored, showing
    from astreinte.records.monitoring.models import Incident

    found = Incident.objects.visible_to(booting.actor(as_))
    if not all_:
        found = found.filter(recovered_at=None)
    showing.rows(
        map(monitored.incident, found.order_by("-opened_at", "-id")),
        as_json=as_json,
        columns=("number", "title", "detected_at", "opened_at", "recovered_at"),
        empty="no incident" if all_ else "no open incident; --all lists those that recovered",
    )


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="Its number.")], as_json: AsJson = False, as_: As = ""
) -> None:
    """Show an incident: its servers, its checks, and what they went through."""
    booting.ready()
    from astreinte.doors.cli import finding, monitored, showing

    found = finding.incident(number, booting.actor(as_))
    showing.one(monitored.incident_whole(found), as_json=as_json)
