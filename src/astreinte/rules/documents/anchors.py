"""The clauses of a text and where each stands: article, paragraph, sentence, so that a ticket or a penalty cites one.

Paragraphs are counted from 1 through an article as French law counts them: each paragraph of prose and each item
of a list is one. What comes before the first article is article "0"; the heading of an article is its anchor alone
("5"), and the title of the text is "0". Annexes are articles "A1", "A2"… An article that comes twice goes on counting
where it left off, so that no two clauses share an anchor. All is read in NFC; the text itself is never changed.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from astreinte.rules.documents import headings, sentences
from astreinte.rules.documents.blocks import Block, blocks

_COUNT = r"[1-9][0-9]{0,3}"
ANCHOR = re.compile(
    r"(?P<article>[0-9]{1,3}(?:bis|ter|quater)?|A[0-9A-Z]{0,3})"
    rf"(?:\.(?P<paragraph>{_COUNT})(?:\.(?P<sentence>{_COUNT}))?)?"
)
PREAMBLE = "0"
_SPACE = re.compile(r"\s+")
_AROUND = 40


class AnchorError(ValueError):
    """What is written is no anchor: shows one."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a text, or a heading (sentence 0).

    `text` is what it says on one line, without the mark of its item; `raw` is its stretch of the text in NFC with
    marks and blank space: all the `raw` of a text, joined, are the text. `line` counts from 1.
    """

    article: str
    paragraph: int
    sentence: int
    text: str
    line: int
    raw: str

    @property
    def anchor(self) -> str:
        """Where it stands: "5.2.1"; of the heading of an article "5"."""
        numbers = [number for number in (self.paragraph, self.sentence) if number]
        return ".".join([self.article, *map(str, numbers)])


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where words were found: its clause, its line and column (from 1, in NFC), and what is around it."""

    clause: Clause
    line: int
    column: int
    seen: str


def nfc(text: str) -> str:
    """Return the text as it is read, searched and compared: composed. Lines stay the same lines."""
    return unicodedata.normalize("NFC", text)


def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a text, in order; a blank text has none."""
    return tuple(_Counter(nfc(text)).clauses())


def find(text: str, anchor: str) -> tuple[Clause, ...]:
    """Return the clauses that an anchor names: one for "5.2.1", a paragraph for "5.2", an article for "5".

    Empty when the text has none. Raises AnchorError for what is no anchor.
    """
    article, paragraph, sentence = parts(anchor)
    return tuple(
        clause
        for clause in clauses(text)
        if clause.article == article
        and paragraph in {None, clause.paragraph}
        and sentence in {None, clause.sentence}
    )


def parts(anchor: str) -> tuple[str, int | None, int | None]:
    """Return article, paragraph and sentence of an anchor, None for what it does not say. Raises AnchorError."""
    match = ANCHOR.fullmatch(anchor)
    if match is None:
        raise AnchorError(
            f"{anchor!r}: no anchor; write article.paragraph.sentence such as 5.2.1, or 5.2 for a whole paragraph"
        )
    paragraph, sentence = (int(match[name]) if match[name] else None for name in ("paragraph", "sentence"))
    return match["article"], paragraph, sentence


def search(text: str, needle: str) -> tuple[Hit, ...]:
    """Return each place where the words stand, however their accents are encoded and their lines are broken.

    Capitals and the kind of apostrophe make no difference. Blank words are found nowhere.
    """
    words = nfc(needle).split()
    if not words:
        return ()
    pattern = re.compile(r"\s+".join(map(_as_written, words)), re.IGNORECASE)
    whole, found = nfc(text), list[Hit]()
    read, breaks = clauses(whole), [match.start() for match in re.finditer("\n", whole)]
    starts = [0, *accumulate(len(clause.raw) for clause in read)]
    for match in pattern.finditer(whole):
        found.append(_hit(whole, breaks, match, read[bisect_right(starts, match.start()) - 1]))
    return tuple(found)


def one_line(text: str) -> str:
    """Return a text on one line, each run of blank space a single space."""
    return _SPACE.sub(" ", text).strip()


def _as_written(word: str) -> str:
    return "['’]".join(map(re.escape, re.split("['’]", word)))


def _hit(whole: str, breaks: list[int], match: re.Match[str], clause: Clause) -> Hit:
    start, end = match.span()
    line = bisect_left(breaks, start)
    return Hit(
        clause=clause,
        line=line + 1,
        column=start - (breaks[line - 1] if line else -1),
        seen=one_line(whole[max(start - _AROUND, 0) : end + _AROUND]),
    )


class _Counter:
    """Goes down the blocks and counts; the text is in NFC."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = blocks(text)
        found = [block.heading for block in self.blocks if block.heading is not None]
        self.opened = iter(headings.articles(found))
        self.article = PREAMBLE
        self.counted: dict[str, int] = {}

    def clauses(self) -> Iterator[Clause]:
        for index, block in enumerate(self.blocks):
            start = block.start if index else 0
            after = self.blocks[index + 1].start if index + 1 < len(self.blocks) else len(self.text)
            if block.heading is None:
                yield from self._sentences(block, start, after)
            else:
                yield self._heading(block, start, after, is_first=not index)

    def _heading(self, block: Block, start: int, after: int, *, is_first: bool) -> Clause:
        article = next(self.opened)
        if article is not None:
            self.article = article
        is_its_heading = self.article not in self.counted and (article is not None or is_first)
        paragraph = self._next() if not is_its_heading else self.counted.setdefault(self.article, 0)
        return self._clause(
            block, paragraph, 0 if is_its_heading else 1, (start, after), (block.begins, block.line)
        )

    def _sentences(self, block: Block, start: int, after: int) -> Iterator[Clause]:
        paragraph, begins, line = self._next(), block.begins, block.line
        ends = [block.begins + end for end in sentences.ends(self.text[block.begins : block.ends])]
        for sentence, end in enumerate(ends, 1):
            stop = after if sentence == len(ends) else end
            yield self._clause(block, paragraph, sentence, (start, stop), (begins, line))
            line += self.text.count("\n", begins, end)
            start = begins = end

    def _next(self) -> int:
        self.counted[self.article] = self.counted.get(self.article, 0) + 1
        return self.counted[self.article]

    def _clause(
        self, block: Block, paragraph: int, sentence: int, span: tuple[int, int], where: tuple[int, int]
    ) -> Clause:
        (start, stop), (begins, line) = span, where
        said = one_line(self.text[begins : min(stop, block.ends)]).replace("**", "")
        return Clause(self.article, paragraph, sentence, said, line, self.text[start:stop])
