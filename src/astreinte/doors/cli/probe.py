"""Try a probe now, once, and show its raw answer: nothing is recorded.

Exit codes: 0 what was tried is well; 1 it is not; 3 we could not tell (our resolver, our own limits).
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

NOT_WELL, NOT_NOW = 1, 3


@app.callback()
def probe() -> None:
    """Try a probe now, once, and show its raw answer: nothing is recorded."""


@app.command()
def run(
    kind: Annotated[str, typer.Argument(help="`astreinte check kinds` lists them.")],
    target: Annotated[
        str, typer.Argument(help="A host name or an address; localhost for this very machine.")
    ],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPTION=VALUE]...", help="For instance port=8080 path=/health, or url=http://…"
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make one attempt now: its level, text, values and times. Exit 0 well, 1 not, 3 we could not tell."""
    booting.ready()
    from astreinte.doors.cli import optioning

    given = optioning.read(kind, options or [])
    optioning.refuse_elsewhere(kind, target)
    _try(kind, target, given, as_json=as_json)


@app.command()
def check(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="The server's name.")],
    name: Annotated[str, typer.Argument(metavar="CHECK", help="The check's name on that server.")],
    *,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Make one attempt of a check now, with its own options. Exit 0 well, 1 not, 3 we could not tell."""
    at, actor = booting.begin(as_)
    import json

    from astreinte.doors.cli import finding

    found = finding.check(finding.server(server, actor, at), name, at)
    _try(found.kind, found.server.address, json.loads(found.options), as_json=as_json)


def _try(kind: str, target: str, given: Mapping[str, Any], *, as_json: bool) -> None:
    import asyncio

    from django.conf import settings

    from astreinte.doors.cli import showing
    from astreinte.engine.probes import plugin
    from astreinte.engine.probes.attempting import prepare
    from astreinte.engine.probes.resolving import Resolver
    from astreinte.rules.checks.outcome import Level

    plugin.shelf.folders = plugin.Shelf.of(settings.PLACES.plugins).folders

    async def once() -> Any:
        return await prepare(kind, target, given, Resolver())()

    outcome = asyncio.run(once())
    values = [{"name": name, "value": value} for name, value in outcome.values.items()]
    showing.one(
        {
            "kind": kind,
            "target": target,
            "options": dict(given) if as_json else [f"{key}={value}" for key, value in given.items()],
            "level": outcome.level.value,
            "text": outcome.text,
            "values": dict(outcome.values) if as_json else values,
            "took_s": round(outcome.took_s, 6),
        },
        as_json=as_json,
    )
    if outcome.level is Level.INCONCLUSIVE:
        raise typer.Exit(NOT_NOW)
    if outcome.level is not Level.OK:
        raise typer.Exit(NOT_WELL)
