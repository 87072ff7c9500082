"""The numbers that a sentence says, in figures or in words, French or English: lengths of time, hours, factors.

A sentence is first written plainly (`plain`): one line, small letters, numbers in figures. The rest reads that.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from astreinte.rules.documents.anchors import nfc, one_line

Spans = tuple[tuple[int, int], ...]

_SMALL = {
    "zero": 0, "zéro": 0, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5,
    "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "onze": 11,
    "eleven": 11, "douze": 12, "twelve": 12, "treize": 13, "thirteen": 13, "quatorze": 14, "fourteen": 14, "quinze": 15,
    "fifteen": 15, "seize": 16, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "vingt": 20,
    "vingts": 20, "twenty": 20, "trente": 30, "thirty": 30,
    "quarante": 40, "forty": 40, "cinquante": 50, "fifty": 50, "soixante": 60,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ONE = {"un": 1, "une": 1, "one": 1}
_LARGE = {"cent": 100, "cents": 100, "hundred": 100, "mille": 1000, "thousand": 1000}
_TIMES = {
    "double": 2, "triple": 3, "quadruple": 4, "quintuple": 5, "sextuple": 6, "septuple": 7, "octuple": 8, "nonuple": 9,
    "décuple": 10, "twice": 2, "thrice": 3,
}  # fmt: skip
_ALL = {**_SMALL, **_ONE, **_LARGE}
_WORD = "|".join(sorted(_ALL, key=len, reverse=True))
_JOINT = r"(?:[ -]et[ -](?=une?\b|onze\b)|(?<=hundred) and |(?<=thousand) and |[ -])"
_RUN = re.compile(rf"\b(?:{_WORD})(?:{_JOINT}(?:{_WORD}))*\b")
_TIMES_RUN = re.compile(rf"\b(?:{'|'.join(_TIMES)})\b")
_GROUPED = re.compile(r"(?<=\d)[ ](?=\d{3}(?!\d))")

_HOUR = r"(?:heures?|hours?|hrs?|h)"
_MINUTE = r"(?:minutes?|mins?|mn)"
_LENGTHS = {
    _MINUTE: 60,
    r"(?:secondes?|seconds?)": 1,
    r"(?:jours?|days?)": 86400,
    r"(?:semaines?|weeks?)": 604800,
}
_UNIT = "|".join([_HOUR, *_LENGTHS])
_NUMBER = r"\d+(?:[.,]\d+)?"
_LASTING = re.compile(
    rf"(?<![\d.,])(?P<count>{_NUMBER})\)?(?P<kind> (?:non-business|business|working|office|elapsed|full))?[ -]?"
    rf"(?:(?P<unit>{'|'.join(_LENGTHS)})(?![a-zà-ÿ])|{_HOUR}(?![a-zà-ÿ])"
    rf"(?:(?: et| and|,)? ?(?P<minutes>\d{{1,2}})\)? ?{_MINUTE}(?![a-zà-ÿ])"
    rf"| ?(?P<more>[0-5]\d)(?!\d|[.,]\d| ?(?:{_UNIT}|%)))?)"
)
_HALF_DAY = r"(?: ?[ap]\.?m\b\.?)?(?: noon)?"
_CLOCK = rf"(?:\d{{1,2}}(?: ?{_HOUR}(?: ?[0-5]\d(?!\d))?|:[0-5]\d)?{_HALF_DAY}|midi|noon|minuit|midnight)"
_BETWEEN = re.compile(
    rf"(?<![\d:.,])(?P<start>{_CLOCK})(?: ?- ?| à | to | et | and | jusqu'à | until )(?P<end>{_CLOCK})(?![\d%])"
)
_AT = re.compile(
    rf"(?P<hour>\d{{1,2}})(?: ?{_HOUR} ?(?P<minute>\d\d)?|:(?P<past>\d\d))?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: noon)?"
)
_NAMED = {"midi": 12 * 60, "noon": 12 * 60, "minuit": 24 * 60, "midnight": 24 * 60}
_ALWAYS = re.compile(r"24 ?(?:h|heures|hours)? ?(?:/|sur|out of) ?24|24/7|24 hours a day")

_DAYS = (
    ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"), ("vendredi", "friday"),
    ("samedi", "saturday"), ("dimanche", "sunday"),
)  # fmt: skip
_DAY = "|".join(f"{french}|{english}" for french, english in _DAYS)
_FROM_TO = re.compile(rf"({_DAY})s?(?: au | to | through | ?- ?)({_DAY})s?")
_DAY_ALONE = re.compile(rf"({_DAY})s?")
_ALL_DAYS = re.compile(r"7 ?(?:j|jours|days)? ?(?:/|sur|out of|a week) ?7?|24/7|tous les jours|every day")


def plain(text: str) -> str:
    """Return a sentence on one line in small letters, its numbers in figures: "cinq forfaits" is "5 forfaits"."""
    said = one_line(nfc(text)).lower().replace("’", "'")
    said = re.sub("[‐‑–—]", "-", said)
    said = _RUN.sub(lambda run: _figures(run[0]), said)
    said = re.sub(rf"\ban? (?={_UNIT}\b)", "1 ", said)
    said = _TIMES_RUN.sub(lambda word: f"{_TIMES[word[0]]} fois", said)
    return _halves(_GROUPED.sub("", said))


def lengths(said: str) -> Iterator[tuple[int, str]]:
    """Return each length of time of a plain sentence in seconds, with its kind and the words up to the next one.

    Times of the day ("de 9 heures à 12 heures") are none.
    """
    said = _BETWEEN.sub(lambda found: "" if _is_of_the_day(found) else found[0], said)
    found = list(_LASTING.finditer(said))
    for place, match in enumerate(found):
        after = found[place + 1].start() if place + 1 < len(found) else len(said)
        yield _seconds(match), (match["kind"] or "") + said[match.end() : after]


def factors(said: str, units: str) -> Iterator[Fraction]:
    """Return each number of a plain sentence before one of the units (a pattern), and each percentage."""
    pattern = rf"(?<![\d.,])(?P<count>{_NUMBER})\)? ?(?:(?P<percent>%|pour 100|per ?100|percent)|{units})"
    for match in re.finditer(pattern, said):
        value = Fraction(match["count"].replace(",", "."))
        yield value / 100 if match["percent"] else value


def spans(said: str) -> Spans:
    """Return the spans of the day of a plain sentence, in seconds since midnight, in order."""
    if _ALWAYS.search(said):
        return ((0, 86400),)
    found = list[tuple[int, int]]()
    for match in _BETWEEN.finditer(said):
        start, end = _minutes(match["start"]), _minutes(match["end"])
        if _is_clock(match) and start is not None and end is not None and start % 1440 < end <= 1440:
            found.append((start % 1440 * 60, end * 60))
    return tuple(sorted(set(found)))


def days(said: str) -> frozenset[int]:
    """Return the days of the week of a plain sentence, Monday is 0; none when it names none."""
    if _ALL_DAYS.search(said):
        return frozenset(range(7))
    found = set[int]()
    for match in _FROM_TO.finditer(said):
        first, last = _day(match[1]), _day(match[2])
        found |= set(range(first, last + 1)) if first <= last else {*range(first, 7), *range(last + 1)}
    return frozenset(found or {_day(match[1]) for match in _DAY_ALONE.finditer(said)})


def _figures(run: str) -> str:
    """Write a run of number words in figures; a lone "un", "une", "one" may be an article, and is 1 all the same."""
    words = [word for word in re.split("[ -]", run) if word in _ALL]
    return str(_value(words))


def _value(words: Iterable[str]) -> int:
    total = here = 0
    for word in words:
        if word in _LARGE:
            here = max(here, 1) * _LARGE[word]
            if _LARGE[word] == 1000:
                total, here = total + here, 0
        elif word in {"vingt", "vingts"} and here % 100 == 4:
            here += 76  # quatre-vingts
        else:
            here += _ALL[word]
    return total + here


def _halves(said: str) -> str:
    said = re.sub(
        rf"(\d+) {_HOUR} (?:et|and)(?: a| 1)? (?:demie?|half)\b|(\d+) and (?:a|1) half {_HOUR}",
        lambda half: f"{int(half[1] or half[2]) * 60 + 30} min",
        said,
    )
    said = re.sub(r"\b(?:1 )?(?:demi-heure|half-hour)\b|\bhalf (?:an|1) hour\b", "30 min", said)
    quarters = r"\b(?:(\d) |a )?(?:quarts? d'heure|quarters? of (?:an|1) hour)"
    return re.sub(quarters, lambda quarter: f"{int(quarter[1] or 1) * 15} min", said)


def _seconds(match: re.Match[str]) -> int:
    unit = next(
        (length for pattern, length in _LENGTHS.items() if re.fullmatch(pattern, match["unit"] or "")), 3600
    )
    minutes = int(match["minutes"] or match["more"] or 0)
    return int(Fraction(match["count"].replace(",", ".")) * unit) + minutes * 60


def _is_clock(match: re.Match[str]) -> bool:
    """Tell a span of the day from "4 à 8": one end at least says that it is an hour."""
    return any(re.search(r"\D", match[end]) for end in ("start", "end"))


def _is_of_the_day(match: re.Match[str]) -> bool:
    """Tell it from two lengths, "2 heures et 4 heures": these are joined by another word."""
    joined = match.string[match.end("start") : match.start("end")]
    marked = all(re.search(r"\D", match[end]) for end in ("start", "end"))
    return marked and joined not in {" et ", " and "}


def _minutes(clock: str) -> int | None:
    if clock in _NAMED:
        return _NAMED[clock]
    match = _AT.fullmatch(clock)
    if match is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return hour * 60 + int(match["minute"] or match["past"] or 0)


def _day(name: str) -> int:
    return next(number for number, names in enumerate(_DAYS) if name in names)
