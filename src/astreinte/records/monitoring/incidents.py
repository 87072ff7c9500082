"""An incident opens, grows, recovers and comes back, by what transitions say."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.numbering import next_number
from astreinte.records.contracts import resolving
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.monitoring.facts import (
    CheckJoinedIncident,
    CheckLeftIncident,
    IncidentGrew,
    IncidentOpened,
    IncidentRecovered,
    IncidentReopened,
)
from astreinte.records.monitoring.models import Check, Incident, IncidentCheck, Transition
from astreinte.rules.checks.outcome import Level

BAD = frozenset({Level.CRITICAL, Level.UNKNOWN})
"""A target that answers nonsense serves nobody: unknown opens an incident like critical. A warning opens
none, and ends one: what was down answers. Stale and inconclusive are our own blindness: neither."""
GOOD = frozenset({Level.OK, Level.WARNING})


@transaction.atomic
def follow(transition: Transition, *, actor: Actor) -> None:
    """Do to incidents what a confirmed transition means."""
    after = Level(transition.after)
    if after in BAD:
        _enter(transition, actor=actor)
    elif after in GOOD:
        leave(transition.check_ref, at=transition.at, actor=actor)


def leave(check: Check, *, at: datetime, actor: Actor) -> None:
    """Let a check leave the open incident that it is in, if any; the last one out ends it."""
    # Locked: the recorder and a person who ends the check must not both say that it recovered.
    links = IncidentCheck.objects.select_for_update(no_key=True, of=("self",)).select_related("incident")
    link = links.filter(check_ref=check, recovered_at=None).first()
    if link is None:
        return
    incident = link.incident
    link.recovered_at = max(at, link.joined_at)
    link.save(update_fields=["recovered_at"])
    left = CheckLeftIncident(
        at=at, provider_id=incident.provider_id, incident_id=incident.pk, check_id=check.pk
    )
    writing.append(left, actor=actor, rows=[link])
    if incident.checks.filter(recovered_at=None).exists():
        return
    incident.recovered_at = max(at, incident.opened_at)
    incident.save(update_fields=["recovered_at"])
    over = IncidentRecovered(at=at, provider_id=incident.provider_id, incident_id=incident.pk)
    writing.append(over, actor=actor, rows=[incident])


@transaction.atomic
def gather(incident: Incident, check: Check, *, at: datetime, actor: Actor) -> None:
    """Make a check part of an open incident; a server that the incident did not hold yet makes it grow."""
    server = check.server
    held = incident.checks.filter(check_ref__server=server).exists()
    link, created = IncidentCheck.objects.get_or_create(
        incident=incident, check_ref=check, defaults={"joined_at": at}
    )
    if not created and link.recovered_at is None:
        return
    if not created:
        link.recovered_at = None
        link.save(update_fields=["recovered_at"])
    joined = CheckJoinedIncident(
        at=at, provider_id=incident.provider_id, incident_id=incident.pk, check_id=check.pk
    )
    writing.append(joined, actor=actor, rows=[link])
    if not held:
        grew = IncidentGrew(
            at=at,
            provider_id=incident.provider_id,
            incident_id=incident.pk,
            client_id=server.client_id,
            server_id=server.pk,
        )
        writing.append(grew, actor=actor)


def _enter(transition: Transition, *, actor: Actor) -> None:
    """Find the incident that the trouble belongs to: its own, that of its address, a recent one, a new one."""
    check = transition.check_ref
    if IncidentCheck.objects.filter(check_ref=check, recovered_at=None).exists():
        return  # it was known to be bad before a blind period, or only its kind of badness changed
    # Two writers must not open two incidents behind one address; SQLite has one writer anyway.
    behind = list(_behind_one_address(check.server).select_for_update(no_key=True).order_by("pk"))
    open_one = (
        Incident.objects.filter(recovered_at=None, checks__check_ref__server__in=behind)
        .order_by("id")
        .first()
    )
    if open_one is not None:
        gather(open_one, check, at=transition.at, actor=actor)
        return
    within = resolving.relapse_within(check.server, transition.first_at)
    recent = (
        Incident.objects.filter(checks__check_ref=check, recovered_at__gte=transition.first_at - within)
        .order_by("-id")
        .first()
    )
    if recent is not None:
        _reopen(recent, check, at=transition.at, actor=actor)
        return
    _open(transition, actor=actor)


def _behind_one_address(server: Server) -> QuerySet[Server]:
    """Return the servers that fall with this one: the same machine or gateway answers for all of them.

    Of one provider alone, whichever client they are of: each client has a ticket of its own.
    """
    here = Q(pk=server.pk)
    if server.address:
        here |= Q(address=server.address, withdrawn_at=None)
    return Server.objects.filter(here, provider_id=server.provider_id)


def _open(transition: Transition, *, actor: Actor) -> None:
    check = transition.check_ref
    server = check.server
    incident = Incident.objects.create(
        provider_id=server.provider_id,
        number=next_number(server.provider_id, "incident"),
        title=f"{server.name}: {check.name}",
        detected_at=transition.first_at,
        opened_at=transition.at,
    )
    link = IncidentCheck.objects.create(incident=incident, check_ref=check, joined_at=transition.at)
    fact = IncidentOpened(
        at=transition.at,
        provider_id=server.provider_id,
        incident_id=incident.pk,
        title=incident.title,
        client_ids=(server.client_id,),
        server_ids=(server.pk,),
    )
    writing.append(fact, actor=actor, rows=[incident, link])


def _reopen(incident: Incident, check: Check, *, at: datetime, actor: Actor) -> None:
    incident.recovered_at = None
    incident.save(update_fields=["recovered_at"])
    fact = IncidentReopened(at=at, provider_id=incident.provider_id, incident_id=incident.pk)
    writing.append(fact, actor=actor, rows=[incident])
    gather(incident, check, at=at, actor=actor)
