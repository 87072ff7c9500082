"""Emergency numbers, on which a call starts the clock (article 5): add, list, end."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AllToo
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[str, typer.Argument(help='The number, such as "+33 2 61 91 00 24".')]


@app.command()
def add(
    number: Number,
    brand: Annotated[str, typer.Option(help="Name or host of its brand; without it, the first one.")] = "",
    from_: Annotated[
        str, typer.Option("--from", help="A date, or an instant with its offset; without it, now.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Define an emergency number."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, reading, showing
    from astreinte.records.accounts import founding

    from_at = reading.since("--from", from_, otherwise=at)
    row = founding.set_emergency_number(
        naming.brand(brand, actor), number=number, from_at=from_at, at=at, actor=actor
    )
    showing.said(f"a call to {row.number} starts the clock from {reading.spoken(from_at)} on")
    showing.one(accounted.number(row), as_json=as_json)


@app.command("list")
def list_(
    all_: AllToo = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List the emergency numbers."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, showing
    from astreinte.records.accounts.models import EmergencyNumber

    seen = EmergencyNumber.objects.visible_to(actor).standing()
    if not all_:
        seen = seen.as_of(at)
    showing.rows(
        map(accounted.number, seen.select_related("brand").order_by("from_at", "pk")),
        as_json=as_json,
        columns=("number", "brand", "since", "until"),
        empty="no emergency number: no call starts the clock; `astreinte number add NUMBER` defines one",
    )


@app.command()
def end(number: Number, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """End an emergency number: a later call to it starts no clock."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import founding

    with rehearsed(dry_run):
        row = founding.retire_emergency_number(naming.number(number, actor, at), at=at, actor=actor)
        showing.said(f"{row.number} is no emergency number any more")
        showing.one(accounted.number(row), as_json=as_json)
