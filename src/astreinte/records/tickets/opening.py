"""A ticket is opened: by a client's declaration, a call, the staff, or an incident. Received once, kept."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from astreinte.records.accounts import public_ids, telephones
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Client, EmergencyNumber
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import may
from astreinte.records.inventory.models import Server
from astreinte.records.journal import points, writing
from astreinte.records.tickets.facts import MessageWritten, TicketOpened, TicketReceived, TicketReopened
from astreinte.records.tickets.models import CHANNELS, Call, Mention, Message, Receipt, Ticket
from astreinte.records.tickets.qualifying import STRENGTH, stronger

LATEST_NOTE = timedelta(days=366)
"""How long after it rang a call can still be written down."""


class TicketError(ValueError):
    """Something that cannot be done to a ticket: names the place, the value and the way out.

    `why` names the reason of a refused merge: itself, merged, client, not open, nature, line, later, before,
    relapse.
    """

    def __init__(self, said: str, *, why: str = "") -> None:
        super().__init__(said)
        self.why = why


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

    def make() -> Receipt:
        ticket = opened(
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
        receipt = receive(ticket, at=at, channel=channel, key=key, recorded_at=at, actor=actor)
        say(ticket, text, public=True, at=at, actor=actor, opens=True)
        return receipt

    receipt = _once(key, client, make)
    points.reached("receipt stored")
    return receipt


def join(
    ticket: Ticket, *, text: str, priority: str | None, channel: str, key: str, at: datetime, actor: Actor
) -> Receipt:
    """Receive one more declaration for an open ticket (« c'est celle-ci »); a graver priority prevails."""
    may(actor, "tickets.declare", ticket)
    _check(subject="-", text=text, priority=priority or ticket.priority, channel=channel, key=key)

    def make() -> Receipt:
        held = _joinable(ticket, priority)
        receipt = receive(held, at=at, channel=channel, key=key, recorded_at=at, actor=actor, also=[held])
        say(held, text, public=True, at=at, actor=actor, opens=True)
        return receipt

    return _once(key, ticket.client, make)


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
    if not at - LATEST_NOTE <= rang_at <= at:
        raise TicketError(
            f"call.rang_at: {rang_at.isoformat()} is still to come, or over a year ago;"
            " write the instant of the first ring"
        )
    number = telephones.normal(number_called) or number_called[:20]
    numbers = EmergencyNumber.objects.as_of(rang_at).filter(brand__provider_id=client.provider_id)
    defined = numbers.filter(number=number).exists()
    channel, subject = "phone" if defined else "desk", subject or f"Appel de {caller}"
    _check(subject=subject, text=text, priority=priority, channel=channel, key=key)
    if server is not None:
        _belongs(server, client)
    if ticket is not None and ticket.client_id != client.pk:
        raise TicketError(f"ticket {ticket}: is not a ticket of {client.name}; leave it out to open another")

    def make() -> Receipt:
        if ticket is None:
            held = opened(
                client=client,
                server=server,
                subject=subject,
                priority=priority,
                nature="incident",
                at=rang_at,
            )
            fact = TicketOpened(at=rang_at, provider_id=held.provider_id, ticket_id=held.pk)
            writing.append(fact, actor=actor, rows=[held])
        else:
            held = _joinable(ticket, priority)
            held.opened_at = min(held.opened_at, rang_at)
            held.save(update_fields=["opened_at"])
        receipt = Receipt.objects.create(
            ticket=held, at=rang_at, channel=channel, source=str(actor), key=key, recorded_at=at
        )
        call = Call.objects.create(
            receipt=receipt,
            number_called=number,
            defined=defined,
            caller=caller,
            rang_at=rang_at,
            answered=answered,
        )
        _tell_received(held, receipt, actor, rows=[held, receipt, call])
        say(held, text, public=True, at=at, actor=actor, opens=True)
        return receipt

    return _once(key, client, make)


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
    held: Ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    return held


def rooted(ticket_id: int) -> Ticket:
    """Return the ticket, or the one it was merged into, held until the transaction ends."""
    ticket: Ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.merged_into_id)
    return ticket


def reopen(ticket: Ticket, *, at: datetime, actor: Actor) -> Ticket:
    """Open a closed ticket again, held by the caller: its clock runs on as if it had never been closed."""
    ticket.state, ticket.closed_at, ticket.close_reason = "open", None, ""
    ticket.save(update_fields=["state", "closed_at", "close_reason"])
    fact = TicketReopened(at=at, provider_id=ticket.provider_id, ticket_id=ticket.pk)
    writing.append(fact, actor=actor, rows=[ticket])
    return ticket


def opened(
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


def receive(
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


def _once(key: str, client: Client, make: Callable[[], Receipt]) -> Receipt:
    """Return what `make` receives, or what was received before by the same key: two clicks at once are one."""
    try:
        with transaction.atomic():
            return received(key, client) or make()
    except IntegrityError:
        known = received(key, client)
        if known is None:
            raise
        return known


def _joinable(ticket: Ticket, priority: str | None) -> Ticket:
    """Return the ticket, held, with the graver priority; one that promised nothing is not raised (A5.12).

    What was asked as normal or low months ago was not promised within hours: the new fault is declared anew.
    """
    held = locked(ticket)
    if held.state in {"closed", "merged"}:
        raise TicketError(f"ticket {held}: is {held.state}; declare another one")
    if not priority or stronger(priority, held.priority) == held.priority:
        return held
    if held.nature == "support" or held.priority in {"normal", "low"}:
        raise TicketError(
            f"ticket {held}: is a {held.nature} of priority {held.priority}; declare what is {priority} as another one"
        )
    held.priority = priority
    held.save(update_fields=["priority"])
    return held


def received(key: str, client: Client) -> Receipt | None:
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
