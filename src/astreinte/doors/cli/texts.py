"""The texts of contracts as files: checked, shown as pages, compared, searched. No Django, no database."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from astreinte.rules.documents import anchors, comparing, dates, elisions, figures, flaws, placeholders
from astreinte.rules.sla import terms as terms_
from astreinte.words.anchors import cite

Json = dict[str, Any]


class InputError(ValueError):
    """A file or a word of the command line that cannot be used; names the place, the value, the way out."""


def raw(path: str) -> bytes:
    """Return the bytes of a file; `-` is standard input. Raises InputError."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a text that can be read") from None


def text(path: str) -> str:
    """Return the text of a file. Raises InputError for what is no text."""
    try:
        return flaws.read(raw(path))
    except flaws.TextError as error:
        raise InputError(f"{path}: {error}") from None


def check(path: str) -> list[Json]:
    """Return what is odd in a file, as rows."""
    return [
        {
            "line": flaw.line,
            "column": flaw.column,
            "kind": flaw.kind,
            "seen": flaw.seen,
            "way_out": flaw.way_out,
        }
        for flaw in flaws.flaws(raw(path))
    ]


def figures_of(path: str, clauses: str, terms: str) -> list[Json]:
    """Return where the keys of a file of terms say another number than their clauses, as rows. Raises InputError."""
    mapping = _object("--clauses", clauses)
    try:
        complete = terms_.resolve(_object("--terms", terms) if terms else {})
        terms_.parse(complete)
    except terms_.TermsError as error:
        raise InputError(f"--terms {terms}: {error}") from None
    found = figures.disagreements(text(path), {key: str(anchor) for key, anchor in mapping.items()}, complete)
    return [
        {
            "line": each.line or 1,
            "column": 1,
            "kind": each.kind,
            "seen": f"{each.key} is {each.value}",
            "way_out": _disagreement(each),
        }
        for each in found
    ]


def _disagreement(each: figures.Disagreement) -> str:
    if each.kind == figures.NO_CLAUSE:
        return f"the text has no clause {each.anchor!r}; `astreinte terms search` shows where words stand"
    if each.kind == figures.SILENT:
        return (
            f"{cite(each.anchor, 'en-gb')} says no such number; cite the clause that does, or read it again"
        )
    return f"{cite(each.anchor, 'en-gb')} says {' or '.join(each.said)}; change the key, or the clause"


def _object(option: str, path: str) -> Json:
    try:
        written = json.loads(raw(path))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{option} {path}: not JSON ({error}); write one object") from None
    if not isinstance(written, dict):
        raise InputError(f"{option} {path}: expected one object")
    return written


def doubts(content: bytes, effective_on: date) -> list[str]:
    """Return what whoever brings a text in should look at first: its flaws, and a day of its own that is another."""
    found = flaws.flaws(content)
    said = [each for each in dates.effective(flaws.read(content)) if each.day != effective_on]
    counted = (
        [f"odd in the text: {len(found)}; `astreinte terms check FILE` says what and where"] if found else []
    )
    return counted + [
        f"it says itself, line {each.line}, that it holds from {each.day}, not from {effective_on}"
        for each in said
    ]


def render(path: str, source: str, *, company: str, language: str) -> str:
    """Return the text of a file as a whole page, with the name of the company. Raises InputError."""
    try:
        return page(source, company=company, language=language)
    except placeholders.PlaceholderError as error:
        raise InputError(f"{path}: {error}") from None


def badly_read(source: str, company: str) -> list[str]:
    """Return what of a French page a reader would stumble over, because the name begins with a vowel."""
    found = elisions.elisions(source, company)
    lines = ", ".join(str(line) for line in dict.fromkeys(each.line for each in found))
    return [f"reads {found[0].reads!r} on line {lines}: the text is not rewritten"] if found else []


def page(source: str, *, company: str, language: str) -> str:
    """Return a text as a whole page, with the name of the company. Raises PlaceholderError."""
    from astreinte.words import documents

    values = dict.fromkeys(placeholders.KNOWN, company)
    return documents.html(source, title=documents.title(source, values), language=language, values=values)


def print_pdf(page: str, path: Path) -> None:
    """Write a page to a file as PDF. Raises InputError when the file cannot be written, PrintingError."""
    from astreinte.words import printing

    if not path.parent.is_dir():
        raise InputError(f"--pdf {path}: there is no folder {path.parent}; name a file that can be written")
    drawn = printing.pdf(page)
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise InputError(f"--pdf {path}: {error.strerror}; name a file that can be written") from None


def difference(old: str, new: str) -> list[Json]:
    """Return what the second file changes of the first, as rows."""
    return changes(text(old), text(new))


def changes(old: str, new: str) -> list[Json]:
    """Return what the second text changes of the first, as rows."""
    return [
        {
            "kind": change.kind,
            "was": change.anchor_old,
            "is": change.anchor_new,
            "old": change.old,
            "new": change.new,
        }
        for change in comparing.difference(old, new)
    ]


def search(path: str, needle: str) -> list[Json]:
    """Return each place of a file where the words stand, as rows."""
    return [
        {"line": hit.line, "column": hit.column, "anchor": hit.clause.anchor, "seen": hit.seen}
        for hit in anchors.search(text(path), needle)
    ]


def show(found: list[Json], lines: Iterable[str], *, as_json: bool) -> None:
    """Print rows as one JSON array, or as the lines that say them."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in lines:
        print(line)


def flaw_lines(path: str, found: Iterable[Json]) -> Iterable[str]:
    """Say each flaw on a line that an editor can jump to."""
    for flaw in found:
        kind = "NFD" if flaw["kind"] == "nfd" else flaw["kind"].replace("_", " ")
        yield f"{path}:{flaw['line']}:{flaw['column']}: {kind}: {flaw['seen']}: {flaw['way_out'].removeprefix('NFD: ')}"


def change_lines(found: Iterable[Json]) -> Iterable[str]:
    """Say each change: what it is, where it was and is, the words taken out and put in."""
    for change in found:
        if change["kind"] == comparing.FORM:
            yield "form: the words are the same; blank space, broken lines or the encoding of accents differ"
            continue
        places = " -> ".join(dict.fromkeys(place for place in (change["was"], change["is"]) if place))
        yield f"{change['kind']} {places}"
        if change["kind"] != comparing.MOVED:
            yield from (
                f"  {mark} {change[side]}" for mark, side in (("-", "old"), ("+", "new")) if change[side]
            )
