"""Real tickets in the interchange format: whoever holds the file can judge them again, without us (A6.2).

What is written is what each clock and each verdict kept of its own instant: receipts, terms, holidays, fee. The numbers
of tickets and order lines are in it; no name, no word of anybody.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from astreinte.records.accounts.models import Client
from astreinte.records.commitments import settling
from astreinte.records.commitments.models import Clock, Verdict
from astreinte.records.contracts import freezing, resolving
from astreinte.records.contracts.models import OrderLine, Terms
from astreinte.records.tickets.models import Receipt, Ticket
from astreinte.rules import money
from astreinte.rules.sla import exporting as rules
from astreinte.rules.sla import terms as sla_terms
from astreinte.rules.sla.exporting import Case
from astreinte.rules.sla.instants import to_seconds
from astreinte.rules.sla.penalties import Price
from astreinte.rules.sla.replay import replay
from astreinte.rules.sla.zones import zone

Json = dict[str, Any]
ZONE = "Europe/Paris"
"""The civil year of an export is that of Paris."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """What the product said of an outage that is over: seconds late, cents before and after cap and exclusion."""

    late_seconds: int
    raw_cents: int
    due_cents: int


@dataclass(frozen=True, slots=True)
class Difference:
    """An outage that a replay of the file judges otherwise. `within`: whose cap it counts apart, ticket or month."""

    ticket: str
    judged: Judged
    again: Judged
    within: str

    def __str__(self) -> str:
        return f"ticket {self.ticket}: judged {_said(self.judged)}, replayed {_said(self.again)}"


@dataclass(frozen=True, slots=True)
class Export:
    """The cases, what was judged of them by (line, id), and how many tickets were left out, by why.

    Those are support, uncovered (under no order line) and priority (one that the terms do not know).
    """

    cases: tuple[Case, ...]
    judged: dict[tuple[str, str], Judged]
    left_out: dict[str, int]

    def lines(self) -> Iterator[str]:
        """Give the lines of the file, without their ends."""
        return (json.dumps(line, ensure_ascii=False) for line in rules.lines(self.cases))

    def differences(self) -> list[Difference]:
        """Judge the lines again, and return what comes to something else than was judged.

        Where the fee or the terms of a line changed inside a month, the format counts the cap of each apart; where a
        cap is for each ticket, it counts that of each outage of a fault that came back.
        """
        found, of_ticket = [], self._capped_together()
        # What is not judged yet has its `as_of`: the instant of the replay is never asked for.
        for line in replay(self.lines(), now=datetime(2099, 1, 1, tzinfo=UTC)).answers:
            answer = json.loads(line)
            judged = self.judged.get((answer["contract"].partition("/")[0], answer["ticket"]))
            late = int(answer["late_seconds"])
            again = Judged(late, *(int(money.parse_euros(answer[key])) for key in ("raw", "due")))
            if judged is not None and judged != again:
                within = "ticket" if answer["ticket"] in of_ticket else "month"
                found.append(Difference(answer["ticket"], judged, again, within))
        return found

    def _capped_together(self) -> set[str]:
        """Return the labels of the outages that share one cap with another outage of their ticket."""
        capped = [one.ticket["id"] for one in self.cases if one.body["penalty"]["cap_scope"] == "ticket"]
        outages = Counter(label.partition("/")[0] for label in capped)
        return {label for label in capped if outages[label.partition("/")[0]] > 1}


def of_year(clients: Collection[Client], year: int, *, at: datetime) -> Export:
    """Return the tickets of these clients of a civil year, each with the outages whose deadline is in it.

    The month of a penalty is that of its deadline: each month is whole, and so is its cap. What has no deadline is of
    the year in which its ticket was opened. What is not judged yet is judged as of `at` (UTC). Who asks looks whose
    clients they may see.
    """
    (start, end), tickets = _civil(year), _tickets(clients, year)
    left_out: Counter[str] = Counter()
    cases: list[Case] = []
    facts = _Facts(tickets, at)
    for ticket in tickets.select_related("server").iterator(chunk_size=CHUNK):
        clocks, of_it = facts.of(ticket), start <= ticket.opened_at < end
        if ticket.nature != "incident":
            left_out["support"] += 1
        elif clocks:
            mine = (one for one in clocks if (one.month.startswith(f"{year}-") if one.month else of_it))
            cases += (facts.case(ticket, clock) for clock in mine)
        else:
            case, why = _without_a_clock(ticket, at)
            cases += [case] if case else []
            left_out.update([why] if why else [])
    return Export(tuple(cases), facts.judged, dict(left_out))


def count(clients: Collection[Client], year: int) -> int:
    """Return how many tickets an export of that year looks at."""
    return _tickets(clients, year).count()


def _civil(year: int) -> tuple[datetime, datetime]:
    first, last = (datetime(one, 1, 1, tzinfo=ZoneInfo(ZONE)).astimezone(UTC) for one in (year, year + 1))
    return first, last


def _tickets(clients: Collection[Client], year: int) -> QuerySet[Ticket]:
    start, end = _civil(year)
    due = Q(pk__in=Clock.objects.held().contractual().filter(month__startswith=f"{year}-").values("ticket"))
    found = Ticket.objects.filter(due | Q(opened_at__gte=start, opened_at__lt=end), client__in=clients)
    return found.exclude(state="merged").order_by("opened_at", "pk")


class _Facts:
    """The clocks and verdicts of many tickets, read at once; `judged` is filled as cases are made."""

    def __init__(self, tickets: QuerySet[Ticket], at: datetime) -> None:
        self._at = at
        keys = tickets.order_by().values("pk")
        self._clocks: dict[int, dict[int, Clock]] = {}
        held = Clock.objects.held().filter(ticket__in=keys).select_related("line", "receipt")
        # The promise of an outage stands in for its internal objective, which has no money: it comes last.
        for clock in held.prefetch_related("line__prices").order_by("turn", "-kind"):
            self._clocks.setdefault(clock.ticket_id, {})[clock.turn] = clock
        verdicts = Verdict.objects.filter(clock__ticket__in=keys, replaced_at=None)
        self._verdicts = {one.clock_id: one for one in verdicts}
        self._month = cache(self._owed)
        self.judged: dict[tuple[str, str], Judged] = {}

    def of(self, ticket: Ticket) -> list[Clock]:
        """Return the clock of each outage of a ticket: its promise, or where there is none its objective."""
        return list(self._clocks.get(ticket.pk, {}).values())

    def case(self, ticket: Ticket, clock: Clock) -> Case:
        """Return an outage as it was judged."""
        clock.ticket = ticket
        trace, verdict = json.loads(clock.trace), self._verdicts.get(clock.pk)
        until = self._at if verdict is None else verdict.stopped_at
        intervened = verdict is not None and verdict.intervention_id is not None
        said = {"id": clock.label, "priority": clock.priority, "receipts": _receipts(trace)}
        said |= {key: trace[key] for key in ("suspensions",) if trace[key]}
        cause = self._judge(clock, verdict) if verdict is not None and clock.kind == "contractual" else None
        return Case(
            line=f"{clock.line.number}",
            price=_price(clock, verdict),
            body=trace["terms"],
            holidays={
                int(year): [date.fromisoformat(day) for day in days]
                for year, days in trace["holidays"].items()
            },
            years=_years(clock, until),
            ticket=_written(
                said | ({"exclusion": cause} if cause else {}),
                {"intervention" if intervened else "as_of": until},
                trace["terms"]["timezone"],
            ),
        )

    def _judge(self, clock: Clock, verdict: Verdict) -> str | None:
        """Note what was judged of an outage; return the accepted cause that waives its penalty."""
        cause, due = None, 0
        if verdict.late_seconds and clock.month:
            cause, due = self._month(clock.line, clock.month).get(clock.label, (None, 0))
        key = f"{clock.line.number}", clock.label
        self.judged[key] = Judged(verdict.late_seconds, verdict.raw_cents or 0, due)
        return cause

    def _owed(self, line: OrderLine, month: str) -> dict[str, tuple[str | None, int]]:
        """Return the accepted cause and the cents due of each late outage of a month, by its label."""
        owed = settling.owed(line, month, self._at)
        both = zip(owed.lates, owed.dues, strict=True) if owed else ()
        return {late.id: (late.exclusion, due.cents) for late, due in both}


def _said(one: Judged) -> str:
    return f"{one.late_seconds} s late, {money.text(one.raw_cents)}, due {money.text(one.due_cents)}"


def _receipts(trace: Json) -> list[Json]:
    """Return what was received; for a fault that came back, what was known before it is known at the relapse."""
    if "relapse" not in trace:
        return [{"at": one["at"], "channel": one["channel"]} for one in trace["receipts"]]
    relapse = datetime.fromisoformat(trace["relapse"])
    before = [one for one in trace["receipts"] if datetime.fromisoformat(one["at"]) <= relapse]
    known = sorted({one["channel"] for one in before})
    after = [{"at": one["at"], "channel": one["channel"]} for one in trace["receipts"] if one not in before]
    return [{"at": trace["relapse"], "channel": channel} for channel in known] + after


def _without_a_clock(ticket: Ticket, at: datetime) -> tuple[Case | None, str]:
    """Return a ticket to which nothing is promised, under the terms of its first receipt; else why it is left out."""
    receipts = list(_received(ticket))
    bound = resolving.in_force(ticket.server, receipts[0].at) if ticket.server and receipts else None
    if bound is None:
        return None, "uncovered"
    if ticket.priority not in bound.terms.priorities:
        return None, "priority"
    timezone, first = bound.terms.calendar.timezone, zone(bound.terms.calendar.timezone)
    listed = [{"at": first.text(to_seconds(one.at)), "channel": one.channel} for one in receipts]
    said = {"id": f"{ticket.number}", "priority": ticket.priority, "receipts": listed}
    case = Case(
        line=f"{bound.line.number}",
        price=resolving.fee(bound.line, receipts[0].at),
        body=bound.terms.as_dict(),
        holidays=bound.terms.frozen,
        years=range(receipts[0].at.year, receipts[0].at.year + 1),
        ticket=_written(said, {"as_of": at if ticket.closed_at is None else ticket.closed_at}, timezone),
    )
    return case, ""


def _received(ticket: Ticket) -> Iterable[Receipt]:
    mine = Receipt.objects.filter(ticket=ticket) | Receipt.objects.filter(ticket__merged_into=ticket)
    return mine.order_by("at", "pk")


def _written(said: Json, instants: dict[str, datetime], timezone: str) -> Json:
    return said | {key: zone(timezone).text(to_seconds(one)) for key, one in instants.items()}


def _years(clock: Clock, until: datetime) -> range:
    last = max(one for one in (clock.started_at, clock.deadline_at, until) if one is not None)
    return range(
        clock.started_at.year, last.year + 2
    )  # civil years: the last day of one is another's elsewhere


def _price(clock: Clock, verdict: Verdict | None) -> Price:
    """Return the fee that a verdict kept, else the one in force at the deadline."""
    kept = json.loads(verdict.trace)["penalty"] if verdict is not None and verdict.late_seconds else None
    if kept is not None:
        return Price(Fraction(kept["price"]["cents"]), kept["price"]["period"])
    return resolving.fee(clock.line, clock.deadline_at or clock.started_at)


def tried(terms: Terms, change: Json, year: int) -> Json:
    """Return terms with a change, as a replay of that year tries them: with the holidays frozen for their provider.

    Nothing is frozen by a trial. Raises rules.sla.terms.TermsError with the place of a wrong value.
    """
    body = sla_terms.parse(sla_terms.merge(json.loads(terms.body), change)).as_dict()
    name = body.get("calendar")
    frozen = freezing.frozen(terms.provider_id, name) if isinstance(name, str) else {}
    return rules.inline(body, rules.with_years(body, frozen, range(year - 1, year + 3)))
