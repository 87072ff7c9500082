"""The journal: list what was written, verify it, say its head, erase words of people."""

from typing import Annotated, Any

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.narrowing import AtMost
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

Subject = Annotated[
    str, typer.Option(metavar="KIND:ID", help="Only what is about this, for instance ticket:12.")
]


@app.command("list")
def list_(
    subject: Subject = "",
    kind: Annotated[
        str, typer.Option(metavar="ROOM.EVENT", help="Only this kind, for instance tickets.TicketOpened.")
    ] = "",
    limit: AtMost = 50,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """List entries, the newest first."""
    booting.ready()
    from astreinte.doors.cli import showing
    from astreinte.records.journal.models import Entry

    found = Entry.objects.visible_to(booting.actor(as_)).select_related("seal").order_by("-pk")
    if subject:
        found = found.filter(subject=subject)
    if kind:
        found = found.filter(kind=kind)
    showing.rows(
        map(_line, found[:limit]),
        as_json=as_json,
        columns=("entry", "at", "kind", "subject", "actor", "place", "words"),
        empty="no entry",
    )


@app.command()
def head(as_json: AsJson = False, as_: As = "") -> None:
    """Print the head of the chain, PROVIDER:SEQ:HASH: keep it elsewhere, and verify against it later."""
    booting.ready()
    from astreinte.doors.cli import showing
    from astreinte.records.journal import publishing

    actor = booting.actor(as_)
    found = publishing.head(actor.provider_id or 0)
    if found is None:
        showing.said("nothing is sealed yet: the hub (astreinte up) seals each second")
        raise typer.Exit(1)
    if as_json:
        whole = {"provider": found.provider_id, "seq": found.seq, "hash": found.chain, "head": str(found)}
        showing.one(whole, as_json=True)
    else:
        print(found)


@app.command()
def verify(
    heads: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="PROVIDER:SEQ:HASH", help="A head from a receipt; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify the chain, what was published of it, and every row; exit 1 and name what is not as written."""
    booting.ready()
    from astreinte.doors.cli import showing
    from astreinte.records.journal import verifying
    from astreinte.records.journal.models import Entry, Seal
    from astreinte.records.journal.publishing import Head

    known = [Head.parse(each) for each in heads or ()]
    findings = verifying.verify(known)
    if as_json:
        lines = [{"what": each.what, "number": each.number, "text": each.text} for each in findings]
        showing.rows(lines, as_json=True, columns=())
    else:
        for each in findings:
            print(each)
    entries, seals = Entry.objects.count(), Seal.objects.count()
    if findings:
        showing.said(f"{len(findings)} not as written, among {entries} entries")
        raise typer.Exit(1)
    showing.said(f"whole: {entries} entries, {seals} of them sealed")


@app.command()
def erase(
    entries: Annotated[list[int] | None, typer.Argument(metavar="ENTRY...", help="Their numbers.")] = None,
    subject: Subject = "",
    reason: Annotated[str, typer.Option(help="Why; it stays in the journal.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased.")] = False,
    as_: As = "",
) -> None:
    """Erase words of people from entries and their rows, for ever. Amounts, instants and the chain stay."""
    if bool(entries) is bool(subject):
        raise typer.BadParameter("name entries by their numbers, or give --subject", param_hint="ENTRY")
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import showing
    from astreinte.records.accounts.permissions import may
    from astreinte.records.journal import erasing
    from astreinte.records.journal.erasing import ErasureError
    from astreinte.records.journal.models import Entry

    may(actor, "journal.erase")
    mine = Entry.objects.visible_to(actor)
    found = erasing.with_words(subject) if subject else Entry.objects.filter(pk__in=entries or ())
    numbers = sorted(found.filter(pk__in=mine).values_list("pk", flat=True))
    missing = set(entries or ()) - set(numbers)
    if missing or not numbers:
        place = (
            f"entry {min(missing)}: there is none" if missing else f"--subject {subject}: no entry with words"
        )
        raise ErasureError(f"{place}; `astreinte journal list` shows them")
    listed = ", ".join(map(str, numbers))
    if dry_run:
        showing.said(f"would erase the words of entries {listed}")
        return
    erasing.erase(numbers, reason=reason, at=at, actor=actor)
    showing.said(f"erased the words of entries {listed}")


def _line(entry: Any) -> dict[str, Any]:
    seal = getattr(entry, "seal", None)
    words = "none" if not entry.words_digest else "erased" if entry.words is None else "kept"
    return {
        "entry": entry.pk,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "kind": entry.kind,
        "subject": entry.subject,
        "actor": entry.actor,
        "place": f"{seal.provider_id}:{seal.seq}" if seal else None,
        "words": words,
        "body": entry.body,
    }
