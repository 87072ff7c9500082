"""An alert that a silence or a window holds back: noted, looked at again, settled. Nothing is forgotten."""

from datetime import datetime

from astreinte.records.accounts.actors import system
from astreinte.records.journal import writing
from astreinte.records.monitoring import incidents, silencing
from astreinte.records.monitoring.facts import AlertHeld, AlertSettled
from astreinte.records.monitoring.models import Check, Incident, IncidentCheck
from astreinte.records.monitoring.silences import HeldAlert


def hold(
    incident: Incident, *, client_id: int, relapse: bool, first_at: datetime, at: datetime
) -> HeldAlert | None:
    """Hold back the alert of an incident to the staff when all that is bad of a client is hushed at `at`.

    Returns the row that says so, or None: then people are told. `first_at` is when they would have been. Must run
    in the transaction that decides.
    """
    # Locked: a check that joins at this very moment must find what is held back, or be seen here.
    incidents.locked(incident.pk)
    held = HeldAlert.objects.filter(incident=incident, client_id=client_id, settled_at=None).first()
    if held is not None:
        return held
    hush = silencing.over(_concerned(incident, client_id), at, deciding=True)
    if hush is None:
        return None
    row = HeldAlert.objects.create(
        incident=incident,
        client_id=client_id,
        relapse=relapse,
        first_at=first_at,
        at=at,
        until_at=hush.until_at,
        silence=hush.silence,
        window=hush.window,
    )
    fact = AlertHeld(
        at=at,
        provider_id=incident.provider_id,
        incident_id=incident.pk,
        held_id=row.pk,
        until_at=row.until_at,
    )
    writing.append(fact, actor=system("monitoring"), rows=[row])
    return row


def look(held: HeldAlert, *, declared: bool, closed: bool, at: datetime) -> bool:
    """Look at an alert that was held back; return whether people are to be told now.

    `declared`: the client declared it meanwhile; `closed`: its ticket is closed. What is hushed by something else goes
    on being held back. Must run in the transaction that tells.
    """
    if held.settled_at is not None:
        return False
    incident = held.incident
    if declared:
        settle(held, "declared", at=at)
    elif closed or not _bad(incident, held.client_id):
        settle(held, "over", at=at)
    elif hush := silencing.over(_concerned(incident, held.client_id), at, deciding=True):
        if (hush.silence, hush.window, hush.until_at) != (held.silence, held.window, held.until_at):
            settle(held, "again", at=at)
            hold(incident, client_id=held.client_id, relapse=held.relapse, first_at=held.first_at, at=at)
    else:
        settle(held, "told", at=at)
        return True
    return False


def settle(held: HeldAlert, outcome: str, *, at: datetime) -> None:
    """Write down what came of an alert that was held back."""
    held.settled_at, held.outcome = at, outcome
    held.save(update_fields=["settled_at", "outcome"])
    incident = held.incident
    fact = AlertSettled(
        at=at,
        provider_id=incident.provider_id,
        incident_id=incident.pk,
        held_id=held.pk,
        outcome=outcome,
    )
    writing.append(fact, actor=system("monitoring"), rows=[held])


def _bad(incident: Incident, client_id: int) -> list[Check]:
    links = IncidentCheck.objects.filter(
        incident=incident, check_ref__server__client_id=client_id, recovered_at=None
    )
    return [link.check_ref for link in links.select_related("check_ref")]


def _concerned(incident: Incident, client_id: int) -> list[Check]:
    """Return what is bad; when nothing is any more, what was: a fault that came and went was hushed all the same."""
    bad = _bad(incident, client_id)
    if bad:
        return bad
    links = IncidentCheck.objects.filter(incident=incident, check_ref__server__client_id=client_id)
    return [link.check_ref for link in links.select_related("check_ref")]
