"""The verbs of `astreinte terms` about texts that are kept: import, publish, documents, clauses, transcribe, own."""

from typing import Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.showing import As, AsJson

Name = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's name.")]
Number = Annotated[int, typer.Option("--version", help="The number of a version; without it, the last one.")]
Kind = Annotated[
    str, typer.Option(help="Its kind: special, general_sale, general_service, or specific (of one client).")
]
Language = Annotated[str, typer.Option(help="The language that it is written in: fr or en-gb.")]
Effective = Annotated[str, typer.Option(help="The day from which it holds, such as 2017-07-01.")]


def add_to(app: typer.Typer) -> None:
    """Give the noun these verbs."""
    app.command("import")(import_)
    app.command()(own)
    app.command()(publish)
    app.command()(documents)
    app.command()(document)
    app.command()(clauses)
    app.command()(transcribe)
    app.command()(checked)


def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The text, Markdown in UTF-8; - is standard input.")
    ],
    *,
    name: Annotated[str, typer.Option(help="The document's name: the same one for its next version.")],
    effective: Effective,
    kind: Kind = "special",
    language: Language = "fr",
    client: Annotated[str, typer.Option(help="The client whose specific contract it is.")] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Keep a text byte for byte, as a draft that clients do not see until it is published."""
    at, actor = booting.begin(as_)
    from pathlib import Path

    from astreinte.doors.cli import documented, finding, naming, showing
    from astreinte.doors.cli.texts import doubts
    from astreinte.records.contracts import documents as texts

    content = documented.content("FILE", file)
    row = texts.import_version(
        naming.provider(actor),
        content=content,
        file_name="text.md" if file == "-" else Path(file).name,
        name=name,
        kind=kind,
        language=language,
        effective_on=documented.day("--effective", effective),
        client=finding.client(client, actor) if client else None,
        at=at,
        actor=actor,
    )
    showing.said(f"{row} is kept as a draft; `astreinte terms publish` shows it to clients")
    for doubt in doubts(content, row.effective_on):
        showing.said(doubt)
    showing.one(documented.shown(row, at), as_json=as_json)


def stored(one: str, other: str, as_: str) -> tuple[str, str]:
    """Return the texts of two versions that are kept, each named "Document" or "Document:2"."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import documented
    from astreinte.records.contracts import documents as texts

    return (
        texts.text(documented.named_version(one, actor)),
        texts.text(documented.named_version(other, actor)),
    )


def own(
    terms: Annotated[str, typer.Argument(help="The terms whose values the texts print.")],
    *,
    effective: Effective,
    language: Language = "fr",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Keep the product's own texts with the values of some terms, as drafts: special, of sale, of service."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, naming, showing
    from astreinte.records.contracts import owning

    rows = owning.import_own(
        naming.provider(actor),
        terms=naming.terms(terms, actor),
        language=language,
        effective_on=documented.day("--effective", effective),
        at=at,
        actor=actor,
    )
    showing.said(
        f"{len(rows)} texts are kept as drafts, each with the clauses of its values; read them first"
    )
    showing.rows(
        (documented.shown(row, at) for row in rows),
        as_json=as_json,
        columns=("name", "version", "kind", "language", "effective_on", "status"),
    )


def publish(
    name: Name,
    *,
    version: Number = 0,
    as_signed: Annotated[
        bool,
        typer.Option("--as-signed", help="Its day is past: it was signed on paper before you came here."),
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Publish a version: clients read it, and it holds from its day for whoever accepts it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, showing
    from astreinte.records.contracts import documents as texts

    row = documented.version(name, actor, version)
    texts.publish(row, at=at, actor=actor, as_signed=as_signed)
    showing.said(f"{row} is published; `astreinte acceptance invite` asks clients to accept it")
    showing.one(documented.shown(row, at), as_json=as_json)


def documents(as_json: AsJson = False, as_: As = "") -> None:
    """List the texts with their versions, the last one of each first."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, showing
    from astreinte.records.contracts.models import DocumentVersion

    seen = DocumentVersion.objects.visible_to(actor).select_related("document__client")
    showing.rows(
        (documented.shown(row, at) for row in seen.order_by("document__name", "document_id", "-number")),
        as_json=as_json,
        columns=("name", "version", "kind", "language", "effective_on", "status"),
        empty="no texts; `astreinte terms import FILE` takes one",
    )


def document(name: Name, *, version: Number = 0, as_json: AsJson = False, as_: As = "") -> None:
    """Show a version of a text, and what it promises as data."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, showing

    showing.one(documented.whole(documented.version(name, actor, version), at), as_json=as_json)


def clauses(name: Name, *, version: Number = 0, as_json: AsJson = False, as_: As = "") -> None:
    """List the clauses of a text, each with the anchor by which tickets and penalties cite it."""
    _, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, showing
    from astreinte.records.contracts import documents as texts
    from astreinte.rules.documents import anchors

    found = anchors.clauses(texts.text(documented.version(name, actor, version)))
    rows = ({"anchor": one.anchor, "line": one.line, "text": one.text} for one in found)
    showing.rows(rows, as_json=as_json, columns=("anchor", "line", "text"), empty="no clauses")


def transcribe(
    name: Name,
    terms: Annotated[str, typer.Argument(help="The terms that the text comes to, as data.")],
    mapping: Annotated[
        str, typer.Argument(help='The JSON object that gives for each key its clause: {"calendar": "5.6.1"}.')
    ],
    *,
    version: Number = 0,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write down what a text promises as data, and which clause says each value. A second person checks it."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, naming, reading, showing
    from astreinte.records.contracts import transcribing

    row = transcribing.transcribe(
        documented.version(name, actor, version),
        terms=naming.terms(terms, actor),
        mapping=reading.json_object("MAPPING", mapping),
        at=at,
        actor=actor,
    )
    for one in transcribing.disagreements(row):
        said = ", ".join(one.said) or "no such number"
        showing.said(f"warning: {one.key} is {one.value}, clause {one.anchor} says {said}; read both again")
    alone = transcribing.others(row.terms.provider_id, actor.person_id, at) == 0
    showing.said(
        f"{row.version} comes to the terms {row.terms.name}; it counts as unchecked"
        + (
            ", and there is nobody else here who could check it"
            if alone
            else " until a colleague has read both and runs `astreinte terms checked`"
        )
    )
    showing.one(documented.transcription(row), as_json=as_json)


def checked(name: Name, *, version: Number = 0, as_json: AsJson = False, as_: As = "") -> None:
    """Say that you read the text and the values that a colleague wrote down, and that they are alike."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import documented, finding, showing
    from astreinte.records.contracts import transcribing

    row = documented.version(name, actor, version)
    promised = transcribing.current(row, at)
    if promised is None:
        raise finding.NotFoundError(
            f"{row}: nobody wrote down what it promises; `astreinte terms transcribe` does"
        )
    transcribing.check(promised, at=at, actor=actor)
    showing.said(f"{row}: text and values were found alike")
    showing.one(documented.transcription(promised), as_json=as_json)
