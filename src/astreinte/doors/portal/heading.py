"""What the client's home speaks of first when incidents are open: what runs now, before what was held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from astreinte.doors import saying
from astreinte.doors.cards import Card, card_of
from astreinte.records.accounts.actors import Actor
from astreinte.records.commitments import times
from astreinte.records.commitments.explaining import sentence
from astreinte.records.commitments.standing import Standing
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention


@dataclass(frozen=True, slots=True)
class Heading:
    """The ticket that the home speaks of. Without a `card` no promise runs: what was seen, who has it, and why not.

    `undeclared`: the client may start the guaranteed time by declaring this very incident.
    """

    ticket: Ticket
    card: Card | None
    seen: str
    who: str
    why: str
    undeclared: bool


def heading(stands: Iterable[Standing], *, actor: Actor, at: datetime) -> Heading | None:
    """Return what to speak of: the latest promise first, then the least time left, then what is down, the newest."""
    first = min(stands, key=_order, default=None)
    if first is None:
        return None
    ticket, card = first.ticket, card_of(first, at)
    return Heading(
        ticket=ticket,
        card=card,
        seen=_seen(ticket, at) if card is None else "",
        who=_who(ticket, actor, at) if card is None else "",
        why=sentence(first) if card is None else "",
        undeclared=first.state == "no_clock",
    )


def _order(one: Standing) -> tuple[int, timedelta, bool, float]:
    """The rank of a ticket: late, running by time left, then what is not restored yet, the newest first."""
    runs = one.is_open and one.promise is not None
    left = (one.left or timedelta(0)) if runs else timedelta(0)
    late = runs and one.state == "late"
    return (
        0 if late else 1 if runs else 2,
        -one.late if late else left,
        one.ticket.restored_at is not None,
        -one.ticket.opened_at.timestamp(),
    )


def _seen(ticket: Ticket, at: datetime) -> str:
    seen, server = times.seen_by_probes(ticket), ticket.server
    if seen is None:
        return _("We noted your incident at %(at)s.") % {"at": saying.near(ticket.opened_at, at)}
    said = {
        "at": saying.near(seen.detected_at, at),
        "server": server.name if server else ticket.subject,
        "again": saying.near(ticket.restored_at, at) if ticket.restored_at else "",
    }
    if ticket.restored_at:
        return (
            _("Our probes saw an outage of %(server)s at %(at)s, and see it work again since %(again)s.")
            % said
        )
    return _("Our probes have seen an outage of %(server)s since %(at)s.") % said


def _who(ticket: Ticket, actor: Actor, at: datetime) -> str:
    """Say who works on it, or has taken it; "we are on it" is never said of nobody."""
    work = (
        Intervention.objects.visible_to(actor)
        .filter(ticket=ticket)
        .select_related("person")
        .order_by("-started_at", "-pk")
        .first()
    )
    if work is not None:
        said = {"name": work.person.name, "at": saying.near(work.started_at, at)}
        if work.kind == "session" and work.ended_at is None:
            return _("We are on it: %(name)s has been intervening since %(at)s.") % said
        return _("%(name)s intervened at %(at)s.") % said
    if ticket.taken_at is not None and ticket.assignee is not None:
        said = {"name": ticket.assignee.name, "at": saying.near(ticket.taken_at, at)}
        return _("We are on it: %(name)s took it at %(at)s, and has not intervened yet.") % said
    return _("Nobody has intervened yet.")
