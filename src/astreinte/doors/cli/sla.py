"""The clock and the penalty on files: replay, deadline, verify, compare without a database; export real tickets."""

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

from astreinte.doors.cli.showing import As
from astreinte.loops import clock
from astreinte.rules.sla import clock as rules
from astreinte.rules.sla import simulating, terms
from astreinte.rules.sla.clock import ClockRun, Receipt
from astreinte.rules.sla.instants import InstantError, parse_instant, to_datetime, to_seconds
from astreinte.rules.sla.lines import ReplayError
from astreinte.rules.sla.replay import Replay
from astreinte.rules.sla.replay import replay as judge
from astreinte.rules.sla.terms import Terms
from astreinte.words import formats, simulations, speaking, why
from astreinte.words.catalogue import named, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Articles 5 and 6 worked out on files, and real tickets as a file.",
)

Json = dict[str, Any]

Cases = Annotated[
    Path, typer.Argument(help="Tickets to judge, JSON Lines; - is stdin.", metavar="CASES.jsonl")
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="Instant that judges tickets without an intervention; by default the present one.",
    ),
]


class InputError(ValueError):
    """A file or a word of the command line that cannot be used; names the place, the value, the way out."""


@app.command()
def replay(
    cases: Cases,
    summary: Annotated[
        Path | None,
        typer.Option("--summary", metavar="FILE", help="Also write the totals by contract and month here."),
    ] = None,
    now: Now = None,
) -> None:
    """Judge the tickets of a file and print one answer a line; nothing when a line cannot be accepted."""
    judged = _replay(cases, now)
    if summary is not None:
        try:
            with summary.open("w", encoding="utf-8") as totals:
                totals.writelines(f"{line}\n" for line in judged.summary)
        except OSError as error:
            raise InputError(
                f"--summary {summary}: {error.strerror}; name a file that can be written"
            ) from None
    sys.stdout.writelines(f"{line}\n" for line in judged.answers)


@app.command()
def verify(
    cases: Cases,
    answers: Annotated[
        Path, typer.Argument(help="The answers to check, JSON Lines.", metavar="ANSWERS.jsonl")
    ],
    now: Now = None,
) -> None:
    """Judge the tickets of a file again; exit 1 and name the first line when the answers differ."""
    judged = _replay(cases, now)
    with _lines_of(answers) as lines:
        given = [_answer(answers, number, line) for number, line in enumerate(lines, 1)]
    for number, (line, claimed) in enumerate(zip_longest(judged.answers, given), 1):
        found = None if line is None else json.loads(line)
        if found != claimed:
            print(f"{answers}: line {number}: {_difference(claimed, found)}", file=sys.stderr)
            raise typer.Exit(1)
    print(f"{answers}: {len(given)} answers, all as worked out again", file=sys.stderr)


@app.command()
def deadline(
    *,
    priority: Annotated[str, typer.Option(help="Priority of the ticket, such as critical or urgent.")],
    channel: Annotated[str, typer.Option(help="Channel of the receipt, such as web or phone.")],
    at: Annotated[
        str, typer.Option(metavar="INSTANT", help="Receipt with its offset: 2026-11-23T11:30:00+01:00.")
    ],
    terms_file: Annotated[
        Path | None,
        typer.Option("--terms", metavar="FILE", help="Terms, a JSON object; by default those of 2017."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the trace as JSON, with the words.")] = False,
    language: Annotated[str, typer.Option(help="fr or en-gb.")] = "fr",
) -> None:
    """Work out one deadline and say why; exit 1 when nothing starts a clock."""
    bound, receipt = _terms(terms_file), Receipt(_instant("--at", at), channel)
    with speaking(language, bound.calendar.timezone):
        run = rules.run(bound, priority, [receipt])
        if run is None:
            print(_no_clock(bound, priority, receipt), file=sys.stderr)
            raise typer.Exit(1)
        _show(run, rules.safe_target(bound, priority, [receipt]), as_json=as_json)


@app.command()
def compare(
    *,
    cases: Cases,
    terms_file: Annotated[
        Path, typer.Option("--terms", metavar="FILE", help="The terms to try, a JSON object.")
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Other terms to compare with; by default those that the file names."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
    language: Annotated[str, typer.Option(help="fr or en-gb.")] = "fr",
    now: Now = None,
) -> None:
    """Judge the tickets of a file under two sets of terms: deadlines missed and sums owed, by month."""
    instant = clock.now() if now is None else _instant("--now", now)
    first, second = (None if one is None else _object(one) for one in (against, terms_file))
    with _lines_of(cases) as lines:
        try:
            found = simulating.compare(lines, first, second, now=instant)
        except ReplayError as error:
            raise InputError(f"{cases}: {error}") from None
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
        return
    with speaking(language, terms.BUILT_IN["timezone"]):
        print(simulations.as_text(found))


@app.command()
def export(
    year: Annotated[int, typer.Option(help="The civil year of the deadlines, such as 2026.")],
    client: Annotated[
        str, typer.Option(help="Number or name of one client; without it, all that you may see.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new file to write; by default, standard output.")
    ] = None,
    as_: As = "",
) -> None:
    """Write the real tickets of a year as a file to replay; exit 1 when it would not give what was judged."""
    from astreinte.doors.cli import exported

    exported.write(client, year, out, as_)


def _show(run: ClockRun, safe: datetime | None, *, as_json: bool) -> None:
    said = why.why_deadline(run.trace)
    zone = run.terms.calendar.zone
    if as_json:
        shown = run.trace | {
            "safe_target": safe and zone.text(to_seconds(safe)),
            "why": said.as_dict(),
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    print(said.as_text())
    if safe is not None:
        print(f"\n{say('deadline.safe', at=formats.instant(safe, zone.info, seconds=True))}")


def _no_clock(bound: Terms, priority: str, receipt: Receipt) -> str:
    if bound.target(priority) is None:
        return say("deadline.no_target", priority=named("priority", priority))
    return say(
        "deadline.no_clock",
        channel=named("channel", receipt.channel),
        channels=", ".join(bound.clock_starts_on),
    )


def _replay(cases: Path, now: str | None) -> Replay:
    instant = clock.now() if now is None else _instant("--now", now)
    # A replay keeps what it makes until it ends, and makes no cycles: looking for some takes a fifth of the time.
    gc.disable()
    try:
        with _lines_of(cases) as lines:
            return judge(lines, now=instant)
    except ReplayError as error:
        raise InputError(f"{cases}: {error}") from None
    finally:
        gc.enable()


@contextmanager
def _lines_of(path: Path) -> Iterator[Iterable[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a file of JSON Lines that can be read") from None
    with opened:
        yield opened


def _answer(path: Path, number: int, line: bytes) -> Json:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise InputError(f"{path}: line {number}: not JSON ({error}); give the answers of a replay") from None
    if not isinstance(answer, dict):
        raise InputError(f"{path}: line {number}: expected an object; give the answers of a replay")
    return answer


def _difference(claimed: Json | None, found: Json | None) -> str:
    if claimed is None:
        return f"missing; worked out: {json.dumps(found)}"
    if found is None:
        return "one line too many; there is no such ticket in the cases"
    keys = [key for key in {**found, **claimed} if found.get(key, ...) != claimed.get(key, ...)]
    told = [f"{key} is {_told(claimed, key)}, worked out {_told(found, key)}" for key in keys]
    return f"ticket {found['ticket']}: {'; '.join(told)}"


def _told(answer: Json, key: str) -> str:
    return json.dumps(answer[key]) if key in answer else "absent"


def _instant(option: str, text: str) -> datetime:
    try:
        return to_datetime(parse_instant(text))
    except InstantError as error:
        raise InputError(f"{option}: {text}: {error}") from None


def _terms(path: Path | None) -> Terms:
    if path is None:
        return terms.parse(terms.built_in())
    written = _object(path)
    try:
        return terms.parse(terms.resolve(written))
    except terms.TermsError as error:
        raise InputError(f"--terms {path}: {error}") from None


def _object(path: Path) -> Json:
    try:
        written = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"--terms {path}: {error.strerror}; name a file that can be read") from None
    except ValueError as error:
        raise InputError(f"--terms {path}: not JSON ({error}); write one object") from None
    if isinstance(written, dict) and list(written) == ["terms"]:
        written = written["terms"]  # the line of a replay, taken as it is
    if not isinstance(written, dict):
        raise InputError(f"--terms {path}: expected one object of terms")
    return written
