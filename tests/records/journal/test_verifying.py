"""The record cannot be bent: whatever the owner of the database does, the record concerned is named."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from astreinte.records.journal import publishing, sealing, verifying, writing
from astreinte.records.journal.models import Entry, Publication, Seal
from astreinte.records.journal.publishing import Head
from tests.harness.emptying import lifted
from tests.records.journal.stories import AT, SEALED_APART, change_case, open_case, seal_all
from tests.records.sample.models import Case

pytestmark = pytest.mark.django_db(transaction=SEALED_APART)


@pytest.fixture
def entries() -> list[Entry]:
    """Five sealed entries of provider 1 among others', with a hole in the numbers where one was not committed."""
    opened = [open_case(provider_id=1), open_case(provider_id=2), open_case(provider_id=1)]
    hole()
    opened += [open_case(provider_id=1), open_case(provider_id=1), open_case(provider_id=1)]
    seal_all()
    assert verifying.verify() == []
    return [entry for entry in opened if entry.provider_id == 1]


def hole() -> None:
    """Use up a number of an entry. SQLite gives a number that was rolled back again: move its counter."""
    if connection.vendor == "postgresql":
        run("SELECT nextval(pg_get_serial_sequence('journal_entry', 'id'))")
    else:
        run("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'journal_entry'")


def run(sql: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def tamper(*statements: tuple[Any, ...]) -> None:
    """Do as the owner of the database can: put the triggers aside, and write."""
    with transaction.atomic(), lifted(connection):
        for sql, *values in statements:
            run(sql, *values)


def found(*heads: Head) -> list[str]:
    return [str(finding) for finding in verifying.verify(heads)]


def flip(text: str, place: int = 40) -> str:
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("body", flip),
        ("actor", lambda text: flip(text, 3)),
        ("kind", lambda text: flip(text, 3)),
        ("subject", lambda text: flip(text, 3)),
        ("digest", flip),
        ("words_digest", flip),
        ("provider_id", lambda number: number ^ 1),
        ("at", lambda instant: instant + timedelta(microseconds=1)),
        ("recorded_at", lambda instant: instant - timedelta(hours=1)),
    ],
)
def test_one_bit_flipped_in_an_entry_is_named(entries, column, change):
    target = entries[1]
    with transaction.atomic(), lifted(connection):
        Entry.objects.filter(pk=target.pk).update(**{column: change(getattr(target, column))})
    altered = f"entry {target.pk} (1:2): altered after it was sealed"
    assert [line for line in found() if line.startswith("entry")] == [altered]


def test_a_bit_flipped_in_an_entry_and_its_digests_made_anew_breaks_the_chain_there(entries):
    target = entries[1]
    target.body = target.body.replace("critical", "normal")
    digest = writing.digest_of(target)
    tamper(
        ("UPDATE journal_entry SET body = %s, digest = %s WHERE id = %s", target.body, digest, target.pk),
        ("UPDATE journal_seal SET digest = %s WHERE entry_id = %s", digest, target.pk),
    )
    assert found() == [f"seal 1:2: does not continue the chain: entry {target.pk} is not what was here"]


def test_an_altered_word_is_named(entries):
    target = entries[1]
    tamper(("UPDATE journal_entry SET words = replace(words, 'down', 'slow') WHERE id = %s", target.pk))
    assert f"entry {target.pk} (1:2): its words were altered" in found()


def test_words_taken_out_without_an_entry_that_says_so_are_named(entries):
    target = entries[1]
    tamper(("UPDATE journal_entry SET words = NULL, salt = NULL WHERE id = %s", target.pk))
    assert found() == [f"entry {target.pk} (1:2): its words are gone, and no entry says who erased them"]


def test_a_deleted_entry_is_named(entries):
    target = entries[2]
    tamper(("DELETE FROM journal_entry WHERE id = %s", target.pk))
    assert found()[0] == f"entry {target.pk} (1:3): missing: it was sealed, and is not there any more"


def test_an_entry_deleted_with_its_seal_leaves_a_gap_that_is_named(entries):
    target = entries[2]
    tamper(
        ("DELETE FROM journal_entry WHERE id = %s", target.pk),
        ("DELETE FROM journal_seal WHERE entry_id = %s", target.pk),
    )
    case = target.subject.partition(":")[2]
    assert found() == [
        "seal 1:3: missing: the entry and its seal before 1:4 were taken out",
        f"row sample.case {case}: unknown to the journal: no entry ever spoke of it",
    ]


def test_several_deleted_together_are_all_named(entries):
    gone = [entry.pk for entry in entries[1:4]]
    marks = ", ".join(["%s"] * len(gone))
    tamper(
        (f"DELETE FROM journal_entry WHERE id IN ({marks})", *gone),
        (f"DELETE FROM journal_seal WHERE entry_id IN ({marks})", *gone),
    )
    assert found()[0] == "seal 1:2 to 1:4: missing: the entry and its seal before 1:5 were taken out"


def test_two_entries_swapped_are_both_named(entries):
    first, second = entries[1], entries[3]
    with transaction.atomic(), lifted(connection):
        for target, other in ((first, second), (second, first)):
            columns = ("at", "recorded_at", "subject", "body", "words", "salt", "words_digest", "digest")
            Entry.objects.filter(pk=target.pk).update(**{name: getattr(other, name) for name in columns})
    altered = [
        f"entry {entry.pk} (1:{seq}): altered after it was sealed" for seq, entry in ((2, first), (4, second))
    ]
    assert found() == altered


def test_two_seals_swapped_are_both_named(entries):
    first, second = Seal.objects.get(entry=entries[1]), Seal.objects.get(entry=entries[3])
    tamper(
        ("UPDATE journal_seal SET entry_id = -1 WHERE id = %s", first.pk),
        (
            "UPDATE journal_seal SET entry_id = %s, digest = %s WHERE id = %s",
            first.entry_id,
            first.digest,
            second.pk,
        ),
        (
            "UPDATE journal_seal SET entry_id = %s, digest = %s WHERE id = %s",
            second.entry_id,
            second.digest,
            first.pk,
        ),
    )
    lines = found()
    assert f"seal 1:2: does not continue the chain: entry {second.entry_id} is not what was here" in lines
    assert f"seal 1:4: does not continue the chain: entry {first.entry_id} is not what was here" in lines


def slip_in(like: Entry, number: int, *, tx: int | None) -> None:
    """Insert an entry that is whole in itself, as of the present transaction unless `tx` says of another."""
    forged = Entry(
        **{field.attname: getattr(like, field.attname) for field in Entry._meta.fields if field.name != "tx"}
    )
    forged.pk = number
    forged.at -= timedelta(seconds=1)
    forged.digest = writing.digest_of(forged)
    if tx is not None:
        forged.tx = tx
    forged.save(force_insert=True)


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("age", ["now", "as old as its neighbour"])
def test_a_row_slipped_into_a_hole_is_named(entries, sealed, age):
    like = Entry.objects.get(pk=entries[1].pk)
    number = like.pk + 1
    slip_in(like, number, tx=None if age == "now" else like.tx)
    if sealed:
        sealing.seal(AT)
    [line] = [line for line in found() if line.startswith("entry")]
    assert line.startswith(f"entry {number}: slipped in: ")


def test_everything_rewritten_after_a_publication_is_found_by_the_publication_and_by_the_receipt(entries):
    receipt = publishing.publish(1, AT, "receipt 4")
    assert receipt is not None
    rewrite(entries)
    assert [line for line in found() if line.startswith(("entry", "seal"))] == []
    [line] = found()
    publication = Publication.objects.get()
    assert line.startswith(
        f"publication {publication.pk} (1:5, receipt 4): the chain was rewritten: {receipt.chain[:16]}"
    )
    chain = publishing.head(1).chain
    tamper(("UPDATE journal_publication SET chain = %s", chain))
    assert found() == []
    [line] = found(receipt)
    assert (
        line
        == f"head 1:5: the chain was rewritten: {receipt.chain[:16]}… was published, it now says {chain[:16]}…"
    )


def rewrite(entries: list[Entry]) -> None:
    """Do what an owner who knows this code would: alter an amount everywhere, then chain everything anew."""
    case = Case.objects.get(pk=int(entries[1].subject.partition(":")[2]))
    with transaction.atomic(), lifted(connection):
        Case.objects.filter(pk=case.pk).update(cents=1)
        target = Entry.objects.get(pk=entries[1].pk)
        body = target.body.replace("5357", "1")
        Entry.objects.filter(pk=target.pk).update(body=body)
        target.refresh_from_db()
        Entry.objects.filter(pk=target.pk).update(digest=writing.digest_of(target))
        chain = sealing.beginning(1)
        for seal in Seal.objects.filter(provider_id=1).order_by("seq").select_related("entry"):
            chain = sealing.chained(chain, seal.seq, seal.entry_id, seal.entry.digest)
            Seal.objects.filter(pk=seal.pk).update(chain=chain, digest=seal.entry.digest)


def test_the_tail_cut_before_a_publication_is_found(entries):
    receipt = publishing.publish(1, AT, "receipt 4")
    assert receipt is not None
    last = entries[-1]
    tamper(
        ("DELETE FROM journal_entry WHERE id = %s", last.pk),
        ("DELETE FROM journal_seal WHERE entry_id = %s", last.pk),
        ("DELETE FROM sample_case WHERE id = %s", int(last.subject.partition(":")[2])),
    )
    assert found() == [
        f"publication {Publication.objects.get().pk} (1:5, receipt 4): was published, but the chain ends at 4:"
        " its end was cut off"
    ]
    tamper(("DELETE FROM journal_publication",))
    assert found() == []
    assert found(receipt) == ["head 1:5: was published, but the chain ends at 4: its end was cut off"]


def test_an_entry_altered_before_it_is_sealed_is_named_too():
    entry = open_case()
    tamper(("UPDATE journal_entry SET actor = 'person:13' WHERE id = %s", entry.pk))
    assert found() == [f"entry {entry.pk} (not sealed): altered before it was sealed"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("cents = 1", "cents is 1, entry {} says 5357"),
        (
            "opened_at = '2026-01-01 00:00:00+00:00'",
            'opened_at is "2026-01-01T00:00:00Z", entry {} says "2026-11-23T10:30:00Z"',
        ),
        ("title = 'slow'", "title is not what entry {} says"),
    ],
)
def test_a_column_altered_in_a_row_is_named(change, line):
    open_case()
    entry = change_case(Case.objects.get(), cents=5357)
    run(f"UPDATE sample_case SET {change}")
    assert found() == [f"row sample.case {Case.objects.get().pk}: {line.format(entry.pk)}"]


def test_a_column_that_is_not_kept_may_change():
    open_case()
    run("UPDATE sample_case SET password = 'new'")
    assert found() == []


def test_a_deleted_row_and_a_row_without_an_entry_are_named():
    entry = open_case()
    gone = Case.objects.get().pk
    run("DELETE FROM sample_case")
    added = Case.objects.create(opened_at=AT, title="forged").pk
    assert found() == [
        f"row sample.case {added}: unknown to the journal: no entry ever spoke of it",
        f"row sample.case {gone}: missing: entry {entry.pk} says that it exists",
    ]


def test_a_row_is_as_its_last_entry_says():
    open_case()
    for cents in (1, 2, 3):
        change_case(Case.objects.get(), cents=cents, title=f"title {cents}")
    assert found() == []
