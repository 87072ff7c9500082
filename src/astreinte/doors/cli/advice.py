"""What we advise a client before the work, and what it answers: add, deliver, list, show.

The client answers on its pages: nobody of the staff answers for it, here neither.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import OfOneClient
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from astreinte.records.accounts.actors import Actor
    from astreinte.records.contracts.models import Advice

app = typer.Typer(help=__doc__, no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the advice, as `advice list` shows it.")]
Said = Annotated[str, typer.Option(help="In full; without it, what the product proposes for this risk.")]


@app.command()
def add(
    *,
    client: Annotated[str, typer.Option(help="Number or name of the client.")],
    risk: Annotated[
        str,
        typer.Option(
            help="single_disk, no_backup, end_of_life, low_hours, certificate, memory, work or other."
        ),
    ],
    line: Annotated[int | None, typer.Option(help="The order line that it is about.")] = None,
    server: Annotated[str, typer.Option(help="The server that it is about.")] = "",
    mandatory: Annotated[
        bool, typer.Option("--mandatory", help="The order line does not begin before it is answered.")
    ] = False,
    system: Annotated[str, typer.Option(help="Of end_of_life: the system, such as Debian 10.")] = "",
    title: Said = "",
    needs: Said = "",
    options: Said = "",
    recommendation: Said = "",
    risks: Said = "",
    not_included: Said = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write an advice down, as of now; `advice deliver` sends it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, finding, naming, showing
    from astreinte.records.contracts import advising, proposing

    of = naming.a_client(client, actor)
    on_line = None if line is None else naming.line(line, actor)
    on_server = finding.server(server, actor, at) if server else None
    proposed = proposing.proposed(risk, line=on_line, server=on_server, system=system, at=at)
    said: dict[str, Any] = {
        "title": title,
        "needs": needs,
        "options": options,
        "recommendation": recommendation,
        "risks": risks,
        "not_included": not_included,
    }
    text = advising.Text(**{part: words or proposed.get(part, "") for part, words in said.items()})
    row = advising.write(
        of, risk=risk, text=text, mandatory=mandatory, line=on_line, server=on_server, at=at, actor=actor
    )
    showing.said(f"advice {row.number} is written; `astreinte advice deliver {row.number}` sends it")
    showing.one(counselled.advice_whole(row), as_json=as_json)


@app.command()
def deliver(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Send an advice by e-mail to those of the client who may answer it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, showing
    from astreinte.records.contracts import advising

    row = _found(number, actor)
    told = advising.deliver(row, at=at, actor=actor)
    names = ", ".join(person.name for person in told)
    showing.said(f"sent to {names}" if told else "everybody who may answer it has it already")
    showing.one(counselled.advice_whole(row), as_json=as_json)


@app.command("list")
def list_(client: OfOneClient = "", as_json: AsJson = False, as_: As = "") -> None:
    """List advice, the latest first."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, naming, showing
    from astreinte.records.contracts.models import Advice

    seen = Advice.objects.visible_to(actor)
    if client:
        seen = seen.filter(client=naming.a_client(client, actor))
    showing.rows(
        map(counselled.advice, seen.select_related("client").order_by("-number")),
        as_json=as_json,
        columns=("number", "client", "risk", "title", "mandatory", "answer", "answered_at"),
        empty="no advice; `astreinte advice add` writes some",
    )


@app.command()
def show(number: Number, as_json: AsJson = False, as_: As = "") -> None:
    """Show an advice, who was sent it, who read it and what was answered."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import counselled, showing

    showing.one(counselled.advice_whole(_found(number, actor)), as_json=as_json)


def _found(number: int, actor: "Actor") -> "Advice":
    from astreinte.doors.cli import finding
    from astreinte.records.contracts.models import Advice

    seen = Advice.objects.visible_to(actor).select_related("client", "line", "server", "provider")
    return finding.numbered(Advice, seen, number, "advice list")
