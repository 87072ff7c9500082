"""Terms, the promise as data, and the texts that say it. Terms never change: others are written beside them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from astreinte.doors.cli import booting, texts, versioned
from astreinte.doors.cli.showing import As, AsJson

app = typer.Typer(help=__doc__, no_args_is_help=True)

TextFile = Annotated[str, typer.Argument(help="The text, in Markdown; - is standard input.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Their name, such as infogerance-2017.")],
    file: Annotated[
        str,
        typer.Argument(
            help="The JSON object of what differs from the terms they extend; - is standard input."
        ),
    ],
    extends: Annotated[
        str, typer.Option(help="Name of the terms that they extend; without it, those built in.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Write terms down. `{}` writes down the terms built in, those of the contract's own text."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import contracted, naming, reading, showing
    from astreinte.records.contracts import binding

    row = binding.write_terms(
        naming.provider(actor),
        name=name,
        patch=reading.json_object("FILE", file),
        extends=naming.terms(extends, actor) if extends else None,
        at=at,
        actor=actor,
    )
    showing.said(
        f"{row.name} is written down; `astreinte contract add --terms {row.name}` binds a client to it"
    )
    for key in contracted.said_only(row):
        showing.said(
            f"{key}: our texts say it, and no room judges by it yet: the product goes on acting by the usual value"
        )
    showing.one(contracted.terms(row), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False, as_: As = "") -> None:
    """List the terms."""
    booting.ready()
    from astreinte.doors.cli import contracted, showing
    from astreinte.records.contracts.models import Terms

    seen = Terms.objects.visible_to(booting.actor(as_)).select_related("extends").order_by("written_at", "pk")
    showing.rows(
        map(contracted.terms, seen),
        as_json=as_json,
        columns=("name", "extends", "written_at"),
        empty="no terms; `astreinte terms add NAME FILE` writes some",
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Their name.")],
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Show terms: what was written, and the whole that it came to."""
    booting.ready()
    from astreinte.doors.cli import contracted, naming, showing

    showing.one(contracted.terms_whole(naming.terms(name, booting.actor(as_))), as_json=as_json)


@app.command()
def text(
    name: Annotated[
        str, typer.Argument(help="Name of the terms whose values are printed; without it, those built in.")
    ] = "",
    kind: Annotated[
        str, typer.Option(help="Which text of ours: special, general_sale or general_service.")
    ] = "special",
    language: Annotated[str, typer.Option(help="fr or en-gb.")] = "fr",
    company: Annotated[
        str, typer.Option(help="Print it as an HTML page for this company; without it, as Markdown.")
    ] = "",
    as_: As = "",
) -> None:
    """Print one of our own texts, each of its values taken from the terms: the same that the clock uses."""
    from astreinte.words import own_terms

    if name:
        booting.ready()
        from astreinte.doors.cli import contracted, naming

        body = contracted.terms_whole(naming.terms(name, booting.actor(as_)))["body"]
    else:
        from astreinte.rules.sla import terms as sla_terms

        body = sla_terms.built_in()
    written = own_terms.text(kind, language, body)
    sys.stdout.write(texts.page(written, company=company, language=language) if company else written)


@app.command()
def check(
    file: TextFile,
    clauses: Annotated[
        str,
        typer.Option(
            metavar="JSON", help='A file of {"key": "anchor"}: is the number of each key in its clause?'
        ),
    ] = "",
    terms: Annotated[
        str,
        typer.Option(metavar="JSON", help="The terms that --clauses is about; by default those built in."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what is odd in a text, with line and column; exit 1 when anything is. The text is never changed."""
    found = texts.check(file) + (texts.figures_of(file, clauses, terms) if clauses else [])
    texts.show(found, texts.flaw_lines(file, found), as_json=as_json)
    print(f"{file}: {len(found) or 'nothing'} to report; nothing was changed", file=sys.stderr)
    if found:
        raise typer.Exit(1)


@app.command()
def render(
    file: TextFile,
    company: Annotated[str, typer.Option(help="The name that stands for {{company.name}}.")],
    language: Annotated[str, typer.Option(help="fr or en-gb: the language that the text is in.")] = "fr",
    pdf: Annotated[
        Path | None,
        typer.Option(metavar="OUT.pdf", help="Write it here as PDF/A instead of printing a page."),
    ] = None,
) -> None:
    """Print a text as an HTML page for a company; a placeholder that is unknown or left over is an error."""
    source = texts.text(file)
    page = texts.render(file, source, company=company, language=language)
    for said in texts.badly_read(source, company) if language == "fr" else ():
        print(f"{file}: {said}", file=sys.stderr)
    if pdf is None:
        sys.stdout.write(page)
    else:
        texts.print_pdf(page, pdf)


@app.command()
def search(
    file: TextFile,
    words: Annotated[str, typer.Argument(help="The words, however their accents are written.")],
    as_json: AsJson = False,
) -> None:
    """Find words in a text: line, column, clause and what is around; exit 1 when they are not there."""
    found = texts.search(file, words)
    said = (f"{file}:{hit['line']}:{hit['column']}: {hit['anchor']}: {hit['seen']}" for hit in found)
    texts.show(found, said, as_json=as_json)
    if not found:
        print(f"{file}: {words!r} is not there", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The text as it was; - is standard input.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The text as it is to be.")],
    stored: Annotated[
        bool,
        typer.Option("--stored", help='A and B are versions that are kept, such as "Name:1" and "Name:2".'),
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Say what a text changes of another, clause by clause."""
    found = texts.changes(*versioned.stored(old, new, as_)) if stored else texts.difference(old, new)
    texts.show(found, texts.change_lines(found), as_json=as_json)
    if not found:
        print("they say the same", file=sys.stderr)


versioned.add_to(app)
