"""Every constraint of every room is in the database as its model says; a guard that was taken away is named."""

import pytest
from django.db import connection

from astreinte.records.journal import verifying
from astreinte.records.validity import guards

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_migrations_of_all_rooms_install_what_their_models_say():
    assert list(guards.missing()) == []


def test_a_guard_that_was_taken_away_is_named():
    if connection.vendor == "postgresql":
        run("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_append_only_row")
        name = "journal_entry.journal_entry_append_only_row"
    else:
        run("DROP TRIGGER journal_entry_append_only_delete")
        name = "journal_entry.journal_entry_append_only_delete"
    assert list(guards.missing()) == [name]
    assert [str(each) for each in verifying.verify()] == [
        f"guard {name}: missing: nothing refuses a change here"
    ]


def test_a_guard_that_lets_more_pass_than_it_should_is_named():
    if connection.vendor == "postgresql":
        run("ALTER TABLE sample_fee DROP CONSTRAINT sample_fee_no_overlap")
        assert list(guards.missing()) == ["sample_fee.sample_fee_no_overlap"]
        return
    run("DROP TRIGGER journal_seal_append_only_update")
    run(
        "CREATE TRIGGER journal_seal_append_only_update BEFORE UPDATE ON journal_seal WHEN 0 BEGIN SELECT 1; END"
    )
    assert list(guards.missing()) == ["journal_seal.journal_seal_append_only_update"]
