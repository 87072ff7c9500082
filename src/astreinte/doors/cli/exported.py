"""The real tickets of a year, written as a file that anybody can judge again."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from astreinte.doors.cli import booting, naming, reading, showing
from astreinte.records.accounts.models import Client
from astreinte.records.commitments import exporting

NO = 1
Put = Callable[[Iterable[str]], None]
APART = {
    "month": "where a fee or terms changed inside a month, a file counts its cap apart: read these as judged",
    "ticket": "where a fault came back and the cap is for each ticket, a file counts that of each outage apart:"
    " read these as judged",
}
LEFT_OUT = {
    "support": "requests for support, to which no time is promised",
    "uncovered": "under no order line when received",
    "priority": "of a priority that their terms do not know",
}


def write(client: str, year: int, out: Path | None, as_: str) -> None:
    """Write the lines, and say on stderr what they are; exit 1 when they do not give what was judged."""
    at, actor = booting.begin(as_)
    if not 2000 <= year <= 2098:
        raise reading.WordError(f"--year: {year}: write a year such as 2026")
    if client:
        clients = [naming.a_client(client, actor)]
    else:
        clients = list(Client.objects.visible_to(actor).filter(internal=False))
    export = exporting.of_year(clients, year, at=at)
    with _opened(out) as put:
        put(f"{line}\n" for line in export.lines())
    count = len(export.cases)
    showing.said(f"{count} {'ticket' if count == 1 else 'tickets'} of {year}, up to {reading.spoken(at)}")
    for why, count in sorted(export.left_out.items()):
        showing.said(f"left out: {count} {LEFT_OUT[why]}")
    found = export.differences()
    for difference in found:
        showing.said(str(difference))
    for within in sorted({one.within for one in found}):
        showing.said(APART[within])
    if found:
        raise typer.Exit(NO)


@contextmanager
def _opened(out: Path | None) -> Iterator[Put]:
    if out is None:
        yield sys.stdout.writelines
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            yield file.writelines
    except FileExistsError:
        raise reading.WordError(f"--out: {out}: is there already; name a new file") from None
    except OSError as error:
        raise reading.WordError(f"--out: {out}: {error.strerror}; name a file that can be written") from None
