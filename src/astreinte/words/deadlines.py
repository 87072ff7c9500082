"""Why this deadline (article 5), said from the trace of its clock."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from astreinte.rules.sla import hours, instants
from astreinte.rules.sla.clock import RELAPSE
from astreinte.rules.sla.terms import BUILT_IN, RELAPSE_WITHIN
from astreinte.words import clauses, formats
from astreinte.words.catalogue import named, say
from astreinte.words.clauses import ANY_PROVIDER
from astreinte.words.formats import in_utc, lasting
from astreinte.words.said import Said, source

Json = dict[str, Any]

_KEYS = ("timezone", "calendar", "closed_days", "business_hours", "targets", "mixed_rule", "clock_starts_on")
_MOST_ROWS = 60


def why_deadline(trace: Json, *, provider_name: str = ANY_PROVIDER) -> Said:
    """Say why a clock ends when it does: receipt, regime, time promised, what was counted, other readings.

    `trace` is `ClockRun.trace`, or `ClockRun.judged(until)` to say the lateness too. Instants are in the
    contract's own civil time, which decides the regime.
    """
    told = _Told(trace)
    return Said(
        paragraphs=tuple(told.paragraphs()),
        quote=clauses.of_deadline(trace["priority"], provider_name),
        source=source("article_5", trace["terms"], _KEYS),
        table=tuple(told.rows()),
    )


class _Told:
    """A trace on its way into words."""

    def __init__(self, trace: Json) -> None:
        self.trace = trace
        self.zone = ZoneInfo(trace["terms"]["timezone"])
        self.start = in_utc(trace["start"]["at"])
        self.end = in_utc(trace["deadline"]) if trace["deadline"] else None
        self.target: Json = trace["terms"]["targets"][trace["priority"]]
        self.relapsed = trace["start"]["channel"] == RELAPSE
        # What was received first by a way that counts holds for the relapse: nobody declares one fault twice.
        self.declared: Json = next((one for one in trace["receipts"] if one["counts"]), trace["start"])

    def paragraphs(self) -> Iterator[str]:
        yield " ".join(self._opening())
        yield from self._calendar()
        yield from self._suspensions()
        yield from self._other_receipts()
        yield from self._readings()
        yield from self._lateness()

    def rows(self) -> Iterator[tuple[str, str]]:
        trace, end = self.trace, self.end
        yield say("row.relapse" if self.relapsed else "row.received"), self._at(self.start, seconds=True)
        yield say("row.regime"), named("regime", trace["regime"])
        yield say("row.allowed"), say("row.counted", length=self._allowed(), regime=self._unit())
        for span in trace["spans"][:_MOST_ROWS]:
            yield self._span(span)
        if len(trace["spans"]) > _MOST_ROWS:
            yield say("row.more"), ""
        yield say("row.deadline"), say("row.no_deadline") if end is None else self._at(end, seconds=True)
        for rule, at in self._other_readings():
            shown = say("row.no_deadline") if at is None else self._near(at)
            yield say("row.reading", rule=named("rule", rule)), shown
        if "until" in trace:
            yield say("row.late"), lasting(trace["late_seconds"])

    def _opening(self) -> Iterator[str]:
        trace = self.trace
        yield say(
            "deadline.relapsed" if self.relapsed else "deadline.received",
            channel=named("channel", self.declared["channel"]),
            declared=self._at(in_utc(self.declared["at"]), seconds=True),
            at=self._at(self.start, seconds=True),
            regime=named("regime", trace["regime"]),
        )
        if self.relapsed:
            yield say("deadline.same_incident", within=self._relapse_within())
        yield self._course()
        if trace["internal"]:
            yield say("deadline.internal")
        if self.target != BUILT_IN["targets"].get(trace["priority"]):
            name, target = trace["terms"].get("id"), self._target()
            known = name and name != BUILT_IN["id"]
            yield (
                say("deadline.terms", name=name, target=target)
                if known
                else say("deadline.terms_unnamed", target=target)
            )

    def _course(self) -> str:
        values = {"priority": named("priority", self.trace["priority"]), "allowed": self._allowed()}
        if self.end is None:
            return say("deadline.none", since=self._at(self._suspended_since()), **values)
        values |= {"start": formats.hour(self.start, self.zone), "end": self._near(self.end)}
        values |= {name: self._length(name) for name in self.target}
        mode = self.trace["mode"]
        paused = mode == "elapsed" and any(span["suspended"] for span in self.trace["spans"])
        return say(f"deadline.{mode}_paused" if paused else f"deadline.{mode}", **values)

    def _calendar(self) -> Iterator[str]:
        trace = self.trace
        for closed in trace["closed"]:
            name = "holiday" if closed["kind"] == "public_holiday" else "closed_day"
            yield say(f"deadline.{name}", day=formats.day(date.fromisoformat(closed["date"])))
        midday = self._midday_break()
        if midday is not None:
            yield say("deadline.break", start=midday[0], end=midday[1])
        if self.end is None:
            return
        if trace["start"]["at"][-6:] != trace["deadline"][-6:]:
            yield say("deadline.clock_change")
        twice = [at for at in (self.start, self.end) if formats.is_repeated(at.astimezone(self.zone))]
        if twice:
            yield say("deadline.repeated", hour=f"{twice[0].astimezone(self.zone):%H}:00")

    def _midday_break(self) -> tuple[str, str] | None:
        """Return the break between two openings of one day that an elapsed time runs through."""
        trace = self.trace
        if trace["mode"] != "elapsed" or trace["regime"] != "business":
            return None
        week = hours.parse(trace["terms"]["business_hours"])
        for span in trace["spans"]:
            local = in_utc(span["from"]).astimezone(self.zone)
            second = local.hour * 3600 + local.minute * 60 + local.second
            later = [opens for opens, _ in week[local.weekday()] if opens > second]
            if span["regime"] == "non_business" and later:
                return formats.hour(local, self.zone), f"{later[0] // 3600:02d}:{later[0] // 60 % 60:02d}"
        return None

    def _suspensions(self) -> Iterator[str]:
        for one in self.trace["suspensions"]:
            start = self._at(in_utc(one["from"]))
            if one["to"] is None:
                yield say("deadline.suspended_still", start=start)
            else:
                yield say("deadline.suspended", start=start, end=self._at(in_utc(one["to"])))

    def _other_receipts(self) -> Iterator[str]:
        trace = self.trace
        others = [{"at": one["at"], "channel": one["channel"]} for one in trace["receipts"]]
        others.remove({"at": self.declared["at"], "channel": self.declared["channel"]})
        counts = {(one["at"], one["channel"]): one["counts"] for one in trace["receipts"]}
        for one in others:
            name = "later" if counts[one["at"], one["channel"]] else "not_counted"
            at = self._at(in_utc(one["at"]), seconds=True)
            yield say(f"deadline.{name}", channel=named("channel", one["channel"]), at=at)

    def _readings(self) -> Iterator[str]:
        if not self.trace["readings"] or self.trace["mode"] == "business":
            return
        if len(set(self.trace["readings"].values())) == 1:
            yield say("deadline.same_readings")
            return
        others = [
            say("deadline.no_reading", rule=named("rule", rule))
            if at is None
            else say("deadline.reading", rule=named("rule", rule), at=self._near(at))
            for rule, at in self._other_readings()
        ]
        chosen = named("rule", self.trace["terms"]["mixed_rule"])
        yield say("deadline.readings", readings=say("list.separator").join(others), chosen=chosen)

    def _lateness(self) -> Iterator[str]:
        trace = self.trace
        if self.end is not None and trace["first_late_at"] and self._late_unit() == "business":
            opens = in_utc(trace["first_late_at"])
            if (opens - self.end).total_seconds() > 1:
                yield say("deadline.late_opens", at=self._at(instants.to_datetime(_before(opens))))
        if "until" in trace:
            until = self._at(in_utc(trace["until"]), seconds=True)
            unit = say(f"unit.{self._late_unit()}")
            late = trace["late_seconds"]
            yield (
                say("deadline.late", until=until, late=lasting(late), unit=unit)
                if late
                else say("deadline.in_time", until=until)
            )

    def _other_readings(self) -> list[tuple[str, datetime | None]]:
        if self.trace["mode"] == "business":
            return []
        chosen = self.trace["terms"]["mixed_rule"]
        found = self.trace["readings"].items()
        return [(rule, in_utc(at) if at else None) for rule, at in found if rule != chosen]

    def _span(self, span: Json) -> tuple[str, str]:
        start, end = in_utc(span["from"]), in_utc(span["to"])
        kind = "suspended" if span["suspended"] else "counted" if span["counts"] else "uncounted"
        value = say(f"row.{kind}", length=lasting(span["seconds"]), regime=named("regime", span["regime"]))
        later = formats.near(end, start, self.zone)
        return say("row.span", start=self._near(start), end=later), value

    def _relapse_within(self) -> str:
        return lasting(instants.parse_duration(self.trace["terms"].get("relapse_within", RELAPSE_WITHIN)))

    def _suspended_since(self) -> datetime:
        starts = [in_utc(one["from"]) for one in self.trace["suspensions"] if one["to"] is None]
        return min(starts, default=self.start)

    def _target(self) -> str:
        both = "non_business" in self.target
        lengths = {name: self._length(name) for name in self.target}
        return say("deadline.target_both" if both else "deadline.target_business", **lengths)

    def _length(self, name: str) -> str:
        return lasting(instants.parse_duration(self.target[name]))

    def _allowed(self) -> str:
        return lasting(self.trace["allowed_seconds"])

    def _late_unit(self) -> str:
        """Return "business" or "elapsed": lateness is counted as the target is, unless the terms say otherwise."""
        usual = "business" if self.trace["mode"] == "business" else "elapsed"
        agreed: str = self.trace["terms"]["penalty"].get("delay_unit", usual)
        return agreed

    def _unit(self) -> str:
        mode = self.trace["mode"]
        return say(f"unit.{mode}") if mode in ("business", "elapsed") else named("rule", mode)

    def _at(self, at: datetime, *, seconds: bool | None = None) -> str:
        return formats.instant(at, self.zone, seconds=seconds)

    def _near(self, at: datetime) -> str:
        return formats.near(at, self.start, self.zone)


def _before(at: datetime) -> int:
    """Return the second before: lateness opens when the first late second begins, not when it is full."""
    return instants.to_seconds(at) - 1
