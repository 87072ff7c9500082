"""Only a receipt makes a notice delivered."""

from datetime import timedelta

import pytest

from astreinte.records.accounts import actors
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.journal.models import Entry
from astreinte.records.notices import receiving, sending
from astreinte.records.notices.carriers import Answer, Kind
from tests.records.notices.cast import AT, SYSTEM, Cast, a_notice, state


def handed_over(cast: Cast):
    notice = a_notice(cast)
    (one,) = sending.claim(AT, timedelta(minutes=5))
    sending.begin(one, AT, timedelta(minutes=5))
    sending.settle(one, Answer(Kind.HANDED_OVER, "250 taken"), AT)
    return notice


def test_a_receipt_makes_it_delivered_once_and_for_good(cast: Cast) -> None:
    notice = handed_over(cast)
    assert receiving.receive(notice, delivered=True, detail="DSN", at=AT, actor=SYSTEM) is not None
    assert receiving.receive(notice, delivered=True, detail="DSN", at=AT, actor=SYSTEM) is None
    assert receiving.receive(notice, delivered=False, detail="late bounce", at=AT, actor=SYSTEM) is None
    assert state(notice) == "delivered"
    assert Entry.objects.filter(kind="notices.NoticeDelivered").count() == 1


def test_a_receipt_that_overtakes_the_hand_over_is_not_lowered_by_it(cast: Cast) -> None:
    notice = a_notice(cast)
    (one,) = sending.claim(AT, timedelta(minutes=5))
    sending.begin(one, AT, timedelta(minutes=5))
    receiving.receive(notice, delivered=True, detail="quick", at=AT, actor=SYSTEM)
    sending.settle(one, Answer(Kind.HANDED_OVER, "250 taken"), AT)
    assert state(notice) == "delivered"


def test_what_comes_back_after_the_hand_over_has_failed(cast: Cast) -> None:
    notice = handed_over(cast)
    receiving.receive(notice, delivered=False, detail="5.1.1 unknown", at=AT, actor=SYSTEM)
    assert state(notice) == "failed"
    assert Entry.objects.filter(kind="notices.NoticeFailed").count() == 1
    assert sending.retry(notice, at=AT, actor=SYSTEM)


def test_a_client_writes_no_receipts(cast: Cast) -> None:
    notice = handed_over(cast)
    with pytest.raises(NotAllowed, match=r"notices\.receive"):
        receiving.receive(notice, delivered=True, detail="", at=AT, actor=actors.of_person(cast.alice, AT))
