"""An order line goes on, stops for a while, or is followed by another one (A1.4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.contracts import orders
from astreinte.records.contracts.days import beginning, day_of
from astreinte.records.contracts.facts import LineRenewed, LineResumed, LineSuspended
from astreinte.records.contracts.models import (
    Binding,
    Coverage,
    OrderLine,
    Overlay,
    OverlayApproval,
    OverlayScope,
    Price,
    Suspension,
)
from astreinte.records.contracts.refusing import ContractError, not_in_the_past, priced, stopped
from astreinte.records.journal import writing
from astreinte.rules.orders import periods
from astreinte.rules.orders.periods import Fee, Instalment, Period


@transaction.atomic
def suspend(
    line: OrderLine,
    *,
    reason: str,
    from_at: datetime,
    at: datetime,
    actor: Actor,
    until_at: datetime | None = None,
) -> Suspension:
    """Suspend an order line from an instant on: nothing is promised and nothing due, the watch goes on.

    What was received before keeps its promise. The client reads the reason. Raises ContractError.
    """
    may(actor, "contracts.change", line)
    OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    not_in_the_past("suspension.from", from_at, at)
    reason = " ".join(reason.split())
    if len(reason) < 10:
        raise ContractError(
            f"suspension.reason: {reason!r}: write why, in 10 characters or more: the client reads it"
        )
    if until_at is not None and until_at <= from_at:
        raise ContractError(
            f"suspension.until: {until_at.isoformat()} is not after its start; write a later instant"
        )
    if from_at < line.from_at or (line.until_at is not None and line.until_at <= from_at):
        raise ContractError(f"order line {line.number}: is not in force at {from_at.isoformat()}")
    meeting = Suspension.objects.standing().filter(line=line).exclude(until_at__lte=from_at)
    if until_at is not None:
        meeting = meeting.filter(from_at__lt=until_at)
    other = meeting.first()
    if other is not None:
        raise ContractError(
            f"order line {line.number}: is suspended already from {other.from_at.isoformat()} on ({other.reason})"
        )
    row = Suspension.objects.create(
        line=line, kind="agreed", reason=reason[:500], from_at=from_at, until_at=until_at
    )
    fact = LineSuspended(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=[row])
    return row


@transaction.atomic
def resume(line: OrderLine, *, until_at: datetime, at: datetime, actor: Actor) -> Suspension:
    """End the suspension of an order line at an instant, not before now; one that has not begun is taken back."""
    may(actor, "contracts.change", line)
    not_in_the_past("suspension.until", until_at, at)
    row: Suspension | None = (
        Suspension.objects.standing().filter(line=line, kind="agreed", until_at=None).first()
    )
    if row is None:
        waits = "; it waits for its conditions: activate it" if orders.is_waiting(line) else ""
        raise ContractError(f"order line {line.number}: is not suspended until further notice{waits}")
    rows = [row, *_carried(row)]
    for each in rows:
        if until_at <= each.from_at:
            each.withdrawn_at = at
            each.save(update_fields=["withdrawn_at"])
        else:
            stopped(each, until_at)
    fact = LineResumed(at=at, provider_id=line.provider_id, line_id=line.pk)
    writing.append(fact, actor=actor, rows=rows)
    return row


def _carried(row: Suspension) -> list[Suspension]:
    """Return what the lines that renew a suspended one took over of its suspension: it ends with it."""
    found: list[Suspension] = []
    following = OrderLine.objects.filter(renews=row.line_id).first()
    while following is not None:
        agreed = Suspension.objects.standing().filter(line=following, kind="agreed", until_at=None)
        found.extend(agreed.filter(from_at=following.from_at, reason=row.reason))
        following = OrderLine.objects.filter(renews=following).first()
    return found


@transaction.atomic
def renew(
    line: OrderLine, *, at: datetime, actor: Actor, price_cents: int | None = None, tacit: bool = False
) -> OrderLine:
    """Let an order line that ends be followed by another one, from its end on, on the same terms and servers.

    At its last price, or at another one. Specific contracts and agreed suspensions that reach beyond its end go
    along, with their own end and who approved them. Raises ContractError for a line that goes on by itself, that
    is over, that was renewed already, or that waits for its conditions.
    """
    may(actor, "contracts.change", line)
    locked = OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    ends = _renewable(locked, at)
    orders.accepted(locked.client, at)
    last = Price.objects.standing().filter(line=locked).order_by("from_at").last()
    terms = Binding.objects.standing().filter(line=locked).order_by("from_at").last()
    if last is None or terms is None:
        raise ContractError(f"order line {locked.number}: has no price or no terms; bind the client anew")
    cents = last.cents if price_cents is None else price_cents
    priced(cents)
    follows = OrderLine.objects.create(
        provider_id=locked.provider_id,
        client=locked.client,
        number=next_number(locked.provider_id, "order_line"),
        plan=locked.plan,
        period=locked.period,
        from_at=ends,
        until_at=None if tacit else beginning(_first_period(locked, day_of(ends)).ends),
        renews=locked,
        tacit=tacit,
        notice_days=locked.notice_days,
    )
    same = price_cents is None
    rows = [
        follows,
        Price.objects.create(
            line=follows,
            cents=cents,
            full_cents=last.full_cents if same else None,
            discount=last.discount if same else "",
            from_at=ends,
        ),
        Binding.objects.create(line=follows, terms=terms.terms, from_at=ends),
        *_coverage_goes_on(locked, follows, ends),
        *_overlays_go_on(locked, follows, ends),
        *_suspensions_go_on(locked, follows, ends),
    ]
    fact = LineRenewed(at=at, provider_id=line.provider_id, line_id=locked.pk, renewed_id=follows.pk)
    writing.append(fact, actor=actor, rows=rows)
    return follows


def period_at(line: OrderLine, at: datetime) -> Period | None:
    """Return the period of an order line that holds an instant; None for a one-off order, or outside of it."""
    if line.period == "one_off" or at < line.from_at or (line.until_at is not None and line.until_at <= at):
        return None
    return _periods(line, day_of(at) + timedelta(days=1))[-1]


def instalments(line: OrderLine, until: date) -> list[Instalment]:
    """Return what each period of an order line costs that begins before a day: the schedule of its invoices.

    By the prices as they stand, less the days of its suspensions and those after its end. A one-off order has none.
    """
    if line.period == "one_off":
        return []
    prices = Price.objects.standing().filter(line=line).order_by("from_at")
    fees = [Fee(day_of(row.from_at), row.cents) for row in prices]
    ends = None if line.until_at is None else day_of(line.until_at)
    away = [
        (day_of(row.from_at), date.max if row.until_at is None else day_of(row.until_at))
        for row in Suspension.objects.standing().filter(line=line)
    ]
    last = until if ends is None else min(until, ends)
    return [periods.instalment(one, fees, until=ends, suspended=away) for one in _periods(line, last)]


def ends_when_noticed(line: OrderLine, at: datetime) -> date | None:
    """Return the day with which a tacitly renewed line ends when notice is given at `at`; None for another one."""
    if not line.tacit or line.period == "one_off" or line.until_at is not None:
        return None
    begins = day_of(line.from_at)
    start = _counted_from(line, begins)
    return periods.ends_when_noticed(start, line.period, line.notice_days, day_of(at), begins=begins)


def suspended(line: OrderLine, at: datetime) -> Suspension | None:
    """Return the suspension of an order line at `at`, for its conditions or as agreed."""
    found: Suspension | None = Suspension.objects.as_of(at).filter(line=line).first()
    return found


def _first_period(line: OrderLine, begins: date) -> Period:
    return periods.holding(_counted_from(line, begins), line.period, begins)


def _periods(line: OrderLine, until: date) -> list[Period]:
    """Return the periods of a line that begin before a day, numbered from its own first one."""
    begins = day_of(line.from_at)
    counted = periods.periods(_counted_from(line, begins), line.period, until)
    own = (one for one in counted if one.begins >= begins)
    return [replace(one, number=number) for number, one in enumerate(own, 1)]


def _counted_from(line: OrderLine, begins: date) -> date:
    """Return the day from which to count the periods of what begins on a day, on this line or after it.

    That of the first line of its renewals with an anniversary on that day, so that what began on a 31 January and
    was renewed on 28 February goes on to 31 March.
    """
    starts = [day_of(line.from_at)]
    while line.renews is not None:
        line = line.renews
        starts.append(day_of(line.from_at))
    for start in reversed(starts):
        if periods.holding(start, line.period, begins).begins == begins:
            return start
    return begins


def _renewable(line: OrderLine, at: datetime) -> datetime:
    if line.period == "one_off":
        raise ContractError(f"order line {line.number}: is a one-off order; bind the client by another one")
    if line.until_at is None:
        raise ContractError(f"order line {line.number}: has no end, and is renewed by itself")
    not_in_the_past(f"order line {line.number}: its end", line.until_at, at)
    if orders.is_waiting(line):
        raise ContractError(
            f"order line {line.number}: waits for its conditions, and what has not begun is not renewed;"
            " meet or waive them and activate it first"
        )
    if OrderLine.objects.filter(renews=line).exists():
        raise ContractError(
            f"order line {line.number}: was renewed already, by line {line.renewed_by.number}"
        )
    return line.until_at


def _coverage_goes_on(line: OrderLine, follows: OrderLine, ends: datetime) -> list[Coverage]:
    """End what the line covers with it, and cover the same servers from there on."""
    held = list(Coverage.objects.standing().filter(line=line, until_at=None))
    ended = [stopped(row, ends) for row in held if row.from_at < ends]
    return [
        *ended,
        *(Coverage.objects.create(line=follows, server_id=row.server_id, from_at=ends) for row in ended),
    ]


def _suspensions_go_on(line: OrderLine, follows: OrderLine, ends: datetime) -> list[Suspension]:
    """Keep the service suspended as it was agreed: a renewal alone resumes nothing."""
    agreed = Suspension.objects.standing().filter(line=line, kind="agreed").exclude(until_at__lte=ends)
    return [
        Suspension.objects.create(
            line=follows,
            kind="agreed",
            reason=row.reason,
            from_at=max(ends, row.from_at),
            until_at=row.until_at,
        )
        for row in agreed.order_by("from_at")
    ]


def _overlays_go_on(
    line: OrderLine, follows: OrderLine, ends: datetime
) -> list[Overlay | OverlayScope | OverlayApproval]:
    rows: list[Overlay | OverlayScope | OverlayApproval] = []
    beyond = Overlay.objects.standing().filter(line=line).exclude(until_at__lte=ends)
    for old in beyond.order_by("from_at", "pk"):
        new = Overlay.objects.create(
            line=follows,
            title=old.title,
            patch=old.patch,
            clause=old.clause,
            file=old.file,
            worse=old.worse,
            written_by=old.written_by,
            from_at=max(ends, old.from_at),
            until_at=old.until_at,
        )
        rows.append(new)
        scopes = old.scopes.order_by("pk")
        rows.extend(OverlayScope.objects.create(overlay=new, server=scope.server) for scope in scopes)
        approval = OverlayApproval.objects.filter(overlay=old).first()
        if approval is not None:
            rows.append(
                OverlayApproval.objects.create(
                    overlay=new, person=approval.person, by_client=approval.by_client, at=approval.at
                )
            )
    return rows


def lines_before(line_id: int) -> Iterator[int]:
    """Give the order lines that this one goes on from, the latest first."""
    row = OrderLine.objects.filter(pk=line_id).values_list("renews_id", flat=True).first()
    while row is not None:
        yield row
        row = OrderLine.objects.filter(pk=row).values_list("renews_id", flat=True).first()
