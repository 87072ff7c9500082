"""The verbs of `astreinte contract` about what a line must have, where its values come from, how it goes on."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

Line = Annotated[int, typer.Argument(metavar="LINE", help="Number of the order line.")]
Title = Annotated[str, typer.Argument(help="What this specific contract is called.")]
Kind = Annotated[str, typer.Argument(help="documents, acceptance, advice, access or coverage.")]
AtOrNow = Annotated[
    str, typer.Option("--at", help="A date (midnight in Paris) or an instant; without it, now.")
]
From = Annotated[
    str, typer.Option("--from", help="A date (midnight in Paris) or an instant; without it, now.")
]


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    for verb in (
        explain,
        orphans,
        conditions,
        require,
        met,
        waive,
        activate,
        approve,
        suspend,
        resume,
        renew,
    ):
        app.command()(verb)


def explain(
    client: Annotated[str, typer.Argument(help="Number or name of the client.")],
    at_: AtOrNow = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Say where each value of a client's contract comes from: document, article, and what it prevails over."""
    now, actor = booting.begin(as_)
    from astreinte.doors import origins
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.records.contracts.models import OrderLine

    at = reading.since("--at", at_, otherwise=now)
    seen = OrderLine.objects.visible_to(actor).as_of(at).filter(client=naming.a_client(client, actor))
    governed = origins.of_lines(seen.order_by("number"), at)
    for one in governed:
        if one.suspension is not None:
            showing.said(f"order line {one.line.number} promises nothing now: {one.suspension.reason}")
        for overlay in one.pending:
            showing.said(f"{overlay.title} waits for a second person: it is worse in {overlay.worse}")
    showing.rows(
        [contracted.origin(one.line, origin) for one in governed for origin in one.origins],
        as_json=as_json,
        columns=("line", "server", "key", "value", "source", "clause", "over"),
        empty=f"no order line binds {client} then",
    )


def orphans(as_json: AsJson = False, as_: As = "") -> None:
    """List what nothing governs: servers under no order line, order lines under no accepted text."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, showing
    from astreinte.records.contracts import orphans as report

    found = [contracted.orphan_server(server) for server in report.servers(actor, at)]
    found += [contracted.orphan_line(one) for one in report.lines(actor, at)]
    showing.rows(
        found,
        as_json=as_json,
        columns=("what", "client", "name", "why"),
        empty="no orphan: every server is under an order line, every order line under accepted texts",
    )


def conditions(line: Line, as_json: AsJson = False, as_: As = "") -> None:
    """List what an order line must have before it begins, what of it is met, and by which evidence."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, showing
    from astreinte.records.contracts import orders

    row = naming.line(line, actor)
    showing.rows(
        [contracted.condition(one) for one in orders.conditions(row, at)],
        as_json=as_json,
        columns=("condition", "met", "waived", "evidence", "says"),
        empty=f"order line {line} has no condition",
    )
    if orders.is_waiting(row):
        showing.said(f"order line {line} waits; `astreinte contract activate {line}` lets it promise")


def require(
    line: Line,
    kind: Kind,
    says: Annotated[str, typer.Option(help="What has to be shown, in a few words.")] = "",
    as_: As = "",
) -> None:
    """Ask one more condition of an order line that waits."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import naming, showing
    from astreinte.records.contracts import orders

    orders.require(naming.line(line, actor), kind, says=says, at=at, actor=actor)
    showing.said(f"order line {line} needs {kind} before it begins")


def met(
    line: Line,
    kind: Kind,
    evidence: Annotated[str, typer.Argument(help="What shows it.")],
    as_: As = "",
) -> None:
    """Say that a condition is met, and what shows it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import naming, showing
    from astreinte.records.contracts import orders

    orders.mark_met(naming.line(line, actor), kind, evidence, at=at, actor=actor)
    showing.said(f"{kind} of order line {line} is met")


def waive(
    line: Line,
    kind: Kind,
    reason: Annotated[str, typer.Option(help="Why the line may begin without it: it stays written.")],
    as_: As = "",
) -> None:
    """Let an order line begin without a condition, for a written reason."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import naming, showing
    from astreinte.records.contracts import orders

    orders.waive(naming.line(line, actor), kind, reason=reason, at=at, actor=actor)
    showing.said(f"{kind} of order line {line} is waived")


def activate(line: Line, *, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """Let an order line promise, when all that it must have is there."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import orders

    with rehearsed(dry_run):
        row = orders.activate(naming.line(line, actor), at=at, actor=actor)
        showing.said(f"order line {line} is active")
        showing.one(contracted.line(row, at), as_json=as_json)


def approve(
    line: Line,
    title: Title,
    sha256: Annotated[
        str, typer.Option("--sha256", help="What it says, by its digest in `contract show --json`.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Agree, as the second person, to a specific contract that is worse for the client."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, showing
    from astreinte.records.contracts import overlaying

    row = naming.line(line, actor)
    overlaying.approve(naming.pending(row, title, sha256, at), at=at, actor=actor)
    showing.said(f"{title} is approved")
    showing.one(contracted.line_whole(row, at), as_json=as_json)


def suspend(
    line: Line,
    *,
    reason: Annotated[str, typer.Option(help="Why: the client reads it.")],
    from_: From = "",
    until: Annotated[str, typer.Option(help="A date or an instant; without it, until further notice.")] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Suspend an order line: nothing is promised and nothing due, the watch goes on."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import renewing

    row, from_at = naming.line(line, actor), reading.since("--from", from_, otherwise=at)
    until_at = reading.since("--until", until) if until else None
    with rehearsed(dry_run):
        renewing.suspend(row, reason=reason, from_at=from_at, until_at=until_at, at=at, actor=actor)
        showing.said(f"order line {line} is suspended from {reading.spoken(from_at)} on")
        showing.one(contracted.line(row, at), as_json=as_json)


def resume(
    line: Line, at_: AtOrNow = "", *, dry_run: DryRun = False, as_json: AsJson = False, as_: As = ""
) -> None:
    """End the suspension of an order line."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import renewing

    row, until_at = naming.line(line, actor), reading.since("--at", at_, otherwise=at)
    with rehearsed(dry_run):
        renewing.resume(row, until_at=until_at, at=at, actor=actor)
        showing.said(f"order line {line} promises again from {reading.spoken(until_at)} on")
        showing.one(contracted.line(row, at), as_json=as_json)


def renew(
    line: Line,
    *,
    price: Annotated[str, typer.Option(help="Euros before tax; without it, the last price.")] = "",
    tacit: Annotated[bool, typer.Option("--tacit", help="It is renewed by itself from then on.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Let an order line that ends be followed by another, on the same terms and servers."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.contracts import renewing

    row = naming.line(line, actor)
    cents = reading.cents("--price", price) if price else None
    with rehearsed(dry_run):
        follows = renewing.renew(row, price_cents=cents, tacit=tacit, at=at, actor=actor)
        showing.said(
            f"order line {line} is followed by {follows.number} from {reading.spoken(follows.from_at)} on"
        )
        showing.one(contracted.line(follows, at), as_json=as_json)
