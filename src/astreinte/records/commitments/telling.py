"""Who is told: the receipt to the client, the ticket to the duty, the miss to those who manage."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from astreinte.records.accounts.actors import system
from astreinte.records.accounts.models import Brand, Person, Role
from astreinte.records.agenda.facts import WindowEnded
from astreinte.records.commitments import explaining, hushing, standing
from astreinte.records.commitments.facts import CommitmentMissed, VerdictFrozen
from astreinte.records.commitments.models import Breach, Verdict
from astreinte.records.commitments.standing import Standing
from astreinte.records.commitments.verdicts import interventions_of
from astreinte.records.contracts import resolving
from astreinte.records.journal import publishing
from astreinte.records.monitoring.facts import AlertHeld, CheckJoinedIncident, SilenceEnded
from astreinte.records.monitoring.models import Check, HeldAlert, IncidentCheck
from astreinte.records.notices import telling
from astreinte.records.notices.models import Notice
from astreinte.records.tickets import responsible
from astreinte.records.tickets.endings import endings
from astreinte.records.tickets.facts import (
    IncidentRelapsed,
    IncidentRestored,
    MessageWritten,
    TicketOpened,
    TicketReceived,
)
from astreinte.records.tickets.models import Message, Receipt, Ticket
from astreinte.records.tickets.recoveries import turns
from astreinte.records.tickets.responsible import Step
from astreinte.words import letters, responsibility
from astreinte.words.letters import Facts
from astreinte.words.responsibility import Parties

Late = Callable[[tuple[str, str]], tuple[str, str]]
DUTY = ("engineer", "admin")
LEADS = ("manager", "admin")
CONTACTS = ("technical", "signatory")
_OF_TROUBLE = ("opened", "relapse", "worsened")


def on_time(letter: tuple[str, str]) -> tuple[str, str]:
    """Return a letter as it is: nothing held it back."""
    return letter


def acknowledge(event: TicketReceived, *, at: datetime) -> None:
    """Send the client's contacts the receipt: number, instant, deadline and why, or that no clock started (A5.8)."""
    ticket = Ticket.objects.select_related("client", "provider").get(pk=event.ticket_id)
    receipt = Receipt.objects.get(pk=event.receipt_id)
    if receipt.channel == "monitoring" or ticket.client.internal:
        return
    people = _people(ticket.provider_id, CONTACTS, at, client_id=ticket.client_id)
    head = publishing.publish(ticket.provider_id, at, f"receipt {receipt.public_id}") if people else None
    _tell(
        ticket,
        people,
        lambda facts: letters.receipt(
            facts, received_at=receipt.at, channel=receipt.channel, head=str(head or "")
        ),
        key=f"receipt:{receipt.pk}",
        at=at,
        path=f"/tickets/{ticket.number}/",
        client_reads=True,
    )


def alert_duty(event: TicketOpened, *, at: datetime) -> None:
    """Tell the staff on duty that a ticket is there, how long is left, and that taking it stops nothing.

    What our probes alone saw, and a silence or a window hushes, is told when that ends, if it still is.
    """
    if not hushing.held(event.ticket_id, relapse=False, first_at=event.at, at=at):
        _tell_opened(event.ticket_id, at)


def alert_when_hush_ends(event: AlertHeld, *, at: datetime) -> None:
    """Tell the staff on duty what a silence or a window held back, now that it is over."""
    _tell_held(HeldAlert.objects.filter(pk=event.held_id), at)


def alert_after_silence(event: SilenceEnded, *, at: datetime) -> None:
    """Tell the staff on duty what a silence held back that somebody ended early."""
    _tell_held(HeldAlert.objects.filter(silence=event.silence_id), at)


def alert_after_window(event: WindowEnded, *, at: datetime) -> None:
    """Tell the staff on duty what announced work held back that was over early."""
    _tell_held(HeldAlert.objects.filter(window=event.window_id), at)


def alert_of_what_joined(event: CheckJoinedIncident, *, at: datetime) -> None:
    """Tell the staff on duty of an incident held back so far, when more of it breaks that nothing hushes.

    What breaks long after they were last told of the incident is told as well: they may believe that it is over. What
    came back is not told here (see `alert_relapse`).
    """
    _tell_held(HeldAlert.objects.filter(incident=event.incident_id), at)
    link = IncidentCheck.objects.select_related("check_ref__server").get(
        incident=event.incident_id, check_ref=event.check_id
    )
    ticket = Ticket.objects.filter(
        incident=event.incident_id, client=link.check_ref.server.client_id, opened_at__lt=event.at
    ).first()
    if event.again or link.joined_at != event.at or ticket is None:
        return
    root = _root(ticket)
    if any(one.again and one.at == event.at for one in endings(root)):
        return  # it was closed: `alert_relapse` tells
    last = _said(root, _OF_TROUBLE).order_by("-queued_at").first()
    if last is None or last.queued_at > event.at - resolving.relapse_within(root.server, event.at):
        return
    if not hushing.held(ticket.pk, relapse=True, first_at=event.at, at=at):
        _tell_worsened(root, [link.check_ref], event.at, at)


def alert_declared(event: TicketReceived, *, at: datetime) -> None:
    """Tell the staff on duty that a ticket that was there already is declared now: a promise may have begun."""
    receipt = Receipt.objects.select_related("ticket").get(pk=event.receipt_id)
    earlier = Receipt.objects.filter(
        ticket=receipt.ticket, recorded_at__lte=receipt.recorded_at, pk__lt=receipt.pk
    )
    if receipt.channel == "monitoring" or not earlier.exists():
        return
    said = (
        Message.objects.filter(ticket=receipt.ticket, at=receipt.recorded_at, public=True)
        .order_by("-pk")
        .first()
    )
    author, text = (said.author, said.text) if said else ("–", "")
    _tell_staff(
        event.ticket_id,
        DUTY,
        lambda facts: letters.declared(facts, author=author, text=text),
        f"declared:{receipt.pk}",
        at,
    )


def warn_lead(event: CommitmentMissed, *, at: datetime) -> None:
    """Tell those who manage that a promise was missed, and what each hour costs (A6.1: at once)."""
    turn = Breach.objects.get(pk=event.breach_id).turn
    key = f"missed:{event.ticket_id}" if turn == 1 else f"missed:{event.ticket_id}/{turn}"
    _tell_staff(event.ticket_id, LEADS, letters.missed, key, at)


def alert_relapse(event: IncidentRelapsed, *, at: datetime) -> None:
    """Tell the staff on duty that a fault is back, where it was taken to be over: told so, closed, or worked on.

    Else each turn of a flapping service is no news. What was held back until it was over, and so never told, is told
    as what it is: trouble that is new to who reads it.
    """
    if not _known(event.ticket_id):
        if not hushing.held(event.ticket_id, relapse=False, first_at=event.at, at=at):
            _tell_opened(event.ticket_id, at)
        return
    if not (event.woke or _taken_to_be_over(event)):
        return
    if not hushing.held(event.ticket_id, relapse=True, first_at=event.at, at=at):
        _tell_relapsed(event.ticket_id, event.at, at)


def tell_recovery(event: IncidentRestored, *, at: datetime) -> None:
    """Tell whoever was told of the trouble that it is over: once, when it stayed away for `relapse_within`."""
    ticket = Ticket.objects.select_related("client", "provider").get(pk=event.ticket_id)
    # A check that was ended saw no service again: the trouble is out of sight, which is no good news.
    unseen = IncidentCheck.objects.filter(incident=event.incident_id, check_ref__until_at=event.at)
    if ticket.restored_at != event.at or event.settled_at is None or unseen.exists():
        return
    whole = _whole(ticket.pk)
    relapses = sum(not one.up for one in turns(ticket))
    receipts = Receipt.objects.filter(ticket__in=whole)
    told = {  # the staff, the client's people: each by the letters that spoke of the trouble
        False: [_begins(kind, one) for one in whole for kind in _OF_TROUBLE],
        True: [*(f"receipt:{one.pk} " for one in receipts), *(_begins("to_act", one) for one in whole)],
    }
    for client_reads, keys in told.items():
        where = f"/tickets/{ticket.number}/" if client_reads else f"/desk/tickets/{ticket.number}/"
        _tell(
            ticket,
            _told(keys),
            lambda facts: letters.restored(facts, since=event.at, relapses=relapses),
            key=f"restored:{ticket.pk}:{event.at.isoformat()}",
            at=at,
            path=where,
            client_reads=client_reads,
        )


def warn_of_verdict(event: VerdictFrozen, *, at: datetime) -> None:
    """Tell those who manage of a verdict that needs a second look: replaced by a milder one, or a mere closing."""
    verdict = Verdict.objects.select_related("clock").get(pk=event.verdict_id)
    if verdict.clock.kind != "contractual" or verdict.replaced_at is not None:
        return
    milder = event.lowered_from is not None and event.late_seconds < event.lowered_from
    if milder or verdict.intervention_id is None:
        letter = letters.lowered if milder else letters.closed
        _tell_staff(event.ticket_id, LEADS, letter, f"verdict:{verdict.pk}", at)


def pass_on(event: MessageWritten, *, at: datetime) -> None:
    """Send what was said in public to the other side; internal words go nowhere."""
    if not event.public or event.opens:
        return
    message = Message.objects.select_related("ticket__client", "ticket__provider").get(pk=event.message_id)
    ticket = message.ticket
    if message.by_client:
        people, path = _people(ticket.provider_id, DUTY, at), f"/desk/tickets/{ticket.number}/"
    else:
        people = _people(ticket.provider_id, CONTACTS, at, client_id=ticket.client_id)
        path = f"/tickets/{ticket.number}/"
    _tell(
        ticket,
        [person for person in people if person.pk != message.person_id],
        lambda facts: letters.message(facts, author=message.author, text=message.text),
        key=f"message:{message.pk}",
        at=at,
        path=path,
        client_reads=not message.by_client,
    )


def _tell_opened(ticket_id: int, at: datetime, late: Late = on_time) -> None:
    first = Message.objects.filter(ticket=ticket_id, public=True).order_by("pk").first()
    text = first.text if first else ""
    _tell_staff(
        ticket_id, DUTY, lambda facts: late(letters.duty(facts, text=text)), f"opened:{ticket_id}", at
    )
    ticket = Ticket.objects.select_related("client", "provider").get(pk=ticket_id)
    _tell_to_act(ticket, responsible.steps(ticket), ticket.opened_at, at)


def _tell_relapsed(ticket_id: int, since: datetime, at: datetime, late: Late = on_time) -> None:
    key = f"relapse:{ticket_id}:{since.isoformat()}"
    _tell_staff(ticket_id, DUTY, lambda facts: late(letters.relapse(facts)), key, at)
    ticket = Ticket.objects.select_related("client", "provider").get(pk=ticket_id)
    _tell_to_act(ticket, responsible.steps(ticket), since, at)


def _tell_worsened(
    ticket: Ticket, broke: Sequence[Check], since: datetime, at: datetime, late: Late = on_time
) -> None:
    what = ", ".join(str(check) for check in broke)
    key = f"worsened:{ticket.pk}:{broke[0].pk}:{since.isoformat()}"
    _tell_staff(ticket.pk, DUTY, lambda facts: late(letters.worsened(facts, what=what)), key, at)
    _tell_to_act(ticket, responsible.steps(ticket, of=broke), since, at)


def _tell_to_act(ticket: Ticket, steps: Iterable[Step], since: datetime, at: datetime) -> None:
    """Inform the client of what it is to mend itself (A2.13); why it was held back is a matter of the staff."""
    if ticket.client.internal or not any(one.is_the_clients for one in steps):
        return
    _tell(
        ticket,
        _people(ticket.provider_id, CONTACTS, at, client_id=ticket.client_id),
        letters.to_act,
        key=f"to_act:{ticket.pk}:{since.isoformat()}",
        at=at,
        path=f"/tickets/{ticket.number}/",
        client_reads=True,
    )


def _tell_held(held_back: QuerySet[HeldAlert], at: datetime) -> None:
    for held, ticket in hushing.heard_again(held_back, at):
        if not held.relapse:
            _tell_opened(ticket.pk, at, _late(held))
        elif any(not one.up and one.at == held.first_at for one in turns(_root(ticket))):
            _tell_relapsed(ticket.pk, held.first_at, at, _late(held))
        else:
            _tell_worsened(ticket, hushing.broke_meanwhile(held), held.first_at, at, _late(held))


def _late(held: HeldAlert) -> Late:
    silence, window = held.silence, held.window
    if silence is not None:
        cause, number, author, reason = "silence", silence.number, silence.author, silence.reason
    elif window is not None:
        cause, number, author, reason = "window", window.number, window.author, window.title
    else:
        return on_time
    return lambda letter: letters.held_back(
        letter, since=held.first_at, cause=cause, number=number, author=author, reason=reason
    )


def _tell_staff(
    ticket_id: int, roles: tuple[str, ...], write: Callable[[Facts], tuple[str, str]], key: str, at: datetime
) -> None:
    ticket = Ticket.objects.select_related("client", "provider").get(pk=ticket_id)
    people, path = _people(ticket.provider_id, roles, at), f"/desk/tickets/{ticket.number}/"
    _tell(ticket, people, write, key=key, at=at, path=path, client_reads=False)


def _known(ticket_id: int) -> bool:
    """Tell whether the staff was told of the trouble at all."""
    return _said(Ticket.objects.get(pk=ticket_id), ("opened",)).exists()


def _taken_to_be_over(event: IncidentRelapsed) -> bool:
    """Tell whether the staff was told that it was over, or it was worked on to the end, since it last came back."""
    ticket = Ticket.objects.get(pk=event.ticket_id)
    trouble = _said(ticket, _OF_TROUBLE).order_by("-pk").first()
    over = _said(ticket, ("restored",)).order_by("-pk").first()
    if over is not None and (trouble is None or over.pk > trouble.pk):
        return True
    before = [one.at for one in turns(ticket) if not one.up and one.at < event.at]
    work = interventions_of(ticket).filter(started_at__lt=event.at)
    if work.filter(Q(ended_at=None) | Q(ended_at__gt=event.at)).exists():
        return False
    return work.filter(ended_at__gt=max(before, default=ticket.opened_at)).exists()


def _said(ticket: Ticket, kinds: Iterable[str]) -> QuerySet[Notice]:
    """Return the letters to the staff of these kinds about a ticket and what was merged into it."""
    sent = Q(pk__in=())
    for one in _whole(ticket.pk):
        for kind in kinds:
            sent |= Q(key__startswith=_begins(kind, one))
    return Notice.objects.filter(sent, client=None)


def _begins(kind: str, ticket: Ticket) -> str:
    return f"{kind}:{ticket.pk}{' ' if kind == 'opened' else ':'}"


def _whole(ticket_id: int) -> list[Ticket]:
    """Return a ticket and those that were merged into it."""
    return list(Ticket.objects.filter(Q(pk=ticket_id) | Q(merged_into=ticket_id)).order_by("pk"))


def _told(keys: list[str]) -> list[Person]:
    """Return the people who were sent a letter whose key begins with one of these."""
    sent = Q(pk__in=())
    for key in keys:
        sent |= Q(notices__key__startswith=key)
    return list(Person.objects.filter(sent, is_active=True).distinct().order_by("pk"))


def _root(ticket: Ticket) -> Ticket:
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.select_related("client", "provider").get(pk=ticket.merged_into_id)
    return ticket


def _people(
    provider_id: int, roles: tuple[str, ...], at: datetime, client_id: int | None = None
) -> list[Person]:
    held = Role.objects.as_of(at).filter(provider_id=provider_id, client_id=client_id, role__in=roles)
    return list(Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("pk"))


def _tell(
    ticket: Ticket,
    people: list[Person],
    write: Callable[[Facts], tuple[str, str]],
    *,
    key: str,
    at: datetime,
    path: str,
    client_reads: bool,
) -> None:
    brand = Brand.objects.filter(provider_id=ticket.provider_id).order_by("pk").first()
    now = standing.of(_root(ticket), at)
    telling.tell(
        persons=people,
        say=lambda person: write(_facts(now, brand, path)),
        about=f"ticket:{ticket.number}",
        entry_key=key,
        client_id=ticket.client_id if client_reads else None,
        at=at,
        actor=system("commitments"),
    )


def _facts(now: Standing, brand: Brand | None, path: str) -> Facts:
    ticket, promise = now.ticket, now.promise
    provider = brand.name if brand else ticket.provider.name
    origin = brand.origin if brand else ""
    return Facts(
        number=ticket.number,
        about=ticket.subject,
        client=ticket.client.name,
        provider=provider,
        link=f"{origin}{path}",
        form=f"{origin}/declare/",
        stands=explaining.sentence(now),
        deadline=promise.deadline_at if promise else None,
        objective=now.objective.deadline_at if now.objective else None,
        hour_cents=now.stake.hour_cents if now.stake else None,
        due_cents=now.stake.due_cents if now.stake else None,
        why=explaining.deadline(promise, provider=provider).said.paragraphs if promise else (),
        answers=tuple(
            responsibility.step(one.layer, one.server.name, one.duty, Parties(provider, ticket.client.name))
            for one in responsible.steps(ticket)
        ),
    )
