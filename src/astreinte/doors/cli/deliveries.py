"""Deliveries: what the journal still owes to those who react; list, retry, skip."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AtMost
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from astreinte.records.accounts.actors import Actor

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="DELIVERY", help="Its number.")]


@app.command("list")
def list_(
    dead: Annotated[bool, typer.Option("--dead", help="Only those that wait for a person.")] = False,
    settled: Annotated[bool, typer.Option("--all", help="Those that are done or skipped, too.")] = False,
    limit: AtMost = 50,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List deliveries that are still owed, the oldest first."""
    booting.ready()
    from astreinte.doors.cli import showing

    found = _seen(booting.actor(as_))
    if dead:
        found = found.dead()
    elif not settled:
        found = found.unsettled()
    showing.rows(
        map(_line, found.order_by("pk")[:limit]),
        as_json=as_json,
        columns=("delivery", "state", "reaction", "subject", "due_at", "attempts", "error"),
        empty="nothing is owed",
    )


@app.command()
def retry(number: Number, as_: As = "") -> None:
    """Try a delivery again now, for instance a dead one whose cause is removed."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import showing
    from astreinte.records.journal import claiming

    found = claiming.retry(_found(number, actor), at=at, actor=actor)
    showing.said(f"delivery {number}: {found.reaction} will be tried again")


@app.command()
def skip(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it stays in the journal.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would not happen.")] = False,
    as_: As = "",
) -> None:
    """Give a delivery up for ever: its reaction never happens, those behind it go on."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import showing
    from astreinte.records.journal import claiming
    from astreinte.records.journal.models import Delivery

    found = Delivery.objects.get(pk=_found(number, actor))
    if dry_run:
        showing.said(f"delivery {number}: {found.reaction} would never happen for {found.subject}")
        return
    claiming.skip(number, reason, at=at, actor=actor)
    showing.said(f"delivery {number}: {found.reaction} will not happen for {found.subject}")


def _seen(actor: "Actor") -> Any:
    from astreinte.records.accounts.permissions import may
    from astreinte.records.journal.models import Delivery

    may(actor, "journal.deliveries")
    # What the house owes itself has no provider; its administrators look after it.
    house = Delivery.objects.filter(entry__provider_id=0)
    return (Delivery.objects.visible_to(actor) | house).select_related("entry")


def _found(number: int, actor: "Actor") -> int:
    from astreinte.records.journal.claiming import DeliveryError

    if not _seen(actor).filter(pk=number).exists():
        raise DeliveryError(f"delivery {number}: there is none; `astreinte deliveries list` shows them")
    return number


def _line(delivery: Any) -> dict[str, Any]:
    from astreinte.records.journal.reactions import AT_ONCE

    states = (("done", delivery.done_at), ("skipped", delivery.skipped_at), ("dead", delivery.dead_at))
    return {
        "delivery": delivery.pk,
        "state": next((name for name, at in states if at), "waiting"),
        "reaction": delivery.reaction,
        "subject": delivery.subject,
        "entry": delivery.entry_id,
        "recorded_at": delivery.entry.recorded_at,
        "due_at": None if delivery.run_at == AT_ONCE else delivery.run_at,
        "attempts": delivery.attempts,
        "next_try_at": delivery.lease_until,
        "error": delivery.error or None,
    }
