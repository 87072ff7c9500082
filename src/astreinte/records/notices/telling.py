"""Telling people: a row in the outbox, in the transaction of the fact. Nothing leaves the house here."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Person
from astreinte.records.accounts.numbering import next_number
from astreinte.records.accounts.permissions import NotAllowed, may
from astreinte.records.journal import waking, writing
from astreinte.records.notices import letters
from astreinte.records.notices.facts import NoticeFailed, NoticeQueued
from astreinte.records.notices.models import Notice, NoticeStep, Sending, State
from astreinte.words import hearer, speaking

EMAIL = "email"

Say = Callable[[Person], tuple[str, str]]


class NoticeError(ValueError):
    """A notice that cannot be: names the place, the value and the way out."""


@transaction.atomic
def tell(
    *,
    persons: Iterable[Person],
    say: Say,
    about: str,
    entry_key: str,
    at: datetime,
    actor: Actor,
    client_id: int | None = None,
    brand: Brand | None = None,
) -> list[Notice]:
    """Queue one notice for each person, and return those that are new.

    `say(person)` gives subject and body (plain text); it is called in the person's language and zone.
    `entry_key` names the fact (for instance `tickets.TicketOpened:17`): said again with the same one, nobody
    is told twice. `about` threads the notices of one thing (`ticket:17`). With `client_id` the client's
    people may see the notice; without, only the staff may. `brand` speaks, or else the provider's first one.

    A person without an address is not skipped: the notice stands, failed, for somebody to see.
    """
    may(actor, "notices.tell")
    told = []
    for person in persons:
        if not actor.is_system and person.provider_id != actor.provider_id:
            raise NotAllowed(f"notices.tell: {actor} and person:{person.pk} belong to different providers")
        key = f"{entry_key} {person.pk} {EMAIL}"
        if not Notice.objects.filter(key=key).exists():
            notice = _composed(person, say, at=at, brand=brand)
            notice.key, notice.about, notice.client_id = key, about, client_id
            if _queued(notice, at=at, actor=actor):
                told.append(notice)
    if told:
        transaction.on_commit(waking.wake)
    return told


def _queued(notice: Notice, *, at: datetime, actor: Actor) -> bool:
    """Write one notice with its first step; False when another transaction wrote it in the meantime."""
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        if Notice.objects.filter(key=notice.key).exists():
            return False
        raise
    step = NoticeStep.objects.create(notice=notice, at=at, state=State.QUEUED)
    Sending.objects.create(notice=notice, due_at=at)
    fact = NoticeQueued(
        at=at,
        provider_id=notice.provider_id,
        notice_id=notice.pk,
        person_id=notice.person_id,
        channel=notice.channel,
    )
    writing.append(fact, actor=actor, rows=[notice, step])
    if not notice.address:
        _failed_at_once(notice, at=at, actor=actor)
    return True


def _composed(person: Person, say: Say, *, at: datetime, brand: Brand | None) -> Notice:
    brand = brand or Brand.objects.filter(provider_id=person.provider_id).order_by("id").first()
    if brand is None or brand.provider_id != person.provider_id:
        raise NoticeError(
            f"notice.sender: provider {person.provider_id} has no brand to speak for it; add one"
        )
    number = next_number(person.provider_id, "notice")
    with (
        speaking(person.language, person.zone),
        translation.override(hearer().language),
        timezone.override(hearer().zone),
    ):
        language = hearer().language
        subject, body = say(person)
    subject, body = letters.one_line(subject), letters.plain(body)
    if not subject or not body.strip():
        raise NoticeError(f"notice.subject: {subject!r}: a notice needs a subject and a text")
    return Notice(
        provider_id=person.provider_id,
        person=person,
        number=number,
        channel=EMAIL,
        address=person.email,
        sender=brand.name,
        host=brand.host,
        language=language,
        subject=subject,
        body=letters.signed(body, sender=brand.name, number=number, language=language),
        queued_at=at,
    )


def _failed_at_once(notice: Notice, *, at: datetime, actor: Actor) -> None:
    Sending.objects.filter(notice=notice).update(settled_at=at)
    step = NoticeStep.objects.create(
        notice=notice, at=at, state=State.FAILED, detail="the person has no e-mail address; give them one"
    )
    fact = NoticeFailed(
        at=at,
        provider_id=notice.provider_id,
        notice_id=notice.pk,
        person_id=notice.person_id,
        channel=notice.channel,
    )
    writing.append(fact, actor=actor, rows=[step])
