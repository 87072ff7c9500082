"""A ticket is opened: by a client's declaration, a call, the staff, or an incident. Received once, kept."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.actors import Actor, system
from astreinte.records.accounts.models import Client, EmergencyNumber
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.models import Server
from astreinte.records.journal import points, writing
from astreinte.records.monitoring.facts import IncidentGrew, IncidentOpened
from astreinte.records.tickets.facts import MessageWritten, ServerMentioned, TicketOpened, TicketReceived
from astreinte.records.tickets.models import CHANNELS, Call, Mention, Message, Receipt, Ticket
from astreinte.records.tickets.qualifying import STRENGTH, stronger


class TicketError(ValueError):
    """Something that cannot be done to a ticket: names the place, the value and the way out."""


def declare(
    *,
    client: Client,
    server: Server | None,
    subject: str,
    text: str,
    priority: str,
    channel: str,
    key: str,
    at: datetime,
    actor: Actor,
    mentioned: Iterable[Server] = (),
    call_back: str = "",
    nature: str = "incident",
) -> Receipt:
    """Receive a declaration and open its ticket; the same `key` again returns the first receipt (A5.6).

    `at` is the server's instant of reception. It is stored, with its entry, before anything is shown.
    """
    may(actor, "tickets.declare", client)
    _check(subject=subject, text=text, priority=priority, channel=channel, key=key, nature=nature)
    for one in (*([server] if server else []), *mentioned):
        _belongs(one, client)
    try:
        with transaction.atomic():
            known = _received(key, client)
            if known is not None:
                return known
            ticket = _opened(
                client=client,
                server=server,
                subject=subject,
                priority=priority,
                nature=nature,
                at=at,
                call_back=call_back,
            )
            others = [Mention(ticket=ticket, server=one) for one in mentioned if one != server]
            for mention in others:
                mention.save()
            fact = TicketOpened(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
            writing.append(fact, actor=actor, rows=[ticket, *others])
            receipt = _receipt(ticket, at=at, channel=channel, key=key, recorded_at=at, actor=actor)
            say(ticket, text, public=True, at=at, actor=actor, opens=True)
    except IntegrityError:
        known = _received(key, client)
        if known is None:
            raise
        return known
    points.reached("receipt stored")
    return receipt


@transaction.atomic
def join(
    ticket: Ticket, *, text: str, priority: str | None, channel: str, key: str, at: datetime, actor: Actor
) -> Receipt:
    """Receive one more declaration for an open ticket (« c'est celle-ci »); a graver priority prevails."""
    may(actor, "tickets.declare", ticket)
    _check(subject="-", text=text, priority=priority or ticket.priority, channel=channel, key=key)
    known = _received(key, ticket.client)
    if known is not None:
        return known
    ticket = locked(ticket)
    if ticket.state in {"closed", "merged"}:
        raise TicketError(f"ticket {ticket}: is {ticket.state}; declare another one")
    if priority and stronger(priority, ticket.priority) != ticket.priority:
        ticket.priority = priority
        ticket.save(update_fields=["priority"])
    receipt = _receipt(ticket, at=at, channel=channel, key=key, recorded_at=at, actor=actor, also=[ticket])
    say(ticket, text, public=True, at=at, actor=actor)
    return receipt


@transaction.atomic
def record_call(
    *,
    client: Client,
    server: Server | None,
    number_called: str,
    caller: str,
    rang_at: datetime,
    text: str,
    priority: str,
    key: str,
    at: datetime,
    actor: Actor,
    ticket: Ticket | None = None,
    subject: str = "",
    answered: bool = True,
) -> Receipt:
    """Write a call down: its instant is the first ring, answered or not (AMB-06).

    Only a call to a number that was defined at that instant comes by the channel `phone` (A5.7); another
    number's comes by `desk`, which starts nothing by itself.
    """
    may(actor, "tickets.enter", client)
    if rang_at > at:
        raise TicketError(
            f"call.rang_at: {rang_at.isoformat()} is still to come; write the instant of the first ring"
        )
    digits = "".join(sign for sign in number_called if sign.isdigit() or sign == "+")
    numbers = EmergencyNumber.objects.as_of(rang_at).filter(
        brand__provider_id=client.provider_id, number=digits
    )
    defined = numbers.exists()
    channel = "phone" if defined else "desk"
    subject = subject or f"Appel de {caller}"
    _check(subject=subject, text=text, priority=priority, channel=channel, key=key)
    known = _received(key, client)
    if known is not None:
        return known
    opens = ticket is None
    if ticket is None:
        if server is not None:
            _belongs(server, client)
        ticket = _opened(
            client=client, server=server, subject=subject, priority=priority, nature="incident", at=rang_at
        )
        fact = TicketOpened(at=rang_at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
        writing.append(fact, actor=actor, rows=[ticket])
    elif ticket.client_id != client.pk or ticket.state in {"closed", "merged"}:
        raise TicketError(
            f"ticket {ticket}: is not an open ticket of {client.name}; leave it out to open another"
        )
    receipt = Receipt.objects.create(
        ticket=ticket, at=rang_at, channel=channel, source=str(actor), key=key, recorded_at=at
    )
    call = Call.objects.create(
        receipt=receipt,
        number_called=digits or number_called[:20],
        defined=defined,
        caller=caller,
        rang_at=rang_at,
        answered=answered,
    )
    _tell_received(ticket, receipt, actor, rows=[receipt, call])
    say(ticket, text, public=True, at=at, actor=actor, opens=opens)
    return receipt


def open_for_each_client(event: IncidentOpened) -> None:
    """Open the incident's ticket for each client that has a server in it (channel `monitoring`)."""
    servers = list(Server.objects.filter(pk__in=event.server_ids).select_related("client").order_by("pk"))
    for client_id in event.client_ids:
        mine = [server for server in servers if server.client_id == client_id]
        if mine:
            _for_incident(event.incident_id, mine, event.title, event.at)


def widen_for_client(event: IncidentGrew) -> None:
    """Add a server to the incident's ticket of its client; the first one of a client opens its ticket."""
    server = Server.objects.select_related("client").get(pk=event.server_id)
    ticket = Ticket.objects.filter(incident_id=event.incident_id, client_id=server.client_id).first()
    if ticket is None:
        _for_incident(event.incident_id, [server], f"{server.name}", event.at)
    elif ticket.server_id != server.pk:
        mention, made = Mention.objects.get_or_create(ticket=ticket, server=server)
        if made:
            fact = ServerMentioned(
                at=event.at, provider_id=ticket.provider_id, ticket_id=ticket.pk, server_id=server.pk
            )
            writing.append(fact, actor=system("tickets"), rows=[mention])


def say(
    ticket: Ticket, text: str, *, public: bool, at: datetime, actor: Actor, opens: bool = False
) -> Message | None:
    """Put words into the conversation; nothing is written for no words."""
    if not text.strip():
        return None
    message = Message.objects.create(
        ticket=ticket,
        at=at,
        person_id=actor.person_id,
        author=actor.label or str(actor),
        text=text.strip(),
        public=public,
        by_client=actor.is_client,
    )
    fact = MessageWritten(
        at=at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        message_id=message.pk,
        public=public,
        opens=opens,
    )
    writing.append(fact, actor=actor, rows=[message])
    return message


def locked(ticket: Ticket) -> Ticket:
    """Return the ticket as it stands, held until the transaction ends: two acts on it happen one by one."""
    held: Ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    return held


def _for_incident(incident_id: int, servers: list[Server], title: str, at: datetime) -> None:
    client = servers[0].client
    key = f"incident:{incident_id}:{client.pk}"
    if _received(key, client) is not None:
        return
    actor = system("tickets")
    ticket = _opened(
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
    _receipt(ticket, at=at, channel="monitoring", key=key, recorded_at=at, actor=actor)


def _opened(
    *,
    client: Client,
    server: Server | None,
    subject: str,
    priority: str,
    nature: str,
    at: datetime,
    incident_id: int | None = None,
    call_back: str = "",
) -> Ticket:
    return Ticket.objects.create(
        provider_id=client.provider_id,
        client=client,
        number=next_number(client.provider_id, "ticket"),
        subject=subject.strip()[:200],
        priority=priority,
        nature=nature,
        server=server,
        incident_id=incident_id,
        opened_at=at,
        caller_back=call_back.strip()[:30],
    )


def _receipt(
    ticket: Ticket,
    *,
    at: datetime,
    channel: str,
    key: str,
    recorded_at: datetime,
    actor: Actor,
    also: Iterable[Ticket] = (),
) -> Receipt:
    receipt = Receipt.objects.create(
        ticket=ticket, at=at, channel=channel, source=str(actor), key=key, recorded_at=recorded_at
    )
    _tell_received(ticket, receipt, actor, rows=[*also, receipt])
    return receipt


def _tell_received(
    ticket: Ticket, receipt: Receipt, actor: Actor, *, rows: list[Ticket | Receipt | Call]
) -> None:
    fact = TicketReceived(
        at=receipt.at,
        provider_id=ticket.provider_id,
        ticket_id=ticket.pk,
        receipt_id=receipt.pk,
        channel=receipt.channel,
        recorded_at=receipt.recorded_at,
    )
    writing.append(fact, actor=actor, rows=rows)


def _received(key: str, client: Client) -> Receipt | None:
    receipt = Receipt.objects.select_related("ticket").filter(key=key).first()
    if receipt is not None and receipt.ticket.client_id != client.pk:
        raise TicketError(f"key: {key!r} was used for another declaration; send a new one")
    return receipt


def _belongs(server: Server, client: Client) -> None:
    if server.client_id != client.pk:
        raise TicketError(f"server: {server.name} is not a server of {client.name}")


def _check(
    *, subject: str, text: str, priority: str, channel: str, key: str, nature: str = "incident"
) -> None:
    if not subject.strip():
        raise TicketError("subject: is empty; write in a few words what is wrong")
    if len(text) > 20_000:
        raise TicketError(f"text: {len(text)} characters; write at most 20000, and attach the rest")
    if priority not in STRENGTH:
        raise TicketError(f"priority: {priority!r}: write one of {', '.join(STRENGTH)}")
    if channel not in CHANNELS:
        raise TicketError(f"channel: {channel!r}: write one of {', '.join(CHANNELS)}")
    if not key or len(key) > 120:
        raise TicketError(
            f"key: {key!r}: write a text of 1 to 120 characters that is new for each declaration"
        )
    if nature not in {"incident", "support"}:
        raise TicketError(f"nature: {nature!r}: write incident or support")


def new_key(channel: str) -> str:
    """Return a key for a declaration that has none of its own."""
    return f"{channel}:{public_ids.new()}"
