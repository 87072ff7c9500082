"""What a new version of a text changes, clause by clause: read in NFC, blank space and broken lines left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from astreinte.rules.documents.anchors import Clause, clauses

ADDED, REMOVED, CHANGED, MOVED, FORM = "added", "removed", "changed", "moved", "form"
KINDS = (ADDED, REMOVED, CHANGED, MOVED, FORM)
_ALIKE = 0.5
"""Two sentences that share less than this are no longer one sentence that changed."""
_FAR = 60
"""So many clauses away in a stretch that was written anew, none is looked for: the time would grow as a square."""
_LONG = 2000
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs; what is not there is an empty text without an anchor.

    `form` is the change of a text that says the same to the letter: its bytes alone differ (blank space, broken
    lines, how accents are encoded).
    """

    kind: str
    anchor_old: str
    anchor_new: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a changed clause: `kind` is `same`, `removed` or `added`."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Change]:
    """Return what the new text changes, in the order of the new text; nothing for the same text.

    A clause that only has another number now is no change of its own: the heading that moved it is one.
    """
    before, after = clauses(old), clauses(new)
    same = _same(before, after)
    ending = _same(before[same:][::-1], after[same:][::-1])
    before, after = before[same : len(before) - ending], after[same : len(after) - ending]
    found = list[Change]()
    for operation, i, j, k, m in _texts(before, after).get_opcodes():
        if operation != "equal":
            found += _paired(before[i:j], after[k:m])
    if not found and old != new:
        return [Change(FORM, "", "", "", "")]
    return _moved(found)


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return a changed clause by words: `same` and `removed` are the old text, `same` and `added` the new."""
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    return tuple(_pieces(before, after))


def _same(before: Sequence[Clause], after: Sequence[Clause]) -> int:
    """Return how many clauses at the beginning say the same: most of them, and the rest is short."""
    count = 0
    for old, new in zip(before, after, strict=False):
        if old.text != new.text:
            break
        count += 1
    return count


def _texts(before: Sequence[Clause], after: Sequence[Clause]) -> SequenceMatcher[str]:
    return SequenceMatcher(
        None, [each.text for each in before], [each.text for each in after], autojunk=False
    )


def _matched(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    """Match two sequences; in a very long one what stands everywhere is no landmark, or the time grows as a square."""
    return SequenceMatcher(None, before, after, autojunk=len(after) > _LONG)


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for operation, i, j, k, m in _matched(before, after).get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        for kind, words in (("removed", before[i:j]), ("added", after[k:m])):
            if words:
                yield Piece(kind, "".join(words))


def _paired(before: Sequence[Clause], after: Sequence[Clause]) -> Iterator[Change]:
    """Match the clauses of a stretch that are still alike, in order; the others are taken out, then put in."""
    done, put_in = 0, list[Clause]()
    for clause in after:
        near = range(done, min(done + _FAR, len(before)))
        match = next((place for place in near if _alike(before[place], clause)), None)
        if match is None:
            put_in.append(clause)
            continue
        yield from _exchanged(before[done:match], put_in)
        if before[match].text != clause.text:
            yield _change(CHANGED, before[match], clause)
        done, put_in = match + 1, []
    yield from _exchanged(before[done:], put_in)


def _exchanged(taken_out: Sequence[Clause], put_in: Sequence[Clause]) -> Iterator[Change]:
    yield from (_change(REMOVED, clause, None) for clause in taken_out)
    yield from (_change(ADDED, None, clause) for clause in put_in)


def _alike(old: Clause, new: Clause) -> bool:
    if (old.sentence == 0) != (new.sentence == 0):
        return False
    words = _matched(_words(old), _words(new))
    return words.quick_ratio() >= _ALIKE and words.ratio() >= _ALIKE


def _words(clause: Clause) -> list[str]:
    return [piece for piece in _PIECE.findall(clause.text) if not piece.isspace()]


def _change(kind: str, old: Clause | None, new: Clause | None) -> Change:
    return Change(
        kind,
        old.anchor if old else "",
        new.anchor if new else "",
        old.text if old else "",
        new.text if new else "",
    )


def _moved(found: Sequence[Change]) -> list[Change]:
    """Say once that a clause moved, where it was taken out here and put in there to the letter."""
    gone = {change.old: change for change in found if change.kind == REMOVED}
    moved = {change.new: gone[change.new] for change in found if change.kind == ADDED and change.new in gone}
    changes = list[Change]()
    for change in found:
        if change.kind == ADDED and change.new in moved:
            was = moved[change.new]
            changes.append(Change(MOVED, was.anchor_old, change.anchor_new, was.old, change.new))
        elif change.kind != REMOVED or change.old not in moved:
            changes.append(change)
    return changes
