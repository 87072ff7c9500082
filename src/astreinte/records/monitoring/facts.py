"""What happened to checks, and the incidents that they made."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from astreinte.records.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAdded(Event):
    """A check is watched from now on."""

    subject: ClassVar[str] = "check_id"
    check_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEnded(Event):
    """A check is no longer watched."""

    subject: ClassVar[str] = "check_id"
    check_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionConfirmed(Event):
    """A check changed its level, for sure: attempts or recoveries were all made, or nothing came any more."""

    subject: ClassVar[str] = "check_id"
    check_id: int
    server_id: int
    transition_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Event):
    """Something is down: a check of a server was confirmed critical, or answers nonsense."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    title: str
    client_ids: tuple[int, ...]
    server_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentGrew(Event):
    """The incident holds one server more."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    client_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckJoinedIncident(Event):
    """One check more is bad, and part of the incident.

    `client_id`: whose server it watches (None: written before each client had its own). `again`: the incident was over
    for this client, and no longer is.
    """

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    check_id: int
    client_id: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLeftIncident(Event):
    """A check of the incident is bad no more, or no longer watched.

    `client_id`: whose server it watches (None: written before each client had its own). `last`: nothing of this client
    is bad any more, whatever others still have.
    """

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    check_id: int
    client_id: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecovered(Event):
    """No check of the incident is bad any more."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReopened(Event):
    """The trouble came back so soon after the recovery that it is the same; `client_id`: to whom."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    client_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RebootSeen(Event):
    """A machine that was up started again, after `since` at the earliest, and no work was announced for it."""

    subject: ClassVar[str] = "check_id"
    check_id: int
    server_id: int
    transition_id: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceBegun(Event):
    """Somebody wants nobody told of a server, or of one check of it, until an instant, and said why."""

    subject: ClassVar[str] = "silence_id"
    silence_id: int
    server_id: int
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEnded(Event):
    """A silence was ended before its time."""

    subject: ClassVar[str] = "silence_id"
    silence_id: int
    server_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHeld(Event):
    """Nobody was told of an incident: a silence or a window hushes all that is bad, until an instant."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    held_id: int
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettled(Event):
    """What came of an alert that was held back: told, declared, over, or held back again by something else."""

    subject: ClassVar[str] = "incident_id"
    incident_id: int
    held_id: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBlinded(Event):
    """We see too little to judge any target: most checks end inconclusive, or nothing comes. No client's fault."""

    subject: ClassVar[str] = "watch"
    watch: str
    cause: str
    inconclusive: int
    checks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSighted(Event):
    """The watch sees again."""

    subject: ClassVar[str] = "watch"
    watch: str
    blinded_at: datetime
