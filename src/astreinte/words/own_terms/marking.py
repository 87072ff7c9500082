"""Marks around what a value of the terms made, while a text is filled: they say which clause states which key.

A mark is one character of Unicode's private area, before the sentence or the value; `END` follows a value. Neither
stays in a text that is handed out.
"""

import re

_FIRST = 0xE000
END = "\uf8ff"
_VALUE = re.compile("[\ue000-\uf8fe]([^\ue000-\uf8ff]*)\uf8ff")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SPECIAL = re.compile(r"([\\`*{}\[\]<>|#~])")


class Marks:
    """The keys met so far, each with its mark."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def about(self, key: str, sentence: str) -> str:
        """Return a sentence that states a key."""
        return self._mark(key) + sentence

    def value(self, key: str, shown: str) -> str:
        """Return what is printed of the value of a key."""
        return f"{self._mark(key)}{shown}{END}"

    def places(self, marked: str) -> tuple[list[tuple[str, int]], str]:
        """Return each key that a marked text states with the place where it does, and the text without its marks."""
        stated, plain, start = [], "", 0
        for mark in _PRIVATE.finditer(marked):
            plain += marked[start : mark.start()]
            start = mark.end()
            if mark[0] != END:
                stated.append((self.keys[ord(mark[0]) - _FIRST], len(plain)))
        return stated, plain + marked[start:]

    def _mark(self, key: str) -> str:
        if key not in self.keys:
            self.keys.append(key)
        return chr(_FIRST + self.keys.index(key))


def unmarked(marked: str) -> str:
    """Return the text without its marks."""
    return _PRIVATE.sub("", marked)


def masked(marked: str, mask: str) -> str:
    """Return the text with `mask` in place of each value."""
    return _PRIVATE.sub("", _VALUE.sub(mask, marked))


def literal(name: str) -> str:
    """Return a name that somebody chose (of terms, of a priority, of a channel) as Markdown that prints it as it is.

    It is one line, and can be neither a placeholder nor a mark.
    """
    return _SPECIAL.sub(r"\\\1", _PRIVATE.sub("", " ".join(name.split())))
