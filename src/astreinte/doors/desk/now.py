"""What is running out of time, by the time that is left, then by money; and what the probes see besides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from astreinte.doors import quiet
from astreinte.doors.cards import Card, cards
from astreinte.doors.desk import beginning
from astreinte.doors.watched import Standing, not_normal
from astreinte.doors.who import PageRequest, for_staff
from astreinte.loops import hub
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import can
from astreinte.records.monitoring.models import IncidentCheck
from astreinte.records.tickets.models import Ticket
from astreinte.records.worklog.models import Intervention
from astreinte.words import blindness

HELD_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Board:
    """What a look at the desk must tell: late, running, held; without a promise; seen by probes."""

    late: list[Card]
    running: list[Card]
    held: list[Card]
    without: list[Ticket]
    seen: list[Standing]

    @property
    def guaranteed(self) -> list[Card]:
        """The rows of the first table: late first, then by time left and money, what was held last."""
        return [*self.late, *self.running, *self.held]

    @property
    def owed(self) -> int:
        """What is owed by now for what is late, in cents."""
        return sum(card.stake.due_cents for card in self.late if card.stake)

    @property
    def missed(self) -> int:
        """What is owed for what was late until somebody intervened, in cents."""
        return sum(card.stake.due_cents for card in self.held if card.stake and card.status == "missed")

    @property
    def at_stake(self) -> int:
        """What each hour adds if nothing begins in time, in cents."""
        return sum(card.stake.hour_cents for card in self.running if card.stake)


def board(actor: Actor, at: datetime) -> Board:
    """Return the board of the actor's provider at `at`."""
    tickets = (
        Ticket.objects.visible_to(actor).open().select_related("client", "server", "assignee", "incident")
    )
    listed = list(tickets.order_by("opened_at"))
    found = cards(listed, at)
    open_cards = sorted((card for card in found.values() if card.open), key=_urgency)
    recent = [card for card in found.values() if not card.open and at - card.until < HELD_FOR]
    standings, in_incident = not_normal(actor=actor, at=at), _in_incident(listed, actor)
    return Board(
        late=[card for card in open_cards if card.status == "late"],
        running=[card for card in open_cards if card.status == "running"],
        held=sorted(recent, key=lambda card: card.until, reverse=True),
        without=[ticket for ticket in listed if ticket.pk not in found],
        seen=[one for one in standings if one.check.pk not in in_incident],
    )


def _urgency(card: Card) -> tuple[timedelta, int]:
    return card.left, -(card.stake.hour_cents if card.stake else 0)


def _in_incident(tickets: list[Ticket], actor: Actor) -> set[int]:
    """Return the checks whose trouble has its ticket already."""
    incidents = [ticket.incident_id for ticket in tickets if ticket.incident_id is not None]
    links = IncidentCheck.objects.visible_to(actor).filter(incident__in=incidents, recovered_at=None)
    return set(links.values_list("check_ref", flat=True))


@require_safe
@for_staff
def now(request: PageRequest) -> HttpResponse:
    """Show the board."""
    actor, at = request.actor, request.at
    shown = board(actor, at)
    working = Intervention.objects.visible_to(actor).filter(ended_at=None).select_related("person", "ticket")
    page = {
        "board": shown,
        "hushed": quiet.in_force(actor=actor, at=at),
        "waiting": quiet.waiting(actor=actor),
        "working": working.order_by("started_at"),
        "upcoming": upcoming(shown, at),
        "first_run": not Ticket.objects.visible_to(actor).exists(),
        "blinded": _blinded(),
        "steps": beginning.steps(actor, at),
        "can_enter": can(actor, "tickets.enter"),
    }
    return render(request, "desk/now.html", page)


def _blinded() -> str:
    """Return in a sentence that we see nothing ourselves, and why; nothing while we see."""
    running = hub.running()
    said = running.recorder.sight.blinded if running else None
    return blindness.sentence(said) if said else ""


@require_safe
@for_staff
def more(request: PageRequest) -> HttpResponse:
    """Show the sections that a phone's bar has no room for."""
    return render(request, "desk/more.html")


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that will happen by itself if nobody acts."""

    at: datetime
    card: Card
    kind: str
    cents: int = 0


def upcoming(shown: Board, at: datetime, most: int = 8) -> list[Coming]:
    """Return the next deadlines and the next hours that begin to be owed, the soonest first."""
    found = [Coming(card.run.deadline, card, "due") for card in shown.running if card.run.deadline]
    found += [
        Coming(card.grows_at, card, "hour", card.grows_to)
        for card in shown.late
        if card.grows_at and card.stake and card.grows_to > card.stake.due_cents
    ]
    return sorted((one for one in found if one.at > at), key=lambda one: one.at)[:most]
