"""An incident opens, grows, recovers and comes back, by what transitions say."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.numbering import next_number
from astreinte.records.contracts import resolving
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.monitoring import reboots
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
        enter(transition, actor=actor)
    elif reboots.is_one(transition):
        reboots.note(transition, actor=actor)
    elif after in GOOD:
        leave(transition.check_ref, at=transition.at, actor=actor)


def leave(check: Check, *, at: datetime, actor: Actor) -> None:
    """Let a check leave the open incident that it is in, if any.

    The last one of a client out ends it for that client, the last one of all ends it.
    """
    link = IncidentCheck.objects.filter(check_ref=check, recovered_at=None).first()
    if link is None:
        return
    # Locked: the recorder and a person who ends the check must not both say that it recovered.
    incident = locked(link.incident_id)
    link.refresh_from_db()
    if link.recovered_at is not None:
        return
    link.recovered_at = max(at, link.joined_at)
    link.save(update_fields=["recovered_at"])
    client_id = check.server.client_id
    left = CheckLeftIncident(
        at=at,
        provider_id=incident.provider_id,
        incident_id=incident.pk,
        check_id=check.pk,
        client_id=client_id,
        last=not _of_client(incident, client_id).filter(recovered_at=None).exists(),
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
    # Locked: who decides that all of it is hushed must not miss a check that joins at this very moment.
    incident = locked(incident.pk)
    server = check.server
    held = incident.checks.filter(check_ref__server=server).exists()
    before = list(_of_client(incident, server.client_id))
    link, created = IncidentCheck.objects.get_or_create(
        incident=incident, check_ref=check, defaults={"joined_at": at}
    )
    if not created and link.recovered_at is None:
        return
    if not created:
        link.recovered_at = None
        link.save(update_fields=["recovered_at"])
    joined = CheckJoinedIncident(
        at=at,
        provider_id=incident.provider_id,
        incident_id=incident.pk,
        check_id=check.pk,
        client_id=server.client_id,
        again=bool(before) and all(one.recovered_at is not None for one in before),
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


def locked(incident_id: int) -> Incident:
    """Return an incident that nobody else changes, or decides about, until the end of the transaction."""
    return Incident.objects.select_for_update(no_key=True).get(pk=incident_id)


def enter(transition: Transition, *, actor: Actor) -> None:
    """Find the incident that the trouble belongs to.

    The one that its check is in; the one that it left a short while ago, whatever else broke meanwhile, for that is
    where its clock may run again; one under way behind its address; a recent one; or a new one.
    """
    check = transition.check_ref
    if IncidentCheck.objects.filter(check_ref=check, recovered_at=None).exists():
        return  # it was known to be bad before a blind period, or only its kind of badness changed
    # Two writers must not open two incidents behind one address; SQLite has one writer anyway.
    behind = list(_behind_one_address(check.server).select_for_update(no_key=True).order_by("pk"))
    since = transition.first_at - resolving.relapse_within(check.server, transition.first_at)
    left = (
        IncidentCheck.objects.filter(check_ref=check, recovered_at__gte=since)
        .order_by("recovered_at", "pk")
        .last()
    )
    if left is not None:
        _return_to(locked(left.incident_id), check, at=transition.at, actor=actor)
        return
    under_way = Incident.objects.filter(recovered_at=None, checks__check_ref__server__in=behind).distinct()
    for one in under_way.order_by("-pk"):
        if _one_fault(one, check, since):
            gather(one, check, at=transition.at, actor=actor)
            return
    recent = Incident.objects.filter(checks__check_ref=check, recovered_at__gte=since).order_by("-id").first()
    if recent is not None and _one_fault(recent, check, since):
        _return_to(recent, check, at=transition.at, actor=actor)
        return
    _open(transition, actor=actor)


def _one_fault(incident: Incident, check: Check, since: datetime) -> bool:
    """Tell whether trouble of `check` belongs to the fault that an incident is about.

    It does when anything of the same client began or ended in it after `since`, or of anybody, for a client that has no
    part in it yet. What is down for long takes no later fault in: its clock may have stopped, and nobody would be told.
    Nor does it take a check back that had left it long before.
    """
    of_client = _of_client(incident, check.server.client_id)
    if of_client.filter(check_ref=check).exists() and of_client.filter(recovered_at=None).exists():
        return False
    known = of_client if of_client.exists() else incident.checks.all()
    if known.filter(Q(joined_at__gte=since) | Q(recovered_at__gte=since)).exists():
        return True
    # A check that came back is known by its transition: its link says when it joined for the first time.
    still = known.filter(recovered_at=None).select_related("check_ref")
    return any((_bad_since(link.check_ref) or link.joined_at) >= since for link in still)


def _bad_since(check: Check) -> datetime | None:
    """Return when a check was first sure to be bad after it last was good; a blind period between changes nothing."""
    good = check.transitions.filter(after__in=sorted(GOOD)).order_by("-pk").first()
    bad = check.transitions.filter(after__in=sorted(BAD), pk__gt=0 if good is None else good.pk)
    return bad.order_by("pk").values_list("at", flat=True).first()


def _of_client(incident: Incident, client_id: int) -> QuerySet[IncidentCheck]:
    return IncidentCheck.objects.filter(incident=incident, check_ref__server__client_id=client_id)


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


def _return_to(incident: Incident, check: Check, *, at: datetime, actor: Actor) -> None:
    """Let a check come back to an incident, which is open again if it had recovered."""
    if incident.recovered_at is not None:
        incident.recovered_at = None
        incident.save(update_fields=["recovered_at"])
        fact = IncidentReopened(
            at=at, provider_id=incident.provider_id, incident_id=incident.pk, client_id=check.server.client_id
        )
        writing.append(fact, actor=actor, rows=[incident])
    gather(incident, check, at=at, actor=actor)
