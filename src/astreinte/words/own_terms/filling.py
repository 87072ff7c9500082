"""The fields of our own texts, each made from values of the terms."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from astreinte.rules.sla import keys
from astreinte.rules.sla.terms import BUILT_IN, Target, Terms
from astreinte.words.own_terms.marking import Marks
from astreinte.words.own_terms.wording import Wording

ITEM = "\n- "
_GRAVITY = {priority: rank for rank, priority in enumerate(BUILT_IN["targets"])}


def _by_gravity(target: tuple[str, Target | None]) -> tuple[int, str]:
    """Put the gravest first, whatever the order in which terms were stored; what a contract adds comes last."""
    return _GRAVITY.get(target[0], len(_GRAVITY)), target[0]


class Filling:
    """What stands for each field of a template, under given terms, with the marks of the keys that it states."""

    def __init__(self, terms: Terms, wording: Wording) -> None:
        self.terms, self.wording, self.marks = terms, wording, Marks()

    def fields(self) -> dict[str, str]:
        """Return the text of every field, by its name in the templates."""
        return {name: make() for name, make in self._makers().items()}

    def field(self, name: str) -> str:
        """Return the text of one field; KeyError for an unknown one."""
        return self._makers()[name]()

    def _makers(self) -> dict[str, Callable[[], str]]:
        rounding, chosen = self.terms.penalty.rounding, [key.name for key in keys.KEYS if key.readings]
        return {name: partial(self._further_reading, name) for name in chosen} | {
            "id": self._id,
            "plan.included": self._included,
            "hours.volume": partial(self._optional_length, "hours.volume", "volume"),
            "plan.channels": self._support,
            "plan.slots": self._slots,
            "targets": self._targets,
            "mixed_rule": partial(self._reading, "mixed_rule", self.terms.mixed_rule),
            "clock_starts_on": self._clock_starts_on,
            "relapse_within": self._relapse_within,
            "business_hours": self._business_hours,
            "calendar": self._calendar,
            "closed_days": self._closed_days,
            "penalty.formula": self._formula,
            "penalty.rounding": partial(self._reading, "penalty.rounding", rounding),
            "penalty.cap": self._cap,
            "exclusions": self._exclusions,
            "maintenance.notice": partial(self._optional_length, "maintenance.notice", "notice"),
            "penalty.claim_window": self._claim_window,
        }

    def _further_reading(self, key: str) -> str:
        return self._reading(key, str(self.terms.value(key)))

    def _reading(self, key: str, reading: str) -> str:
        return self.marks.about(key, self.wording.say(f"{key}.{reading}"))

    def _optional(self, key: str, field: str, shown: str) -> str:
        if not shown:
            return self.marks.about(key, self.wording.say(f"{key}.none"))
        return self.wording.say(f"{key}.some", **{field: self.marks.value(key, shown)})

    def _id(self) -> str:
        name = self.terms.id
        if name is None:
            return self.wording.say("id.none")
        return self.wording.say("id.named", id=self.marks.value("id", self.wording.quoted(name)))

    def _optional_length(self, key: str, field: str) -> str:
        seconds = self.terms.value(key)
        return self._optional(key, field, self.wording.lasting(seconds) if isinstance(seconds, int) else "")

    def _claim_window(self) -> str:
        months = self.terms.value("penalty.claim_window")
        shown = self.wording.counted("month", Fraction(months)) if isinstance(months, int) else ""
        return self._optional("penalty.claim_window", "window", shown)

    def _included(self) -> str:
        included = self.terms.value("plan.included")
        assert isinstance(included, tuple), "the kind of the key"
        listed = [self.wording.say(f"included.{name}") for name in included]
        return self._list("plan.included", "included", listed)

    def _support(self) -> str:
        channels = self.terms.value("plan.channels")
        assert isinstance(channels, tuple), "the kind of the key"
        said = self.wording.joined((self.wording.named("support", str(name)) for name in channels), "or")
        return self.wording.say("plan.channels", channels=self.marks.value("plan.channels", said))

    def _slots(self) -> str:
        week = self.terms.value("plan.slots")
        assert isinstance(week, tuple), "the kind of the key"
        spans = self.wording.week([day for day in week if isinstance(day, tuple)])
        return self._optional("plan.slots", "slots", self.wording.joined(spans) if spans else "")

    def _targets(self) -> str:
        promised = [
            self._target(name, target) for name, target in sorted(self.terms.targets, key=_by_gravity)
        ]
        if not promised:
            return self.marks.about("targets", self.wording.say("targets.nothing"))
        return self.wording.say("targets.head") + "\n" + "".join(ITEM + one for one in promised)

    def _target(self, priority: str, target: Target | None) -> str:
        key, said = f"targets.{priority}", self.wording
        if target is None:
            time = self.marks.about(key, said.say("target.none"))
        else:
            lengths = {"business": self.marks.value(f"{key}.business", said.lasting(target.business))}
            if target.non_business is not None:
                other = said.lasting(target.non_business)
                lengths["non_business"] = self.marks.value(f"{key}.non_business", other)
            time = said.say("target.both" if len(lengths) > 1 else "target.business", **lengths)
        return said.say("target", priority=said.named("priority", priority), time=time)

    def _clock_starts_on(self) -> str:
        channels = [self.wording.named("channel", name) for name in self.terms.clock_starts_on]
        if not channels:
            return self.marks.about("clock_starts_on", self.wording.say("clock_starts_on.nothing"))
        listed = self.marks.value("clock_starts_on", self.wording.joined(channels, "or"))
        return self.wording.say("clock_starts_on.some", channels=listed)

    def _relapse_within(self) -> str:
        within = self.wording.lasting(self.terms.relapse_within)
        return self.wording.say("relapse_within", within=self.marks.value("relapse_within", within))

    def _business_hours(self) -> str:
        zone = self.marks.value("timezone", self.terms.calendar.timezone)
        week = self.wording.week(self.terms.calendar.hours)
        if not week:
            nothing = self.wording.say("business_hours.nothing", zone=zone)
            return self.marks.about("business_hours", nothing)
        spans = self.marks.value("business_hours", " ; ".join(week) if self._is_french else "; ".join(week))
        return self.wording.say("business_hours.some", hours=spans, zone=zone)

    def _calendar(self) -> str:
        name = self.terms.calendar.name
        if name is None or name == "FR":
            return self._reading("calendar", name or "none")
        return self.wording.say(
            "calendar.other", calendar=self.marks.value("calendar", self.wording.quoted(name))
        )

    def _closed_days(self) -> str:
        days = [self.wording.day(day) for day in self.terms.calendar.closed_days]
        return self._optional("closed_days", "days", self.wording.joined(days) if days else "")

    def _formula(self) -> str:
        penalty = self.terms.penalty
        return self.wording.say(
            "penalty.formula",
            times=self.marks.value("penalty.multiplier", self.wording.fees(penalty.multiplier)),
            hours=self._reading("penalty.opening_hours", penalty.opening_hours),
        )

    def _cap(self) -> str:
        penalty = self.terms.penalty
        if penalty.cap is None:
            return self.marks.about("penalty.cap", self.wording.say("penalty.cap.none"))
        cap = self.marks.value("penalty.cap", self.wording.fees(penalty.cap))
        limit = self.wording.say(f"penalty.cap.{penalty.cap_scope}", times=cap)
        return self.marks.about("penalty.cap_scope", limit)

    def _exclusions(self) -> str:
        grounds = [self.wording.named("ground", ground) for ground in self.terms.exclusions]
        return self._list("exclusions", "exclusions", grounds)

    def _list(self, key: str, phrase: str, items: Sequence[str]) -> str:
        if not items:
            return self.marks.about(key, self.wording.say(f"{phrase}.nothing"))
        return "\n".join([self.wording.say(f"{phrase}.head"), *self._items(key, items)])

    def _items(self, key: str, items: Sequence[str]) -> Iterator[str]:
        for index, item in enumerate(items):
            # The empty line makes a list of it for every reader of Markdown.
            yield ("\n" if not index else "") + f"- {self.marks.value(key, item)}"

    @property
    def _is_french(self) -> bool:
        return self.wording.language == "fr"
