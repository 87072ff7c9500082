"""Each reaction is owed once per entry; its effects happen once, in order, or wait for a person."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.journal import claiming, writing
from astreinte.records.journal.claiming import TRIES, WAITS, Came, Claimed, DeliveryError
from astreinte.records.journal.events import EventError
from astreinte.records.journal.models import Delivery, Entry
from astreinte.records.journal.reactions import AT_ONCE, install, timed
from tests.records.journal.stories import AT, change_case, installed, note, open_case
from tests.records.sample.facts import CaseChanged, CaseOpened, ClockStarted
from tests.records.sample.models import Case, Effect

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=30)


def fail(event, at):
    """React: write something, then find that it cannot be."""
    Effect.objects.create(text="half")
    raise ValueError(f"case {event.case_id}: no calendar")


def claimed(at=AT) -> Claimed:
    found = claiming.claim(at, LEASE)
    assert found is not None
    return found


def effects() -> list[str]:
    return list(Effect.objects.order_by("pk").values_list("text", flat=True))


def start_clock(case_id: int, deadline_at) -> Entry:
    with transaction.atomic():
        event = ClockStarted(at=AT, provider_id=1, case_id=case_id, deadline_at=deadline_at)
        return writing.append(event, actor="system:sample")


def test_a_reaction_runs_once_and_is_settled():
    with installed(later={CaseOpened: (note,)}):
        entry = open_case()
        one = claimed()
        assert (one.entry_id, one.token, one.attempts) == (entry.pk, 1, 1)
        assert claiming.run(one, AT) is Came.DONE
        assert claiming.run(one, AT) is Came.FENCED
        assert claiming.claim(AT + timedelta(days=9), LEASE) is None
    assert effects() == [f"CaseOpened {Case.objects.get().pk}"]
    assert Delivery.objects.get().done_at == AT


def test_the_database_holds_one_delivery_per_entry_and_reaction():
    with installed(later={CaseOpened: (note,)}):
        open_case()
    again = Delivery.objects.get()
    again.pk = None
    again._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_what_one_has_claimed_another_cannot_until_the_lease_is_over():
    with installed(later={CaseOpened: (note,)}):
        open_case()
        first = claimed()
        assert claiming.claim(AT + LEASE - timedelta(microseconds=1), LEASE) is None
        second = claimed(AT + LEASE)
        assert (second.id, second.token, second.attempts) == (first.id, 2, 2)


def test_who_lost_the_lease_does_nothing_any_more():
    with installed(later={CaseOpened: (note,)}):
        open_case()
        slow, quick = claimed(), claimed(AT + LEASE)
        assert claiming.run(slow, AT + LEASE) is Came.FENCED
        assert effects() == []
        assert claiming.run(quick, AT + LEASE) is Came.DONE
        assert claiming.run(slow, AT + LEASE) is Came.FENCED
    assert len(effects()) == 1


def test_who_lost_the_lease_cannot_even_report_a_failure():
    with installed(later={CaseOpened: (fail,)}):
        open_case()
        slow, _quick = claimed(), claimed(AT + LEASE)
        assert claiming._failed(slow, ValueError("late"), AT) is Came.FENCED
    assert Delivery.objects.get().error == ""


def test_a_reaction_that_fails_leaves_no_half_effect_and_is_tried_again_later():
    with installed(later={CaseOpened: (fail,)}):
        open_case()
        assert claiming.run(claimed(), AT) is Came.FAILED
        row = Delivery.objects.get()
        assert (row.done_at, row.dead_at, row.attempts) == (None, None, 1)
        assert row.error == f"ValueError: case {Case.objects.get().pk}: no calendar"
        assert claiming.claim(AT + WAITS[0] - timedelta(microseconds=1), LEASE) is None
        assert claiming.claim(AT + WAITS[0], LEASE) is not None
    assert effects() == []


def test_it_is_dead_after_five_tries_and_only_its_subject_waits():
    def fail_for_the_first(event, at):
        if event.case_id == first.pk:
            raise ValueError("no calendar")
        note(event)

    with installed(later={CaseOpened: (fail_for_the_first,), CaseChanged: (fail_for_the_first, note)}):
        open_case()
        first = Case.objects.get()
        at, came = AT, []
        for wait in (*WAITS, timedelta()):
            came.append(claiming.run(claimed(at), at))
            at += wait
        assert came == [Came.FAILED] * 4 + [Came.DEAD]
        change_case(first)
        open_case()
        run_all(at + timedelta(days=1))
    dead = Delivery.objects.dead().get()
    assert (dead.attempts, dead.subject) == (TRIES, f"case:{first.pk}")
    other = Case.objects.exclude(pk=first.pk).get()
    assert effects() == [f"CaseChanged {first.pk}", f"CaseOpened {other.pk}"]
    assert Delivery.objects.unsettled().count() == 2


def run_all(at) -> None:
    while found := claiming.claim(at, LEASE):
        claiming.run(found, at)


def test_one_whose_process_dies_each_time_is_dead_too():
    with installed(later={CaseOpened: (note,)}):
        open_case()
        at = AT
        for _ in range(TRIES):
            claimed(at)
            at += LEASE
        assert claiming.claim(at, LEASE) is None
    dead = Delivery.objects.dead().get()
    assert dead.error == "5 tries, none came back: the process died each time"


def test_order_holds_within_a_reaction_and_a_subject():
    with installed(later={CaseOpened: (note,), CaseChanged: (note,)}):
        entry = open_case()
        change_case(Case.objects.get())
        other = open_case()
        first = claimed()
        second = claimed()
        assert (first.entry_id, second.entry_id) == (entry.pk, other.pk)
        assert claiming.claim(AT, LEASE) is None
        claiming.run(first, AT)
        assert claimed().entry_id == entry.pk + 1


def test_a_timer_waits_for_its_instant_and_holds_up_nobody():
    with installed(later={ClockStarted: (timed(note, "deadline_at"),)}):
        late = start_clock(12, AT + timedelta(hours=2))
        soon = start_clock(12, AT + timedelta(hours=1))
        assert claiming.claim(AT + timedelta(hours=1) - timedelta(microseconds=1), LEASE) is None
        assert claimed(AT + timedelta(hours=1)).entry_id == soon.pk
        assert claiming.claim(AT + timedelta(hours=1), LEASE) is None
        run_all(AT + timedelta(hours=2, minutes=1))
    assert Delivery.objects.get(entry=late).done_at is not None


def test_one_that_waits_for_nothing_is_due_whatever_the_clock_says():
    with installed(later={CaseOpened: (note,)}):
        open_case(at=AT + timedelta(days=900))
        assert Delivery.objects.get().run_at == AT_ONCE
        assert claiming.claim(AT - timedelta(days=9_000), LEASE) is not None


def test_an_unknown_reaction_is_dead_at_once_never_skipped():
    with installed(later={CaseOpened: (note,)}):
        open_case()
    with installed():
        assert claiming.run(claimed(), AT) is Came.DEAD
    dead = Delivery.objects.dead().get()
    assert (
        "journal.stories.note: no such reaction; if it was renamed, RENAMED in flow.py must say so"
        in dead.error
    )


def test_an_event_that_no_room_knows_is_dead_at_once():
    with installed(later={CaseOpened: (note,)}):
        entry = open_case()
        Delivery.objects.all().delete()
        strange = Entry(
            at=AT, recorded_at=AT, kind="sample.Gone", actor="nobody", provider_id=1, subject="case:1"
        )
        strange.body, strange.digest, strange.words_digest = entry.body, "", ""
        strange.save()
        Delivery.objects.create(
            entry=strange, reaction="journal.stories.note", subject="case:1", run_at=AT_ONCE
        )
        assert claiming.run(claimed(), AT) is Came.DEAD
    assert "sample.Gone: no room declares this event" in Delivery.objects.get().error


def test_a_renamed_reaction_is_found_by_its_old_name():
    with installed(later={CaseOpened: (note,)}):
        open_case()
    Delivery.objects.update(reaction="old.module.name")
    names = {"old.module.name": "older.still", "older.still": "journal.stories.note"}
    with installed(later={CaseOpened: (note,)}, renamed=names):
        assert claiming.run(claimed(), AT) is Came.DONE
    assert len(effects()) == 1


def test_what_waits_under_an_old_name_keeps_its_place_before_the_new():
    with installed(later={CaseOpened: (note,)}):
        first = open_case()
    Delivery.objects.update(reaction="old.module.name")
    names = {"old.module.name": "journal.stories.note"}
    with installed(later={CaseOpened: (note,), CaseChanged: (note,)}, renamed=names):
        change_case(Case.objects.get())
        assert claiming.adopt_renamed() == 1
        assert claimed().entry_id == first.pk
        assert claiming.claim(AT, LEASE) is None


@pytest.mark.parametrize(
    ("later", "renamed", "words"),
    [
        ({CaseOpened: (timed(note, "deadline_at"),)}, {}, "sample.CaseOpened has no field 'deadline_at'"),
        ({}, {"old": "gone"}, "renamed reaction old: gone is not installed either"),
    ],
)
def test_a_table_of_reactions_that_cannot_work_stops_the_start(later, renamed, words):
    with installed(), pytest.raises(EventError, match=words):
        install({}, later, renamed)


def dead_one() -> Delivery:
    open_case()
    for at in (AT + timedelta(days=day) for day in range(TRIES)):
        claiming.run(claimed(at), at)
    return Delivery.objects.dead().get()


def test_a_dead_one_is_retried_by_a_person():
    with installed(later={CaseOpened: (fail,)}):
        dead = dead_one()
        claiming.retry(dead.pk, at=AT, actor="person:12")
        assert claimed().attempts == 1
    entry = Entry.objects.order_by("-pk").first()
    assert (entry.kind, entry.actor, entry.subject) == (
        "journal.DeliveryRetried",
        "person:12",
        f"delivery:{dead.pk}",
    )


def test_a_dead_one_is_skipped_with_a_reason_and_those_behind_it_go_on():
    with installed(later={CaseOpened: (fail,), CaseChanged: (fail,)}):
        dead = dead_one()
        change = change_case(Case.objects.get())
        assert claiming.claim(AT + timedelta(days=99), LEASE) is None
        claiming.skip(dead.pk, "told by phone", at=AT, actor="person:12")
        assert claimed().entry_id == change.pk
        with pytest.raises(
            DeliveryError, match=f"delivery {dead.pk}: does not exist, or is done or skipped already"
        ):
            claiming.retry(dead.pk, at=AT, actor="person:12")
    entry = Entry.objects.get(kind="journal.DeliverySkipped")
    assert '"reason":"told by phone"' in entry.body


def test_one_that_is_running_is_skipped_and_then_does_nothing():
    with installed(later={CaseOpened: (note,)}):
        open_case()
        running = claimed()
        claiming.skip(running.id, "never mind", at=AT, actor="person:12")
        assert claiming.run(running, AT) is Came.FENCED
    assert effects() == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_skipping_needs_a_reason(reason):
    with pytest.raises(DeliveryError, match="reason: say why"):
        claiming.skip(1, reason, at=AT, actor="person:12")


@pytest.mark.django_db(transaction=True)
def test_many_who_deliver_do_each_once():
    def work() -> None:
        try:
            run_all(AT)
        finally:
            connection.close()

    with installed(later={CaseOpened: (note,), CaseChanged: (note,)}):
        for _ in range(8):
            open_case()
        for case in Case.objects.all():
            change_case(case)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    expected = [
        f"{kind} {case.pk}" for kind in ("CaseChanged", "CaseOpened") for case in Case.objects.order_by("pk")
    ]
    assert sorted(effects()) == sorted(expected)
    for case in Case.objects.all():
        mine = [text for text in effects() if text.endswith(f" {case.pk}")]
        assert mine == [f"CaseOpened {case.pk}", f"CaseChanged {case.pk}"]
