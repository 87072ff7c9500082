"""What is odd in a text: said with its line and column, and never set right by itself (A0.3).

A correction would change the hash of what was signed, and perhaps its meaning. Columns count the characters of the
file as it is, from 1: an accent that is written apart is one of its own.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from astreinte.rules.documents import headings, placeholders
from astreinte.rules.documents.blocks import Block, Line, blocks, lines

MOST_BYTES = 20 * 1024 * 1024
_SHOWN = 60
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

WAYS_OUT = {
    "too_big": "a text of more than 20 MB is no contract; give the text alone, without its pictures",
    "binary": "binary data; give the source of the text (Markdown), not a PDF or a word processor's file",
    "not_utf8": "not UTF-8; save the text as UTF-8",
    "empty": "there is nothing in it; give the text",
    "byte_order_mark": "a mark that some editors put first; it is part of the hash, and shown to nobody",
    "control": "a control character, which no page shows; take it out in the next version",
    "hidden": "a character that nobody sees or that turns the direction of reading; take it out in the next version",
    "nfd": "NFD: accents are written apart from their letters here; searching and anchors read them as NFC",
    "stray_mark": "an accent on nothing, or one accent too many; the text meant something else",
    "lookalike": "a sign that has another code than the usual one; searching and anchors read it as NFC",
    "dash": "a dash that Markdown does not take for a list; pages show it as one, the text stays as it is",
    "double_space": "several spaces in a row; pages show one",
    "forced_break": "spaces at the end of a line, which Markdown takes for the end of the line on the page as well",
    "placeholder": f"unknown placeholder; known are {placeholders.known()}",
    "article_twice": "a second article of this number; its paragraphs are counted on after those of the first",
    "empty_item": "an item of a list that says nothing",
    "list_of_nothing": "an item that announces what follows, and nothing follows below it",
}
"""Each kind of flaw, and what is to be done about it."""

FATAL = frozenset({"too_big", "binary", "not_utf8", "empty"})
"""With one of these it is no text at all: nothing else is looked for."""

_MARKED = re.compile(r"(?P<base>[^\u0300-\u036f\n]|^)(?P<marks>[\u0300-\u036f]+)", re.MULTILINE)
_SPACES = re.compile(r"(?<=[^ |]) {2,}(?=[^ |])")
_BREAK = re.compile(r"(?<=[^ ]) {2,}$")
_EMPTY_ITEM = re.compile(r"[ \t]*(?:[-*+•–—]|\d{1,3}[.)])[ \t]*$")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw: where it begins, its kind (a key of WAYS_OUT), what is there, what to do about it."""

    line: int
    column: int
    kind: str
    seen: str
    way_out: str


class TextError(ValueError):
    """Bytes that are no text: says where, and the way out."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"line {flaw.line}, column {flaw.column}: {flaw.seen}: {flaw.way_out}")
        self.flaw = flaw


def read(raw: bytes) -> str:
    """Return the text of a file as it is, but for a mark of the byte order. Raises TextError for what is no text."""
    fatal = _fatal(raw)
    if fatal is not None:
        raise TextError(fatal)
    return raw.decode().removeprefix("\ufeff")


def flaws(raw: bytes) -> list[Flaw]:
    """Return what is odd in the bytes of a text, by line and column; nothing for a clean one."""
    fatal = _fatal(raw)
    if fatal is not None:
        return [fatal]
    text = raw.decode()
    found = [flaw for line in lines(text) for flaw in _of_line(line)]
    found += [*_of_placeholders(text), *_of_blocks(text)]
    return sorted(found, key=lambda flaw: (flaw.line, flaw.column))


def _flaw(line: int, column: int, kind: str, seen: str) -> Flaw:
    shown = seen if len(seen) <= _SHOWN else f"{seen[: _SHOWN - 1]}…"
    return Flaw(line, column, kind, shown, WAYS_OUT[kind])


def _fatal(raw: bytes) -> Flaw | None:
    if len(raw) > MOST_BYTES:
        return _flaw(1, 1, "too_big", f"{len(raw)} bytes")
    if (zero := raw.find(b"\0")) >= 0 and not raw.startswith(_UTF16):
        return _flaw(*_place(raw, zero), "binary", "a zero byte")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _flaw(*_place(raw, error.start), "not_utf8", f"byte {raw[error.start]:#04x}")
    return None if text.strip("\ufeff \t\r\n") else _flaw(1, 1, "empty", f"{len(raw)} bytes")


def _place(raw: bytes, at: int) -> tuple[int, int]:
    before = raw[:at]
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1


def _of_line(line: Line) -> Iterator[Flaw]:
    said = line.said.removesuffix("\r")
    yield from _of_characters(line.number, said)
    yield from _of_accents(line.number, said)
    for match in _SPACES.finditer(said):
        yield _flaw(line.number, match.start() + 1, "double_space", _around(said, match.start(), match.end()))
    if (broken := _BREAK.search(said)) is not None:
        yield _flaw(
            line.number, broken.start() + 1, "forced_break", _around(said, broken.start(), broken.start())
        )
    if _EMPTY_ITEM.match(said):
        yield _flaw(line.number, len(said) - len(said.lstrip()) + 1, "empty_item", said.strip())


def _of_characters(number: int, said: str) -> Iterator[Flaw]:
    for place, letter in enumerate(said):
        kind = (
            _kind(letter, number, place) if not letter.isascii() or letter < " " or letter == "\x7f" else None
        )
        if kind is not None:
            yield _flaw(
                number, place + 1, kind, f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".rstrip()
            )


def _kind(letter: str, number: int, place: int) -> str | None:
    if letter == "\ufeff" and (number, place) == (1, 0):
        return "byte_order_mark"
    category = unicodedata.category(letter)
    if category == "Cc":
        return None if letter == "\t" else "control"
    if category in {"Cf", "Co", "Cn", "Zl", "Zp"} or letter == "\ufffd":
        return "hidden"
    composed = unicodedata.normalize("NFC", letter)
    return "lookalike" if composed != letter and not unicodedata.combining(letter) else None


def _of_accents(number: int, said: str) -> Iterator[Flaw]:
    """Stray marks one by one; what is decomposed by passages, which a composed accent ends."""
    apart = list[int]()
    for match in _MARKED.finditer(said):
        cluster = match["base"] + match["marks"]
        composed = unicodedata.normalize("NFC", cluster)
        left = sum(letter in match["marks"] for letter in composed)
        if left or not match["base"].isalpha():
            place = match.end() - max(left, 1)
            yield _flaw(number, place + 1, "stray_mark", _around(said, match.start(), match.end()))
        if len(composed) < len(cluster):
            apart.append(match.start())
    for first, last in _passages(said, apart):
        yield _flaw(number, first + 1, "nfd", _around(said, first, last + 1))


def _passages(said: str, apart: list[int]) -> Iterator[tuple[int, int]]:
    """Return first and last of each run of decomposed letters without a composed one in between."""
    run = list[int]()
    for place in apart:
        if run and any(_is_composed(letter) for letter in said[run[-1] : place]):
            yield run[0], run[-1]
            run = []
        run.append(place)
    if run:
        yield run[0], run[-1]


def _is_composed(letter: str) -> bool:
    parts = unicodedata.decomposition(letter)
    return bool(parts) and not parts.startswith("<") and " " in parts


def _around(said: str, start: int, end: int) -> str:
    """What is there with the words that it touches."""
    before, after = said[max(start - _SHOWN, 0) : start], said[end : end + _SHOWN]
    touches = re.split(r"\s", before)[-1], re.split(r"\s", after, maxsplit=1)[0]
    return touches[0] + said[start:end] + touches[1]


def _of_placeholders(text: str) -> Iterator[Flaw]:
    before = -1
    for place in placeholders.places(text):
        before = max(before, text.rfind("\n", before + 1, place.start))
        if place.name not in placeholders.KNOWN:
            yield _flaw(place.line, place.start - before, "placeholder", place.seen)


def _of_blocks(text: str) -> Iterator[Flaw]:
    """What the whole text shows: dashes for lists, articles that come twice, lists of nothing."""
    whole = unicodedata.normalize("NFC", text)
    found = blocks(whole)
    for block in found:
        if block.is_dash:
            yield _flaw(block.line, block.indent + 1, "dash", _said(whole, block))
    titles = [block for block in found if block.heading is not None]
    opened = headings.articles([block.heading for block in titles if block.heading is not None])
    counted = Counter[str]()
    for block, article in zip(titles, opened, strict=True):
        counted[article or ""] += 1
        if article is not None and counted[article] > 1:
            yield _flaw(block.line, 1, "article_twice", _said(whole, block))
    yield from _lists_of_nothing(whole, found)


def _lists_of_nothing(whole: str, found: tuple[Block, ...]) -> Iterator[Flaw]:
    for block, after in zip(found, [*found[1:], None], strict=True):
        announces = block.mark and whole[block.begins : block.ends].endswith(":")
        if announces and (after is None or not after.mark or after.indent <= block.indent):
            yield _flaw(block.line, block.indent + 1, "list_of_nothing", _said(whole, block))


def _said(whole: str, block: Block) -> str:
    return " ".join(f"{block.mark} {whole[block.begins : block.ends]}".split())
