"""Breaches, promises that were missed: list. One exists from the first second late, and never disappears."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import OfOneClient
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("list")
def list_(
    client: OfOneClient = "",
    month: Annotated[str, typer.Option(help="Of one month's deadlines, such as 2026-11.")] = "",
    running: Annotated[
        bool, typer.Option("--running", help="Only those where nobody has intervened yet.")
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the promises that were missed, the newest first."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import naming, owing, reading, showing
    from astreinte.records.commitments.models import Breach

    seen = Breach.objects.visible_to(actor).select_related(
        "ticket__client", "ticket__merged_into", "clock__line"
    )
    if client:
        seen = seen.filter(ticket__client=naming.a_client(client, actor))
    if month:
        seen = seen.filter(clock__month=reading.month("--month", month))
    found = owing.breaches(list(seen.order_by("-at", "-pk")), at)
    showing.rows(
        [one for one in found if not running or one["standing"] == "late"],
        as_json=as_json,
        columns=("ticket", "client", "line", "missed_at", "late", "due", "standing", "subject"),
        empty="no promise was missed",
    )
