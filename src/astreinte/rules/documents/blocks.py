"""The blocks of a text: headings, paragraphs and list items, by lines, as Markdown and as contracts write them.

Offsets are in the text that was given; `anchors` gives it in NFC.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from astreinte.rules.documents import headings
from astreinte.rules.documents.headings import Heading

DASHES = "–—−‒•·‣▪"
"""What contracts write before an item, and Markdown does not know as a list."""

_ITEM = re.compile(
    rf"[ \t>]*(?P<mark>[-*+]|[{DASHES}]|\d{{1,3}}[.)]|\(?[a-z0-9]{{1,3}}\))[ \t\u00a0\u202f]+(?=\S)"
)
_HASHES = re.compile(r" {0,3}(?P<hashes>#{1,6})[ \t]+(?P<said>.*?)[ \t]*#*[ \t]*$")
_BREAK = re.compile(r"[ \t]*(?:-[ \t]*){3,}$|[ \t]*(?:\*[ \t]*){3,}$|[ \t]*(?:_[ \t]*){3,}$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_OPENS_A_LIST = (":", ";", ".", "!", "?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: where it begins in the text, its number from 1, and what it says without its end."""

    start: int
    number: int
    said: str

    @property
    def is_blank(self) -> bool:
        """Nothing but spaces."""
        return not self.said.strip()

    @property
    def end(self) -> int:
        """Where what it says ends."""
        return self.start + len(self.said.rstrip())


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or item: what it says is `text[begins:ends]`; before is its mark, after blank space.

    `indent` counts the columns before the mark of an item; `mark` is empty for a paragraph.
    """

    line: int
    start: int
    begins: int
    ends: int
    heading: Heading | None = None
    mark: str = ""
    indent: int = 0

    @property
    def is_dash(self) -> bool:
        """An item that Markdown would not show as one."""
        return bool(self.mark) and self.mark in DASHES


def lines(text: str) -> list[Line]:
    """Return the lines of a text: only a line feed ends one."""
    found, start = [], 0
    for number, said in enumerate(text.split("\n"), 1):
        found.append(Line(start, number, said))
        start += len(said) + 1
    return found


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text, in order; a blank text has none."""
    return tuple(_Reader(lines(text)).blocks())


class _Reader:
    """Goes down the lines; `run` holds those of the paragraph or item that is still open."""

    def __init__(self, read: Sequence[Line]) -> None:
        self.lines = read
        self.run: list[Line] = []
        self.item: re.Match[str] | None = None

    def blocks(self) -> Iterator[Block]:
        for index, line in enumerate(self.lines):
            yield from self._line(index, line)
        yield from self._close()

    def _line(self, index: int, line: Line) -> Iterator[Block]:
        if line.is_blank:
            yield from self._close()
        elif self._underlines(line):
            yield self._underlined(line)
        elif _BREAK.match(line.said):
            yield from self._close()
        elif (heading := self._heading(index, line)) is not None:
            yield from self._close()
            yield heading
        elif (item := self._item(line)) is not None:
            yield from self._close()
            self.run, self.item = [line], item
        else:
            self.run.append(line)

    def _close(self) -> Iterator[Block]:
        if self.run:
            first, last, item = self.run[0], self.run[-1], self.item
            yield Block(
                line=first.number,
                start=first.start,
                begins=first.start + (item.end() if item else _margin(first.said)),
                ends=last.end,
                mark=item["mark"] if item else "",
                indent=item.start("mark") if item else 0,
            )
        self.run, self.item = [], None

    def _underlines(self, line: Line) -> bool:
        return len(self.run) == 1 and self.item is None and bool(_UNDERLINE.match(line.said))

    def _underlined(self, line: Line) -> Block:
        said = self.run.pop()
        level = 1 if "=" in line.said else 2
        return _heading(said, level, said.start + _margin(said.said), said.end)

    def _heading(self, index: int, line: Line) -> Block | None:
        if hashes := _HASHES.match(line.said):
            begins, ends = (line.start + place for place in hashes.span("said"))
            return _heading(line, len(hashes["hashes"]), begins, ends)
        alone = not self.run and (index + 1 == len(self.lines) or self.lines[index + 1].is_blank)
        if alone and headings.stands_alone(line.said.strip()):
            return _heading(line, headings.PLAIN, line.start + _margin(line.said), line.end)
        return None

    def _item(self, line: Line) -> re.Match[str] | None:
        """Markdown's own marks may break a paragraph; a dash or a number only where a list can begin."""
        item = _ITEM.match(line.said)
        if item is None or item["mark"] in "-*+":
            return item
        may_begin = not self.run or self.item or self.run[-1].said.rstrip().endswith(_OPENS_A_LIST)
        return item if may_begin else None


def _heading(line: Line, level: int, begins: int, ends: int) -> Block:
    said = line.said[begins - line.start : ends - line.start]
    return Block(line.number, line.start, begins, ends, heading=headings.read(said, level))


def _margin(said: str) -> int:
    return len(said) - len(said.lstrip())
