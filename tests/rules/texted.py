"""The tables of docs/rules/texts.md: what is read in a text, and shown of it."""

import json

from astreinte.rules.documents import anchors as reading
from astreinte.rules.documents import figures as numbers
from astreinte.rules.documents import flaws as oddities
from astreinte.rules.documents.placeholders import PlaceholderError
from astreinte.words import documents


def written(cell):
    """Return what a cell of code stands for: `¶` is a new line, \\uXXXX a character."""
    return cell.strip("`").replace("¶", "\n").encode("ascii", "backslashreplace").decode("unicode_escape")


def anchors(row):
    found = reading.clauses(written(row["text"]))
    return {"anchors": ", ".join(clause.anchor for clause in found), "last clause": found[-1].text}


def flaws(row):
    found = oddities.flaws(written(row["bytes"]).encode())
    return {"flaws": ", ".join(f"{flaw.line}:{flaw.column} {flaw.kind}" for flaw in found) or "nothing"}


def name_on_a_page(row):
    try:
        shown = documents.fragment(written(row["text"]), values={"company.name": written(row["name"])})
    except PlaceholderError as error:
        return {"page": f"`{error}`"}
    said = shown.partition(">")[2].removesuffix("</p>\n")
    return {"page": f"`{said}`"}


def figures(row):
    *groups, last = row["key"].split(".")
    terms = {last: json.loads(row["value"].strip("`"))}
    for group in reversed(groups):
        terms = {group: terms}
    found = numbers.disagreements(written(row["clause"]), {row["key"]: "0.1"}, terms)
    return {"says": " or ".join(found[0].said) or "no such number" if found else "agrees"}


KINDS = {"anchors": anchors, "flaws": flaws, "a name on a page": name_on_a_page, "figures": figures}
