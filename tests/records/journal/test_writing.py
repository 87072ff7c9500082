"""A fact and its entry stand or fall together; the entry holds every column of the rows."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from astreinte.loops import clock
from astreinte.records.journal import claiming, waking, writing
from astreinte.records.journal.events import EventError
from astreinte.records.journal.models import Delivery, Entry
from astreinte.records.journal.reactions import AT_ONCE, timed
from astreinte.records.journal.rows import RowError
from astreinte.records.journal.writing import OutsideTransactionError
from tests.records.journal.stories import AT, change_case, installed, note, open_case
from tests.records.sample.facts import AboutNothing, CaseOpened, ClockStarted
from tests.records.sample.models import Case, Effect, Server

pytestmark = pytest.mark.django_db


def opened(**more: Any) -> CaseOpened:
    values: dict[str, Any] = {"at": AT, "provider_id": 1, "case_id": 12} | more
    return CaseOpened(**values)


def test_an_entry_says_what_when_who_and_for_whom():
    entry = open_case(provider_id=7)
    case = Case.objects.get()
    assert (entry.kind, entry.actor, entry.provider_id) == ("sample.CaseOpened", "person:12", 7)
    assert (entry.at, entry.subject) == (AT, f"case:{case.pk}")
    assert claiming.event_of(Entry.objects.get()) == opened(provider_id=7, case_id=case.pk)


def test_an_entry_holds_every_column_but_words_and_what_is_left_out():
    open_case(
        opened_on=date(2026, 3, 29),
        share=Decimal("0.333333"),
        took=timedelta(minutes=98),
        trace={"b": [1, "é"], "a": None},
        raw=b"\x00\x01",
        code=UUID(int=7),
        note="call Alice",
        password="secret",
    )
    entry = Entry.objects.get()
    [record] = json.loads(entry.body)["rows"]
    case = Case.objects.get()
    assert (record["model"], record["id"]) == ("sample.case", case.pk)
    assert record["set"] == {
        "id": case.pk,
        "opened_at": "2026-11-23T10:30:00Z",
        "opened_on": "2026-03-29",
        "cents": 5357,
        "share": "0.333333",
        "took": "5880000000 us",
        "trace": {"a": None, "b": [1, "é"]},
        "raw": "AAE=",
        "code": "00000000-0000-0000-0000-000000000007",
    }
    [words] = json.loads(entry.words or "")
    assert words["set"] == {"title": "down", "note": "call Alice"}
    assert "secret" not in entry.body + (entry.words or "")


def test_what_was_written_digests_to_the_same_when_read_back():
    written = open_case(at=datetime(2026, 10, 25, 1, 30, 0, 123_456, tzinfo=UTC))
    entry = Entry.objects.get()
    assert entry.digest == written.digest == writing.digest_of(entry)
    assert writing.digest_of_words(entry.salt or "", entry.words or "") == entry.words_digest


def test_equal_words_of_two_entries_have_different_digests():
    first = open_case()
    second = change_case(Case.objects.get())
    assert first.words == second.words
    assert first.words_digest != second.words_digest


def test_the_row_is_kept_as_it_stands_not_as_the_instance_remembers_it():
    open_case()
    stale = Case.objects.get()
    Case.objects.update(cents=9)
    entry = change_case(stale, title="still down")
    assert json.loads(entry.body)["rows"][0]["set"]["cents"] == 9


def test_an_event_outside_the_transaction_of_its_fact_is_refused(transactional_db):
    with pytest.raises(
        OutsideTransactionError, match=r"sample.CaseOpened: write it in the transaction of its fact"
    ):
        writing.append(opened(), actor="nobody")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (lambda: [Server.objects.create(name="web1")], "sample.Server: declare JOURNALLED = True"),
        (
            lambda: [Case(pk=999, opened_at=AT)],
            "sample.Case 999: not in the database; save it before its event",
        ),
        (lambda: [Case(opened_at=AT)], "sample.Case None: not in the database"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_by_name(rows, words):
    with pytest.raises(RowError, match=words):
        writing.append(opened(), actor="nobody", rows=rows())
    assert not Entry.objects.exists()


def test_an_event_about_nothing_is_refused():
    with pytest.raises(EventError, match="AboutNothing"):
        writing.append(AboutNothing(at=AT, provider_id=1), actor="nobody")


def test_reactions_of_now_run_in_the_transaction_of_the_fact():
    with installed(now={CaseOpened: (note,)}):
        open_case()
    assert Effect.objects.get().text == f"CaseOpened {Case.objects.get().pk}"


def test_a_reaction_of_now_that_fails_takes_the_fact_with_it():
    def refuse(event):
        raise ValueError("the calendar ended")

    with installed(now={CaseOpened: (note, refuse)}), pytest.raises(ValueError, match="calendar"):
        open_case()
    assert [model.objects.count() for model in (Case, Entry, Effect)] == [0, 0, 0]


def test_reactions_of_later_get_one_delivery_each():
    with installed(later={CaseOpened: (note, claiming.run), ClockStarted: (timed(note, "deadline_at"),)}):
        entry = open_case()
        deadline = AT + timedelta(hours=2)
        with transaction.atomic():
            for at in (deadline, None):
                event = ClockStarted(at=AT, provider_id=1, case_id=12, deadline_at=at)
                writing.append(event, actor="system:sample")
    rows = Delivery.objects.order_by("pk").values_list("entry_id", "reaction", "subject", "run_at")
    assert list(rows) == [
        (entry.pk, "journal.stories.note", entry.subject, AT_ONCE),
        (entry.pk, "journal.claiming.run", entry.subject, AT_ONCE),
        (entry.pk + 1, "journal.stories.note", "case:12", deadline),
    ]


def test_who_delivers_is_woken_by_the_commit_and_not_before(transactional_db):
    woken = waking.listen()
    try:
        with installed(later={CaseOpened: (note,)}), transaction.atomic():
            open_case()
            assert not woken.is_set()
        assert woken.is_set()
    finally:
        waking.forget(woken)


def test_an_entry_is_stamped_by_the_clock_that_tests_move():
    writing.stamp_with(clock.now)
    with clock.moved_to(datetime(2027, 1, 1, tzinfo=UTC)):
        assert open_case().recorded_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_entries_and_seals_are_seen_by_their_providers_staff_alone():
    class Looker:
        def __init__(self, provider_id=None, *, is_staff=False, is_system=False):
            self.provider_id, self.is_staff, self.is_system = provider_id, is_staff, is_system

    with installed(later={CaseOpened: (note,)}):
        open_case(provider_id=1)
    for rows in (Entry.objects, Delivery.objects):
        assert rows.visible_to(Looker(1, is_staff=True)).exists()
        assert rows.visible_to(Looker(is_system=True)).exists()
        for stranger in (Looker(2, is_staff=True), Looker(1), Looker(is_staff=True)):
            assert not rows.visible_to(stranger).exists()
