"""Words of people can be erased; instants, amounts and the chain stay, and the record says what was done (X.7)."""

import pytest
from django.db import IntegrityError, connection, transaction

from astreinte.records.journal import erasing, verifying
from astreinte.records.journal.erasing import ErasureError
from astreinte.records.journal.models import Entry
from tests.records.journal.stories import AT, SEALED_APART, change_case, open_case, seal_all
from tests.records.sample.models import Case

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, words, salt, actor, subject FROM journal_entry")
        entries = cursor.fetchall()
        cursor.execute("SELECT title, note FROM sample_case")
        return repr(entries + cursor.fetchall())


@pytest.mark.django_db(transaction=SEALED_APART)
def test_erased_words_are_nowhere_and_the_record_is_whole():
    entry = open_case(title="Alice Martin is ill", note="Alice Martin, 06 00 00 00 00")
    seal_all()
    [said] = erasing.erase([entry.pk], reason="article 17", at=AT, actor="person:12")
    seal_all()
    assert "Alice" not in everything_stored()
    assert verifying.verify() == []
    case = Case.objects.get()
    assert (case.title, case.note, case.cents, case.opened_at) == ("", None, 5_357, AT)
    assert (said.kind, said.actor, said.provider_id) == ("journal.WordsErased", "person:12", 1)
    assert f'"entry_ids":[{entry.pk}],"provider_id":1,"reason":"article 17"' in said.body


def test_a_row_that_says_something_else_by_now_keeps_it():
    entry = open_case(title="Alice")
    change_case(Case.objects.get(), title="the new words")
    erasing.erase([entry.pk], reason="retention", at=AT, actor="system:journal")
    assert Case.objects.get().title == "the new words"
    assert verifying.verify() == []


def test_entries_of_several_providers_are_each_told_in_their_own_journal():
    entries = [open_case(provider_id=provider) for provider in (1, 2, 1)]
    said = erasing.erase([entry.pk for entry in entries], reason="retention", at=AT, actor="system:journal")
    assert sorted(entry.provider_id for entry in said) == [1, 2]


def test_the_entries_about_a_subject_that_hold_words_are_found():
    first, other = open_case(), open_case()
    again = change_case(Case.objects.get(pk=int(first.subject.partition(":")[2])))
    assert list(erasing.with_words(first.subject)) == [first, again]
    erasing.erase([first.pk], reason="retention", at=AT, actor="system:journal")
    assert list(erasing.with_words(first.subject)) == [again]
    assert list(erasing.with_words(other.subject)) == [other]


@pytest.mark.parametrize(
    ("more", "reason", "words"),
    [
        ([999_999], "retention", "entry 999999: does not exist or holds no words"),
        ([], " ", "reason: say why"),
    ],
)
def test_an_erasure_that_cannot_be_done_changes_nothing(more, reason, words):
    entry = open_case(title="Alice")
    with pytest.raises(ErasureError, match=words):
        erasing.erase([entry.pk, *more], reason=reason, at=AT, actor="person:12")
    assert "Alice" in (Entry.objects.get().words or "")
    assert Case.objects.get().title == "Alice"


def test_words_are_erased_and_never_written_anew():
    entry = open_case(title="Alice")
    with pytest.raises(IntegrityError, match="journal_entry"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(words="[]")
    erasing.erase([entry.pk], reason="retention", at=AT, actor="system:journal")
    with pytest.raises(IntegrityError, match="journal_entry"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(words="[]")
