"""What comes back: a receipt says that a notice reached its person, or that it did not."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import writing
from astreinte.records.journal.events import Event
from astreinte.records.notices.facts import NoticeDelivered, NoticeFailed
from astreinte.records.notices.models import Notice, NoticeStep, State


@transaction.atomic
def receive(notice: Notice, *, delivered: bool, detail: str, at: datetime, actor: Actor) -> NoticeStep | None:
    """Write down a receipt, once: None when the notice is known as delivered already.

    Only here does a notice become *delivered*. A failure that comes back after the hand-over (a bounce)
    makes it *failed*; after a delivery, nothing lowers it.
    """
    may(actor, "notices.receive", notice)
    Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if notice.steps.filter(state=State.DELIVERED).exists():
        return None
    step = NoticeStep.objects.create(
        notice=notice, at=at, state=State.DELIVERED if delivered else State.FAILED, detail=detail
    )
    writing.append(_fact(notice, delivered=delivered, at=at), actor=actor, rows=[step])
    return step


def _fact(notice: Notice, *, delivered: bool, at: datetime) -> Event:
    if delivered:
        return NoticeDelivered(at=at, provider_id=notice.provider_id, notice_id=notice.pk)
    return NoticeFailed(
        at=at,
        provider_id=notice.provider_id,
        notice_id=notice.pk,
        person_id=notice.person_id,
        channel=notice.channel,
    )
