"""The whole story on one page: each event, and who reacts.

probe → result → transition → incident → ticket → clock → intervention → penalty → invoice
"""

from collections.abc import Mapping

from astreinte.records.agenda.facts import WindowEnded
from astreinte.records.commitments import clocks, settling, telling, verdicts
from astreinte.records.commitments.facts import (
    ClockStarted,
    ClockWithdrawn,
    CommitmentMissed,
    MonthSettled,
    VerdictFrozen,
    VerdictLifted,
)
from astreinte.records.contracts import inviting
from astreinte.records.contracts.facts import DocumentsAccepted
from astreinte.records.inventory.facts import ServerEnded
from astreinte.records.journal.events import Event
from astreinte.records.journal.reactions import Reaction, Timed, timed
from astreinte.records.monitoring import blindness, checking
from astreinte.records.monitoring.facts import (
    AlertHeld,
    CheckJoinedIncident,
    CheckLeftIncident,
    IncidentGrew,
    IncidentOpened,
    RebootSeen,
    SilenceEnded,
    WatchBlinded,
    WatchSighted,
)
from astreinte.records.tickets import handling, incidents
from astreinte.records.tickets.facts import (
    IncidentRelapsed,
    IncidentRestored,
    MessageWritten,
    TicketClosed,
    TicketMerged,
    TicketOpened,
    TicketPlaced,
    TicketReceived,
    TicketReopened,
)
from astreinte.records.worklog import reboots
from astreinte.records.worklog.facts import InterventionStarted

# ------------------------------------------------------------------------------------------ back edges
# What must go against the stream, unpacked into keywords, so that no room knows one below it.


def ticket_saw_an_intervention(event: InterventionStarted) -> None:
    """A ticket remembers its first intervention: it may be closed without a reason, and is no longer nobody's."""
    handling.mark_intervened(ticket_id=event.ticket_id, person_id=event.person_id, at=event.at)


def ticket_saw_the_recovery(event: CheckLeftIncident) -> None:
    """The ticket of a client shows that the probes see its service again, all of it. No clock stops."""
    if event.last and event.client_id is not None:
        incidents.mark_restored(incident_id=event.incident_id, client_id=event.client_id, at=event.at)


def ticket_saw_more_of_it(event: CheckJoinedIncident) -> None:
    """The ticket of a client shows that its fault came back; one closed meanwhile is open again when more breaks."""
    if event.client_id is not None:
        mark = incidents.mark_relapsed if event.again else incidents.mark_worsened
        mark(incident_id=event.incident_id, client_id=event.client_id, at=event.at)


# ------------------------------------------------------------------------------------------- reactions

NOW: Mapping[type[Event], tuple[Reaction, ...]] = {  # in the transaction of the fact
    ServerEnded: (checking.end_with_server,),
    RebootSeen: (reboots.open_unless_worked_on,),
    IncidentOpened: (incidents.open_for_each_client,),
    CheckJoinedIncident: (ticket_saw_more_of_it,),
    CheckLeftIncident: (ticket_saw_the_recovery,),
    IncidentGrew: (incidents.widen_for_client,),
    IncidentRelapsed: (clocks.run_again,),
    TicketReceived: (clocks.start,),
    TicketPlaced: (clocks.start_placed,),
    TicketMerged: (clocks.carry_over,),
    TicketClosed: (clocks.judge_closed,),
    TicketReopened: (clocks.run_on,),
    InterventionStarted: (ticket_saw_an_intervention, clocks.stop),
}

LATER: Mapping[type[Event], tuple[Reaction | Timed, ...]] = {  # one delivery each, at least once
    DocumentsAccepted: (inviting.confirm,),
    TicketOpened: (telling.alert_duty,),
    TicketReceived: (telling.acknowledge, telling.alert_declared),
    MessageWritten: (telling.pass_on,),
    ClockStarted: (timed(verdicts.look, "first_late_at"), settling.settle_again),
    ClockWithdrawn: (settling.settle_again,),
    CommitmentMissed: (settling.settle_month, telling.warn_lead),
    VerdictFrozen: (settling.settle_month, telling.warn_of_verdict),
    VerdictLifted: (timed(verdicts.look, "first_late_at"), settling.settle_again),
    MonthSettled: (timed(settling.settle_next, "next_at"),),
    IncidentRelapsed: (telling.alert_relapse,),
    IncidentRestored: (timed(telling.tell_recovery, "settled_at"),),
    AlertHeld: (timed(telling.alert_when_hush_ends, "until_at"),),
    CheckJoinedIncident: (telling.alert_of_what_joined,),
    SilenceEnded: (telling.alert_after_silence,),
    WindowEnded: (telling.alert_after_window,),
    WatchBlinded: (blindness.tell_blinded,),
    WatchSighted: (blindness.tell_sighted,),
}

RENAMED: Mapping[str, str] = {}  # old name of a reaction: its name today
