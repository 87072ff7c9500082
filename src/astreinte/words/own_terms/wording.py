"""What a value of the terms is called in a text: lengths, factors, hours, days, lists, in either language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from astreinte.rules.sla import hours
from astreinte.words import formats, speaking
from astreinte.words.own_terms.english import PHRASES as ENGLISH
from astreinte.words.own_terms.french import PHRASES as FRENCH
from astreinte.words.own_terms.marking import literal

PHRASES: Mapping[str, Mapping[str, str]] = {"fr": FRENCH, "en-gb": ENGLISH}


class Wording:
    """The phrases of one language, one of `PHRASES`; for a page, names that somebody chose need no escape."""

    def __init__(self, language: str, *, is_markdown: bool = True) -> None:
        self.language, self.is_markdown = language, is_markdown
        self._phrases = PHRASES[language]

    def say(self, name: str, /, **values: str) -> str:
        """Return a phrase, filled in; KeyError for an unknown one."""
        return self._phrases[name].format_map(values)

    def named(self, kind: str, name: str) -> str:
        """Return the phrase of a thing; one that has none of its own is quoted."""
        own = f"{kind}.{name}"
        return self.say(own) if own in self._phrases else self.say(f"{kind}.other", name=self.quoted(name))

    def quoted(self, name: str) -> str:
        """Return a name that somebody chose, in the quotation marks of the language."""
        return self.say("quoted", name=literal(name) if self.is_markdown else name)

    def lasting(self, seconds: int) -> str:
        """Return whole minutes as hours and minutes: "1 heure 30 minutes"."""
        whole, minutes = divmod(seconds // 60, 60)
        parts = [self.counted("hour", Fraction(whole))] if whole else []
        return " ".join([*parts, self.counted("minute", Fraction(minutes))] if minutes else parts)

    def counted(self, unit: str, count: Fraction) -> str:
        """Return a number of something: in French the plural begins at two, in English with all but one."""
        is_one = count < 2 if self.language == "fr" else count == 1
        with speaking(self.language):
            shown = formats.number(count)
        return self.say(f"{unit}.one" if is_one else f"{unit}.many", n=shown)

    def fees(self, count: Fraction) -> str:
        """Return a number of monthly fees: "5 fois le forfait mensuel"; one is the fee itself."""
        if count == 1:
            return self.say("fee")
        with speaking(self.language):
            return self.say("fees", n=formats.number(count))

    def day(self, on: date) -> str:
        """Return a day with its name and its year."""
        with speaking(self.language):
            return formats.day(on)

    def week(self, week: Sequence[hours.Hours]) -> list[str]:
        """Return each run of days with the same spans: "du lundi au vendredi, de 9 h à 12 h et de 14 h à 18 h"."""
        said = []
        for spans, run in groupby(zip(hours.DAYS, week, strict=True), key=lambda one: one[1]):
            days = [self.say(f"day.{name}") for name, _ in run]
            if spans:
                said.append(self.say("days.spans", days=self._days(days), spans=self._spans(spans)))
        return said

    def joined(self, parts: Iterable[str], link: str = "and") -> str:
        """Return parts in a row: "a, b et c"; with the link "or", "a, b ou c"."""
        *some, last = parts
        return self.say(link, first=", ".join(some), last=last) if some else last

    def _days(self, days: Sequence[str]) -> str:
        if len(days) == 1:
            return self.say("days.one", first=days[0])
        return self.say("days.range", first=days[0], last=days[-1])

    def _spans(self, spans: hours.Hours) -> str:
        return self.joined(
            self.say("span", start=self._hour(start), end=self._hour(end)) for start, end in spans
        )

    def _hour(self, second: int) -> str:
        whole, minutes = divmod(second // 60, 60)
        if self.language == "fr":
            return f"{whole} h {minutes:02d}" if minutes else f"{whole} h"
        return f"{whole:02d}:{minutes:02d}"
