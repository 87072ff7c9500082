"""An incident and its tickets: one for each client, which sees the recovery and the relapse."""

from datetime import datetime, timedelta

from astreinte.records.accounts.actors import system
from astreinte.records.contracts import resolving
from astreinte.records.inventory.models import Server
from astreinte.records.journal import writing
from astreinte.records.monitoring.facts import IncidentGrew, IncidentOpened
from astreinte.records.monitoring.models import IncidentCheck
from astreinte.records.tickets.facts import (
    IncidentRelapsed,
    IncidentRestored,
    ServerMentioned,
    TicketOpened,
)
from astreinte.records.tickets.models import Mention, Ticket
from astreinte.records.tickets.opening import opened, receive, received, reopen, rooted


def open_for_each_client(event: IncidentOpened) -> None:
    """Open the incident's ticket for each client that has a server in it (channel `monitoring`)."""
    servers = list(Server.objects.filter(pk__in=event.server_ids).select_related("client").order_by("pk"))
    for client_id in event.client_ids:
        mine = [server for server in servers if server.client_id == client_id]
        if mine:
            _open(event.incident_id, mine, event.title, event.at)


def widen_for_client(event: IncidentGrew) -> None:
    """Add a server to the incident's ticket of its client; the first one of a client opens its ticket."""
    server = Server.objects.select_related("client").get(pk=event.server_id)
    ticket = Ticket.objects.filter(incident_id=event.incident_id, client_id=server.client_id).first()
    if ticket is None:
        _open(event.incident_id, [server], f"{server.name}", event.at)
        return
    ticket = rooted(ticket.pk)
    _wake(ticket, event.incident_id, event.at)
    if ticket.server_id != server.pk:
        mention, made = Mention.objects.get_or_create(ticket=ticket, server=server)
        if made:
            fact = ServerMentioned(
                at=event.at, provider_id=ticket.provider_id, ticket_id=ticket.pk, server_id=server.pk
            )
            writing.append(fact, actor=system("tickets"), rows=[mention])


def mark_restored(*, incident_id: int, client_id: int, at: datetime) -> None:
    """Note on a client's ticket that the probes see its service again. No clock stops (told by flow)."""
    ticket = _of(incident_id, client_id)
    if ticket is None:
        return
    within = resolving.relapse_within(ticket.server, at)
    ticket.restored_at = at
    ticket.save(update_fields=["restored_at"])
    fact = IncidentRestored(
        at=at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        incident_id=incident_id,
        settled_at=at + within + _to_be_sure(incident_id, client_id),
    )
    writing.append(fact, actor=system("tickets"), rows=[ticket])


def mark_relapsed(*, incident_id: int, client_id: int, at: datetime) -> None:
    """Note on a client's ticket that its fault came back; one that was closed is open again (told by flow).

    What was done before the relapse closes no ticket without a reason any more.
    """
    ticket = _of(incident_id, client_id)
    if ticket is None:
        return
    ticket.restored_at = ticket.intervened_at = None
    ticket.save(update_fields=["restored_at", "intervened_at"])
    fact = IncidentRelapsed(
        at=at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        incident_id=incident_id,
        woke=ticket.state == "closed",
    )
    writing.append(fact, actor=system("tickets"), rows=[ticket])
    _wake(ticket, incident_id, at)


def mark_worsened(*, incident_id: int, client_id: int, at: datetime) -> None:
    """Open a client's closed ticket again: one check more of it is bad (told by flow)."""
    ticket = _of(incident_id, client_id)
    if ticket is None or ticket.state != "closed":
        return
    fact = IncidentRelapsed(
        at=at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        incident_id=incident_id,
        woke=True,
        worsened=True,
    )
    writing.append(fact, actor=system("tickets"), rows=[ticket])
    _wake(ticket, incident_id, at)


def _of(incident_id: int, client_id: int) -> Ticket | None:
    """Return the ticket that a client has of an incident, or the one that it was merged into."""
    found = Ticket.objects.filter(incident_id=incident_id, client_id=client_id).values_list("pk", flat=True)
    first = found.first()
    return None if first is None else rooted(first)


def _to_be_sure(incident_id: int, client_id: int) -> timedelta:
    """Return how long a fault of these checks may take from its first result until it is sure."""
    links = IncidentCheck.objects.filter(incident_id=incident_id, check_ref__server__client_id=client_id)
    checks = [one.check_ref for one in links.select_related("check_ref")]
    return timedelta(seconds=max((one.attempts * one.retry_s for one in checks), default=0))


def _wake(ticket: Ticket, incident_id: int, at: datetime) -> None:
    """Open a closed ticket again, with the receipt of what the probes saw: the incident has no other one."""
    if ticket.state != "closed":
        return
    reopen(ticket, at=at, actor=system("tickets"))
    key = f"incident:{incident_id}:{ticket.client_id}:{at.isoformat()}"
    receive(ticket, at=at, channel="monitoring", key=key, recorded_at=at, actor=system("tickets"))


def _open(incident_id: int, servers: list[Server], title: str, at: datetime) -> None:
    client = servers[0].client
    key = f"incident:{incident_id}:{client.pk}"
    if received(key, client) is not None:
        return
    actor = system("tickets")
    ticket = opened(
        client=client,
        server=servers[0],
        subject=title,
        priority="critical",
        nature="incident",
        at=at,
        incident_id=incident_id,
    )
    others = [Mention.objects.create(ticket=ticket, server=one) for one in servers[1:]]
    fact = TicketOpened(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
    writing.append(fact, actor=actor, rows=[ticket, *others])
    receive(ticket, at=at, channel="monitoring", key=key, recorded_at=at, actor=actor)
