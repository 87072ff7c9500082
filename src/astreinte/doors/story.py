"""What happened on a ticket, in order: one list of moments for the phone, one chart of lanes for the screen.

Both sides read the same story; what the staff says among itself is not part of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from astreinte.doors import drawing, naming, saying
from astreinte.doors.cards import Card, card_of, usual_terms
from astreinte.doors.drawing import Bar, Lane, Mark, Shade
from astreinte.records.accounts.actors import Actor
from astreinte.records.commitments import times
from astreinte.records.commitments.models import Breach, Clock, Verdict
from astreinte.records.monitoring.sighting import Sighting
from astreinte.records.tickets.endings import endings
from astreinte.records.tickets.models import Message, Messages, Receipt, Ticket
from astreinte.records.tickets.recoveries import Turn, turns
from astreinte.records.worklog.models import Intervention
from astreinte.rules.sla.calendar import spans_between
from astreinte.rules.sla.terms import Terms

FEW = 2


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the story; `css` is that of the timeline (bad, good, mark, key, due, now, next, hno)."""

    at: datetime
    said: str
    more: str = ""
    css: str = ""
    shape: str = "s-ok"
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows that a story is told from."""

    ticket: Ticket
    receipts: tuple[Receipt, ...]
    interventions: tuple[Intervention, ...]
    clocks: tuple[Clock, ...]
    breaches: tuple[Breach, ...]
    merged: tuple[Ticket, ...]
    turns: tuple[Turn, ...]
    stopping: frozenset[int]
    seen: Sighting | None

    def starts(self, receipt: Receipt) -> bool:
        """Say whether a contractual clock starts at this very receipt."""
        return any(one.receipt_id == receipt.pk and one.started_at == receipt.at for one in self.clocks)

    @property
    def starting(self) -> Clock | None:
        """The first contractual clock: the receipt that counts is its."""
        return self.clocks[0] if self.clocks else None


@dataclass(frozen=True, slots=True)
class Story:
    """The story of a ticket at an instant: `moments` in order, and its chart."""

    moments: tuple[Moment, ...]
    chart: SafeString
    facts: Facts = field(repr=False)

    def talk(self, actor: Actor) -> Messages:
        """Return what was said about the ticket and what was merged into it, as far as `actor` may read it."""
        tickets = [self.facts.ticket, *self.facts.merged]
        return Message.objects.visible_to(actor).filter(ticket__in=tickets).order_by("at", "pk")


def told(ticket: Ticket, card: Card | None, *, actor: Actor, at: datetime) -> Story:
    """Return the story of a ticket as `actor` may know it."""
    facts = gathered(ticket, actor)
    terms = card.run.terms if card else usual_terms()
    moments = sorted([*_moments(facts, card), *_ahead(card, facts, at)], key=lambda one: (one.at, one.rank))
    shown = _shaded(moments, terms)
    return Story(tuple(shown), _chart(facts, card, terms, at), facts)


def gathered(ticket: Ticket, actor: Actor) -> Facts:
    """Return the rows of a ticket and of those merged into it."""
    receipts = Receipt.objects.visible_to(actor)
    work = Intervention.objects.visible_to(actor).select_related("person")
    merged = tuple(Ticket.objects.visible_to(actor).filter(merged_into=ticket).order_by("number"))
    tickets = [ticket, *merged]
    return Facts(
        ticket,
        tuple(receipts.filter(ticket__in=tickets).select_related("call", "ticket").order_by("at", "pk")),
        tuple(work.filter(ticket__in=tickets).order_by("started_at", "pk")),
        tuple(Clock.objects.visible_to(actor).held().contractual().filter(ticket=ticket).order_by("turn")),
        tuple(Breach.objects.visible_to(actor).filter(ticket=ticket).order_by("turn")),
        merged,
        tuple(turns(ticket)),
        _stopping(ticket, actor),
        times.seen_by_probes(ticket),
    )


def _stopping(ticket: Ticket, actor: Actor) -> frozenset[int]:
    """Return the interventions that stopped a contractual clock of the ticket."""
    judged = Verdict.objects.visible_to(actor).filter(
        ticket=ticket, clock__kind="contractual", replaced_at=None, intervention__isnull=False
    )
    return frozenset(judged.values_list("intervention_id", flat=True))


def _moments(facts: Facts, card: Card | None) -> Iterable[Moment]:
    ticket = facts.ticket
    yield from _detected(facts.seen)
    for receipt in facts.receipts:
        yield _received(receipt, facts)
    if ticket.taken_at is not None and ticket.assignee is not None:
        name = ticket.assignee.name
        yield Moment(ticket.taken_at, _("%(name)s takes it") % {"name": name}, _("does not stop the clock"))
    for work in facts.interventions:
        yield from _worked(work, facts)
    for breach in facts.breaches:
        yield Moment(breach.at, _("The promise is missed"), css="bad key", shape="s-crit", rank=2)
    yield from _back_and_forth(facts)
    for one in endings(ticket):
        yield Moment(one.at, _("Opened again") if one.again else _("Closed"), css="mark", rank=2)


def _back_and_forth(facts: Facts) -> Iterable[Moment]:
    """Each time that the probes saw the service again, and each time that the fault came back."""
    again = {one.relapse_at for one in facts.clocks if one.started_at == one.relapse_at}
    for turn in facts.turns:
        if turn.up:
            more = _("restoring is not guaranteed by article 5")
            yield Moment(turn.at, _("Our probes see the service again"), more, css="good key")
        else:
            more = _("the clock runs again from here") if turn.at in again else ""
            yield Moment(turn.at, _("The failure is back"), more, css="bad key", shape="s-crit")


def _detected(seen: Sighting | None) -> Iterable[Moment]:
    if seen is not None:
        yield Moment(seen.detected_at, _("Seen by our probes"), css="bad", shape="s-crit")
        if seen.confirmed_at != seen.detected_at:
            yield Moment(seen.confirmed_at, _("Confirmed by our probes"), css="bad", shape="s-crit")


def _received(receipt: Receipt, facts: Facts) -> Moment:
    starts = facts.starts(receipt)
    more = naming.channel(receipt.channel)
    if receipt.ticket_id != facts.ticket.pk:
        more += " · " + _("ticket #%(number)d, merged into this one") % {"number": receipt.ticket.number}
    if starts:
        return Moment(
            receipt.at, _("Received: the clock starts"), more, css="mark key", shape="s-crit", rank=1
        )
    call = getattr(receipt, "call", None)
    if call is not None:
        answered = "" if call.answered else " · " + _("not answered")
        return Moment(receipt.at, _("Call received"), more + answered, css="mark", shape="s-crit", rank=1)
    return Moment(receipt.at, _("Received"), more, css="mark", shape="s-crit", rank=1)


def _worked(work: Intervention, facts: Facts) -> Iterable[Moment]:
    name = {"name": work.person.name}
    first = work.pk in facts.stopping
    said = _("%(name)s begins to intervene") if work.kind == "session" else _("%(name)s writes a diagnostic")
    more = [_("the clock stops")] if first else []
    if work.afterwards:
        more.append(_("written down afterwards, at %(at)s") % {"at": saying.hour(work.recorded_at)})
    css = "key good" if first else "mark"
    yield Moment(work.started_at, said % name, " · ".join(more), css=css, rank=1)
    if work.kind == "session" and work.ended_at is not None:
        length = saying.exactly_lasting(work.ended_at - work.started_at)
        yield Moment(work.ended_at, _("End of the intervention"), length)


def _ahead(card: Card | None, facts: Facts, at: datetime) -> Iterable[Moment]:
    """What is to come is lighter than what happened."""
    if facts.ticket.state in {"closed", "merged"}:
        return
    nobody = not facts.interventions
    yield Moment(at, _("Now, nobody has intervened") if nobody else _("Now"), css="now", shape="", rank=3)
    if card is None or card.run.deadline is None:
        return
    if card.open:
        yield Moment(card.run.deadline, _("Deadline to intervene"), css="due", shape="", rank=1)
        if card.grows_at and card.stake and card.grows_to > card.stake.due_cents:
            said = _("One more hour: %(sum)s") % {"sum": saying.amount(card.grows_to)}
            yield Moment(card.grows_at, said, css="next", shape="")
    elif card.run.deadline > at:
        yield Moment(card.run.deadline, _("Deadline, without object"), css="next", shape="")


def _shaded(moments: Iterable[Moment], terms: Terms) -> Iterable[Moment]:
    openings = terms.calendar.openings
    for one in moments:
        inside = openings.holds(int(one.at.timestamp()))
        yield (
            one
            if inside
            else Moment(one.at, one.said, one.more, f"{one.css} hno".strip(), one.shape, one.rank)
        )


def _chart(facts: Facts, card: Card | None, terms: Terms, at: datetime) -> SafeString:
    ticket = facts.ticket
    due = card.run.deadline if card else None
    known = [
        ticket.opened_at,
        *(one.at for one in facts.receipts),
        *(one.started_at for one in facts.interventions),
    ]
    known += [one.ended_at for one in facts.interventions if one.ended_at]
    known += [when for when in (ticket.closed_at, due) if when]
    known += [one.at for one in facts.turns]
    known += [one.deadline_at for one in facts.clocks if one.deadline_at]
    if facts.seen:
        known += [facts.seen.detected_at]
    is_open = ticket.state in {"open", "waiting"}
    if is_open and (not due or at < due + (due - min(known)) * 3):
        known.append(at)
    first, last = min(known), max(known)
    margin = max((last - first) * 0.06, timedelta(minutes=2))
    start, end = first - margin, last + margin
    spans: list[Shade] = spans_between(terms, start, end)
    stop = min(at, end)
    lanes = [
        *([_service(facts.seen, facts, start, stop), _probes(facts.seen, facts.turns)] if facts.seen else []),
        Lane(_("Received"), marks=tuple(_marks(facts))),
        _team(ticket),
        _work(facts, card, stop),
        *([_delay(card, stop)] if card and due else []),
    ]
    title = _("Story of ticket %(number)d: received %(at)s") % {
        "number": ticket.number,
        "at": saying.near(ticket.opened_at, at),
    }
    return drawing.story(
        lanes, spans, start=start, end=end, now=at if is_open else None, due=due, title=title
    )


def _service(seen: Sighting, facts: Facts, start: datetime, stop: datetime) -> Lane:
    """Up until it was seen down, then each turn: thin is up, thick is down."""
    bars, since, up = [Bar(start, seen.detected_at, "f-ok", thin=True)], seen.detected_at, False
    for turn in facts.turns:
        bars.append(_stretch(since, turn.at, up=up))
        since, up = turn.at, turn.up
    if since < stop:
        bars.append(_stretch(since, stop, up=up, goes_on=True))
    return Lane(_("Service"), tuple(bars), strong=True)


def _stretch(since: datetime, until: datetime, *, up: bool, goes_on: bool = False) -> Bar:
    until = max(since, until)
    if up:
        return Bar(since, until, "f-ok", thin=True)
    if goes_on:
        return Bar(since, until, "f-crit", _("down since %(at)s") % {"at": drawing.hour(since)}, inside=True)
    said = _("down for %(time)s") % {"time": saying.exactly_lasting(until - since)}
    return Bar(since, until, "f-crit", said, inside=True)


def _probes(seen: Sighting, turns_seen: Sequence[Turn]) -> Lane:
    said = _("confirmed %(at)s") % {"at": drawing.hour(seen.confirmed_at)}
    marks = [Mark(seen.confirmed_at, said, "f-crit", disc=True)]
    relapses = [one.at for one in turns_seen if not one.up]
    for at in relapses:
        # Words of many relapses would stand on each other: the lane above and the list say each.
        said = _("back %(at)s") % {"at": drawing.hour(at)} if len(relapses) <= FEW else ""
        marks.append(Mark(at, said, "f-crit", disc=True))
    return Lane(_("Probes"), marks=tuple(marks))


def _marks(facts: Facts) -> Iterable[Mark]:
    """What was received by people's ways; what probes saw has a lane of its own when there is an incident."""
    for one in facts.receipts:
        if one.channel != "monitoring" or facts.seen is None:
            yield Mark(one.at, naming.channel(one.channel), strong=facts.starts(one))


def _team(ticket: Ticket) -> Lane:
    marks: tuple[Mark, ...] = ()
    if ticket.taken_at is not None and ticket.assignee is not None:
        marks = (Mark(ticket.taken_at, _("taken by %(name)s") % {"name": ticket.assignee.name}, disc=True),)
    return Lane(_("Taken"), marks=marks)


def _work(facts: Facts, card: Card | None, stop: datetime) -> Lane:
    bars, marks = [], []
    for work in facts.interventions:
        if work.kind == "diagnostic":
            marks.append(
                Mark(work.started_at, _("diagnostic, %(name)s") % {"name": work.person.name}, "f-data")
            )
        else:
            bars.append(
                Bar(work.started_at, work.ended_at or max(stop, work.started_at), "f-data", work.person.name)
            )
    if not facts.interventions and card and card.run.deadline and stop < card.run.deadline:
        bars.append(Bar(stop, card.run.deadline, "f-none s-rule2 dash", _("no intervention has begun")))
    return Lane(_("Intervention"), tuple(bars), tuple(marks), strong=True)


def _delay(card: Card, stop: datetime) -> Lane:
    """The promise, and before it those of the outages before a relapse, which were over when it came."""
    earlier = (card_of(one, card.at) for one in card.standing.earlier)
    turns_of_it = [*(one for one in earlier if one is not None), card]
    bars = [bar for one in turns_of_it for bar in _delay_bars(one, min(one.clock.over_at or stop, stop))]
    return Lane(_("Delay (%(time)s)") % {"time": saying.lasting(card.allowed)}, tuple(bars), strong=True)


def _delay_bars(card: Card, stop: datetime) -> Iterable[Bar]:
    due, start, until = card.run.deadline, card.run.receipt.at, min(card.until, stop)
    if due is None:
        return
    yield Bar(start, due if card.clock.over_at is None else min(due, stop), "f-sheet c-axis")
    used = min(until, due)
    if used > start:
        yield Bar(start, used, "f-ok" if card.status == "met" else "f-ink")
    if until > due:
        said = _("%(time)s late") % {"time": saying.exactly_lasting(card.late)}
        yield Bar(due, until, "f-crit", said, inside=True)
