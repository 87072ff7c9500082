"""Where a sentence ends: not after "art. 5", "etc." within a sentence, an initial, a date, a name of the network."""

import re

_END = re.compile(r"(?<![.!?…])(?P<stop>[.!?…]+)(?:[\s]*[»”])?[)\]\"”*_]*(?P<space>\s+)(?=(?P<next>\S))")
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.)*[\w’'-]+$")
_FAR = 40
"""No word that matters here is longer."""
_OPENERS = '«“"([{*_'
_MONTH = re.compile(
    r"(?:janv|f[ée]vr|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c|jan|feb|march|apr|may|june|july|aug|dec)",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"arts?|al|cf|pp?|ex|mm|mmes?|mlle|mrs?|ms|dr|me|ste?|av|bd|r[ée]f|t[ée]l|vs|viz|eg|ie|sté|éts|www"
)
"""Abbreviations that something always follows."""
_BEFORE_A_NUMBER = re.compile(
    r"n|nos?|vol|fig|chap|ch|sect|para|env|etc|max|min|https?"
    r"|janv|févr|avr|juil|sept|oct|nov|déc|jan|feb|apr|jun|jul|aug|sep|dec"
)


def ends(said: str) -> list[int]:
    """Return where the sentences of a paragraph end, the space after each counted with it; the last is its length.

    `said` is in NFC. An empty one has none.
    """
    found = [match.end("space") for match in _END.finditer(said) if _is_end(said, match)]
    return [*found, len(said)] if said else []


def _is_end(said: str, match: re.Match[str]) -> bool:
    following = match["next"]
    if not (following.isupper() or following.isdigit() or following in _OPENERS):
        return False
    if match["stop"] != "." or said[match.end("stop") : match.start("space")]:
        return True
    start, end = match.start("stop"), match.end("space")
    return not _goes_on(said[max(start - _FAR, 0) : start], said[end : end + _FAR])


def _goes_on(before: str, after: str) -> bool:
    """Tell whether a single full stop belongs to the word before it."""
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found[0].lower()
    number_follows = after[0].isdigit()
    return (
        _NEVER.fullmatch(word) is not None
        or (number_follows and _BEFORE_A_NUMBER.fullmatch(word) is not None)
        or _is_initial(found[0])
        or (word.isdigit() and len(word) < 3 and _MONTH.match(after) is not None)
    )


def _is_initial(word: str) -> bool:
    """ "M. Martin", "S.A.R.L. Martin", "p. ex.": letters one by one."""
    letters = word.replace("’", "'").rpartition("'")[2].split(".")
    return all(len(letter) == 1 and letter.isalpha() for letter in letters) and (
        len(letters) > 1 or word.isupper()
    )
