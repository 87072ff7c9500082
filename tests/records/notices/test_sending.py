"""The lease: one sender at a time; who dies in the middle leaves a doubt, which is said."""

from datetime import timedelta

import pytest

from astreinte.records.accounts import actors
from astreinte.records.accounts.permissions import NotAllowed
from astreinte.records.journal.models import Entry
from astreinte.records.notices import sending
from astreinte.records.notices.carriers import Answer, Kind
from astreinte.records.notices.models import ATTEMPTS, Notice, Sending
from astreinte.records.notices.sending import Claimed
from tests.records.notices.cast import AT, SYSTEM, Cast, a_notice, state, states

LEASE = timedelta(minutes=5)
TAKEN = Answer(Kind.HANDED_OVER, "250 taken")
REFUSED = Answer(Kind.REFUSED, "550 no such person")
LATER = Answer(Kind.LATER, "450 try later")
IN_DOUBT = Answer(Kind.IN_DOUBT, "the line broke")


def claimed_and_begun(at=AT) -> Claimed:
    (one,) = sending.claim(at, LEASE)
    assert sending.begin(one, at, LEASE)
    return one


def one_sending(answer: Answer, at=AT) -> None:
    assert sending.settle(claimed_and_begun(at), answer, at)


def due_at(notice: Notice):
    return Sending.objects.get(notice=notice).due_at


def details(notice: Notice) -> list[str]:
    return list(notice.steps.order_by("id").values_list("detail", flat=True))


def test_who_claims_has_it_alone_until_the_lease_runs_out(cast: Cast) -> None:
    notice = a_notice(cast)
    (first,) = sending.claim(AT, LEASE)
    assert first.notice == notice
    assert sending.claim(AT + LEASE - timedelta(seconds=1), LEASE) == []
    (second,) = sending.claim(AT + LEASE, LEASE)
    assert second.token != first.token
    assert not second.possible_duplicate
    assert not sending.begin(first, AT + LEASE, LEASE)
    assert sending.begin(second, AT + LEASE, LEASE)


def test_nothing_is_claimed_before_it_is_due_and_the_most_overdue_comes_first(cast: Cast) -> None:
    late = a_notice(cast, fact="b", at=AT + timedelta(seconds=2))
    early = a_notice(cast, fact="a", at=AT)
    assert [one.notice for one in sending.claim(AT, LEASE)] == [early]
    assert [one.notice for one in sending.claim(AT + timedelta(seconds=2), LEASE)] == [late]


def test_what_is_given_back_can_be_claimed_at_once(cast: Cast) -> None:
    a_notice(cast, fact="a")
    a_notice(cast, fact="b")
    begun, other = sending.claim(AT, LEASE)
    sending.begin(begun, AT, LEASE)
    assert sending.release([begun, other]) == 1
    assert [one.notice for one in sending.claim(AT, LEASE)] == [other.notice]


def test_what_the_carrier_takes_is_handed_over_and_never_called_delivered(cast: Cast) -> None:
    notice = a_notice(cast)
    one_sending(TAKEN)
    assert states(notice) == ["queued", "handed_over"]
    assert state(notice) == "handed_over"
    assert sending.claim(AT + timedelta(days=1), LEASE) == []
    assert Entry.objects.filter(kind="notices.NoticeHandedOver", subject=f"notice:{notice.pk}").count() == 1


def test_what_is_refused_for_good_has_failed_and_says_why(cast: Cast) -> None:
    notice = a_notice(cast)
    one_sending(REFUSED)
    assert state(notice) == "failed"
    assert details(notice)[-1] == "550 no such person"
    assert list(Notice.objects.in_state("failed")) == [notice]
    assert Entry.objects.filter(kind="notices.NoticeFailed").count() == 1


def test_what_is_refused_for_now_waits_longer_each_time(cast: Cast) -> None:
    notice = a_notice(cast)
    at = AT
    waits = []
    for _ in range(8):
        one_sending(LATER, at)
        assert state(notice) == "queued"
        assert sending.claim(due_at(notice) - timedelta(seconds=1), LEASE) == []
        waits.append((due_at(notice) - at).total_seconds())
        at = due_at(notice)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert details(notice)[1] == "450 try later; sent again from 2026-11-23T10:30:30Z"


def test_an_hour_without_a_mail_server_is_survived_and_a_day_is_not(cast: Cast) -> None:
    notice = a_notice(cast)
    for _ in range(ATTEMPTS):
        assert state(notice) == "queued"
        last = due_at(notice)
        one_sending(LATER, last)
    assert timedelta(hours=1) < last - AT < timedelta(days=1)
    assert state(notice) == "failed"
    assert details(notice)[-1] == f"450 try later; given up after {ATTEMPTS} sendings"
    assert sending.claim(last + timedelta(days=1), LEASE) == []


def test_a_sender_that_never_came_back_leaves_a_doubt_and_the_next_letter_says_so(cast: Cast) -> None:
    notice = a_notice(cast)
    claimed_and_begun()
    after = AT + LEASE
    (second,) = sending.claim(after, LEASE)
    assert states(notice) == ["queued", "unknown"]
    assert details(notice)[-1] == "sending 1 began and its sender never came back"
    assert (second.attempt, second.possible_duplicate) == (2, True)
    sending.begin(second, after, LEASE)
    sending.settle(second, TAKEN, after)
    assert state(notice) == "handed_over"
    assert Notice.objects.with_state().get().possible_duplicate


def test_an_answer_that_never_came_leaves_the_same_doubt(cast: Cast) -> None:
    notice = a_notice(cast)
    one_sending(IN_DOUBT)
    assert state(notice) == "unknown"
    assert not Notice.objects.with_state().get().possible_duplicate
    again = claimed_and_begun(due_at(notice))
    assert again.possible_duplicate


def test_a_notice_that_kills_each_sender_is_given_up(cast: Cast) -> None:
    notice = a_notice(cast)
    at = AT
    for _ in range(ATTEMPTS):
        claimed_and_begun(at)
        at += LEASE
    assert sending.claim(at, LEASE) == []
    assert sending.claim(at + LEASE, LEASE) == []
    assert state(notice) == "unknown"
    assert details(notice)[-1].endswith(f"given up after {ATTEMPTS} sendings")
    entry = Entry.objects.filter(kind="notices.NoticeInDoubt").order_by("-id")[0]
    assert '"given_up":true' in entry.body.replace(" ", "")


def test_a_late_answer_is_written_down_and_stops_who_has_not_begun(cast: Cast) -> None:
    notice = a_notice(cast)
    slow = claimed_and_begun()
    (other,) = sending.claim(AT + LEASE, LEASE)
    assert not sending.settle(slow, TAKEN, AT + LEASE)
    assert states(notice) == ["queued", "unknown", "handed_over"]
    assert not sending.begin(other, AT + LEASE, LEASE)
    assert sending.claim(AT + timedelta(days=1), LEASE) == []


def test_a_late_answer_does_not_take_the_lease_from_who_has_begun(cast: Cast) -> None:
    notice = a_notice(cast)
    slow = claimed_and_begun()
    other = claimed_and_begun(AT + LEASE)
    assert not sending.settle(slow, LATER, AT + LEASE)
    assert sending.settle(other, TAKEN, AT + LEASE)
    assert states(notice) == ["queued", "unknown", "queued", "handed_over"]
    assert notice.steps.get(state="handed_over").possible_duplicate


def test_a_late_hand_over_does_not_take_the_lease_either_and_the_second_is_marked_as_a_double(
    cast: Cast,
) -> None:
    notice = a_notice(cast)
    slow = claimed_and_begun()
    other = claimed_and_begun(AT + LEASE)
    assert not sending.settle(slow, TAKEN, AT + LEASE)
    assert sending.settle(other, TAKEN, AT + LEASE)
    steps = notice.steps.filter(state="handed_over").order_by("id")
    assert [(step.attempt, step.possible_duplicate) for step in steps] == [(1, False), (2, True)]
    assert steps[0].detail == "250 taken; known only after its lease ran out"


def test_an_answer_counts_once(cast: Cast) -> None:
    notice = a_notice(cast)
    one = claimed_and_begun()
    assert sending.settle(one, TAKEN, AT)
    assert sending.claim(AT + LEASE, LEASE) == []
    assert Sending.objects.get(notice=notice).settled_at == AT


def test_what_was_given_up_can_be_sent_again_by_hand(cast: Cast) -> None:
    notice = a_notice(cast)
    hugo = actors.of_person(cast.hugo, AT)
    assert not sending.retry(notice, at=AT, actor=hugo)
    one_sending(REFUSED)
    assert sending.retry(notice, at=AT, actor=hugo)
    assert state(notice) == "queued"
    again = claimed_and_begun()
    assert (again.attempt, again.possible_duplicate) == (2, False)
    sending.settle(again, TAKEN, AT)
    assert not sending.retry(notice, at=AT, actor=hugo)
    assert Entry.objects.filter(kind="notices.NoticeRetried", actor=f"person:{cast.hugo.pk}").count() == 1


def test_only_the_staff_sends_again(cast: Cast) -> None:
    notice = a_notice(cast)
    one_sending(REFUSED)
    with pytest.raises(NotAllowed, match=r"notices\.retry"):
        sending.retry(notice, at=AT, actor=actors.of_person(cast.alice, AT))
    assert sending.retry(notice, at=AT, actor=SYSTEM)
