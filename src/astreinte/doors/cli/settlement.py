"""Settlements, what an order line owes for a month: list, show. Each new fact makes a new one; the old ones stay."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import OfOneClient
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.command("list")
def list_(
    client: OfOneClient = "",
    month: Annotated[str, typer.Option(help="One month, such as 2026-11.")] = "",
    history: Annotated[bool, typer.Option("--history", help="Those that a later one replaced, too.")] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List what is owed, by order line and month."""
    booting.ready()
    from astreinte.doors.cli import naming, owing, reading, showing
    from astreinte.records.commitments.models import Settlement

    actor = booting.actor(as_)
    seen = Settlement.objects.visible_to(actor).select_related("line__client")
    if client:
        seen = seen.filter(line__client=naming.a_client(client, actor))
    if month:
        seen = seen.filter(month=reading.month("--month", month))
    found = list(seen.order_by("month", "line__number", "pk"))
    last = {(one.line_id, one.month): one.pk for one in found}
    showing.rows(
        [owing.settlement(one) for one in found if history or last[one.line_id, one.month] == one.pk],
        as_json=as_json,
        columns=("month", "line", "client", "due", "raw", "cap", "stated_at"),
        empty="nothing is settled: no promise was missed, or the hub did not come to it yet",
    )


@app.command()
def show(
    line: Annotated[int, typer.Argument(help="Number of the order line.")],
    month: Annotated[str, typer.Argument(help="The month, such as 2026-11.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show what an order line owes for a month: each ticket's share, and what was said before."""
    booting.ready()
    from astreinte.doors.cli import naming, owing, reading, showing
    from astreinte.records.commitments.models import Settlement

    actor = booting.actor(as_)
    row = naming.line(line, actor)
    stated = Settlement.objects.visible_to(actor).filter(line=row, month=reading.month("MONTH", month))
    found = list(stated.select_related("line__client").order_by("pk"))
    if not found:
        showing.said(f"order line {line} has no settlement for {month}: nothing was late")
        raise typer.Exit(1)
    showing.one(owing.settlement_whole(found), as_json=as_json)
