"""Notices: what was said to whom, how far it came, and sending it again: list, show, retry."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AtMost
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from astreinte.records.accounts.actors import Actor

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Its number, as it stands below its text.")]

STATES = ("queued", "handed_over", "delivered", "failed", "unknown")


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help=f"Only those that are {', '.join(STATES)}.")] = "",
    to: Annotated[str, typer.Option(metavar="EMAIL", help="Only those to this address.")] = "",
    limit: AtMost = 50,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List notices, the newest first."""
    if state and state not in STATES:
        raise typer.BadParameter(f"{state!r}: write one of {', '.join(STATES)}", param_hint="--state")
    booting.ready()
    from astreinte.doors.cli import showing

    found = _seen(booting.actor(as_))
    if state:
        found = found.filter(state=state)
    if to:
        found = found.filter(address__iexact=to.strip())
    showing.rows(
        map(_line, found.order_by("-id")[:limit]),
        as_json=as_json,
        columns=("number", "state", "possible_duplicate", "state_at", "next_at", "to", "subject"),
        empty="no notice",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show a notice: its text, and each step of its way out."""
    booting.ready()
    from astreinte.doors.cli import showing

    notice = _found(number, booting.actor(as_))
    steps = [
        {
            "at": step.at,
            "state": step.state,
            "attempt": step.attempt,
            "possible_duplicate": step.possible_duplicate,
            "detail": step.detail,
        }
        for step in notice.steps.order_by("id")
    ]
    whole = {**_line(notice), "language": notice.language, "steps": steps}
    if as_json:
        showing.one({**whole, "body": notice.body}, as_json=True)
    else:
        showing.one(whole, as_json=False)
        print(f"\n{notice.body}", end="")


@app.command()
def retry(number: Number, as_: As = "") -> None:
    """Send a notice again that failed, or of which nobody knows whether it arrived."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import showing
    from astreinte.records.notices import sending

    notice = _found(number, actor)
    if not sending.retry(notice, at=at, actor=actor):
        showing.said(f"notice {number}: not sent again, it is {notice.state}")
        raise typer.Exit(1)
    showing.said(f"notice {number}: queued again")


def _seen(actor: "Actor") -> Any:
    from astreinte.records.accounts.permissions import may
    from astreinte.records.notices.models import Notice

    may(actor, "notices.read")
    return Notice.objects.visible_to(actor).with_state().select_related("sending")


def _found(number: int, actor: "Actor") -> Any:
    from astreinte.doors.cli import finding
    from astreinte.records.notices.models import Notice

    return finding.numbered(Notice, _seen(actor), number, "notice list")


def _line(notice: Any) -> dict[str, Any]:
    waits = notice.sending.settled_at is None
    return {
        "number": notice.number,
        "id": notice.public_id,
        "channel": notice.channel,
        "to": notice.address,
        "subject": notice.subject,
        "queued_at": notice.queued_at,
        "state": notice.state,
        "state_at": notice.state_at,
        "possible_duplicate": notice.possible_duplicate,
        "attempts": notice.sending.attempts,
        "next_at": notice.sending.due_at if waits else None,
    }
